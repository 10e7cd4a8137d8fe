// What `train` is given in place of an environment: recorded episodes, which say where they come from.
import { existsSync } from 'node:fs';
import type { ConfigLayer } from '../config/merge-config.js';
import type { DataSet } from '../datasets/index.js';
import type { EnvDefinition } from '../envs/env.js';
import { UsageError } from '../errors.js';

/** Files that may hold an environment. */
const CODE = /\.[cm]?[jt]s$/;

/**
 * Settings for learning from the data set that the positional names, in the environment `env`, or else the one that the
 * data were recorded in, with the options of then but for those that only belong to who recorded. Undefined where it is an environment's name or module.
 */
export async function dataLayer(given: string, env: string | undefined): Promise<ConfigLayer | undefined> {
  const [{ listEnvs, loadEnv }, { looksLikeModule }, { isGymName }] = await Promise.all([
    import('../envs/index.js'),
    import('../envs/module.js'),
    import('../envs/python/gym-name.js'),
  ]);
  const names = listEnvs().map(({ name }) => name);
  if (names.includes(given) || !existsSync(given) || CODE.test(given)) {
    if (env === undefined) return undefined;
    throw new UsageError(
      `--env goes with a data set in the place of ENV, and "${given}" is none; give the environment alone, and data by --data.`,
    );
  }
  const { openDataSet } = await import('../datasets/index.js');
  const data = await openDataSet(given);
  await data.close();
  const isKnown = names.includes(data.env) || looksLikeModule(data.env) || isGymName(data.env);
  if (env === undefined && !isKnown) {
    const told =
      data.env === ''
        ? 'does not say in which environment it was recorded'
        : `is of "${data.env}", which is no environment here`;
    throw new UsageError(
      `${given} ${told}; name the one to evaluate in (--env ENV; "anygoal envs" lists them), and where its columns come from if they have other names (--set data.columns.achieved=observation).`,
    );
  }
  const isOwn = env === undefined || env === data.env;
  const options = isOwn && !data.derived ? optionsOf(data, await loadEnv(data.env)) : undefined;
  return { source: 'DATA', values: { env: { name: env ?? data.env, ...(options && { options }) }, data: [given] } };
}

/** How long one who explores goes on, and that success does not stop it, are no part of the task. */
function optionsOf({ options, origin: { policy = '' } }: DataSet, { dataPolicies = {} }: EnvDefinition) {
  const own = Object.hasOwn(dataPolicies, policy) ? dataPolicies[policy].options : undefined;
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => own?.[name] !== value));
}
