// What `train` is given in place of an environment: recorded episodes, which say where they come from.
import { existsSync } from 'node:fs';
import type { ConfigLayer } from '../config/merge-config.js';
import { UsageError } from '../errors.js';

/** Files that may hold an environment. */
const CODE = /\.[cm]?[jt]s$/;
/** Names that only data sets have. */
const DATA = /\.(safetensors|npz|hdf5|h5)$/;

/**
 * Settings for learning from the data set that the positional names, in the environment `env`, or else the one that the
 * data were recorded in; its settings of then are taken as those of all data sets are (training/recorded-options.ts). Where
 * it is not here, what the data tell stands in its place; `mapping` says where columns come from. Undefined where it is an environment's name or module.
 * @throws UsageError for what is named as a data set is and is not there
 */
export async function dataLayer(
  given: string,
  env: string | undefined,
  mapping: readonly string[] = [],
): Promise<ConfigLayer | undefined> {
  const [{ listEnvs, RECORDED }, { looksLikeModule }, { isGymName }] = await Promise.all([
    import('../envs/index.js'),
    import('../envs/module.js'),
    import('../envs/python/gym-name.js'),
  ]);
  const names = listEnvs().map(({ name }) => name);
  // Opening what is named as a data set tells where it is not there.
  const isThere = existsSync(given) || DATA.test(given);
  if (names.includes(given) || !isThere || CODE.test(given)) {
    if (env === undefined) return undefined;
    throw new UsageError(
      `--env goes with a data set in the place of ENV, and "${given}" is none; give the environment alone, and data by --data.`,
    );
  }
  const { openDataSet, parseMapping, recordedSpec } = await import('../datasets/index.js');
  const data = await openDataSet(given);
  try {
    const isKnown = names.includes(data.env) || looksLikeModule(data.env) || isGymName(data.env);
    if (env === undefined && !isKnown) {
      const { spec, columns } = await recordedSpec(data, parseMapping(mapping, '--set data.columns.'));
      return {
        source: 'DATA',
        values: {
          env: { name: RECORDED, options: { spec: JSON.stringify(spec) } },
          data: { files: [given], columns },
        },
      };
    }
  } finally {
    await data.close();
  }
  return { source: 'DATA', values: { env: { name: env ?? data.env }, data: [given] } };
}
