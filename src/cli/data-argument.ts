// What `train` is given in place of an environment: recorded episodes, which say where they come from.
import { existsSync } from 'node:fs';
import type { ConfigLayer } from '../config/merge-config.js';
import { UsageError } from '../errors.js';

/** Files that may hold an environment. */
const CODE = /\.[cm]?[jt]s$/;

/**
 * Settings for learning from the data set that the positional names, in the environment `env`, or else the one that the
 * data were recorded in, with the options of then. Undefined where it is an environment's name or module.
 */
export async function dataLayer(given: string, env: string | undefined): Promise<ConfigLayer | undefined> {
  const [{ listEnvs }, { looksLikeModule }] = await Promise.all([
    import('../envs/index.js'),
    import('../envs/module.js'),
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
  if (env === undefined && !names.includes(data.env) && !looksLikeModule(data.env)) {
    const told =
      data.env === ''
        ? 'does not say in which environment it was recorded'
        : `is of "${data.env}", which is no environment here`;
    throw new UsageError(
      `${given} ${told}; name the one to evaluate in (--env ENV; "anygoal envs" lists them), and where its columns come from if they have other names (--set data.columns.achieved=observation).`,
    );
  }
  const isOwn = env === undefined || env === data.env;
  const section = { name: env ?? data.env, ...(isOwn && !data.derived && { options: data.options }) };
  return { source: 'DATA', values: { env: section, data: [given] } };
}
