// `--assets DIR` of the commands that create environments: where model files lie that do not come with anygoal.
import { UsageError } from '../errors.js';
import { quoted } from '../quoted.js';
import type { Arguments, Flag } from './args.js';

export const assetsFlag: Flag = {
  value: 'DIR',
  help: 'where the models of fetch/*, metaworld/* or gymnasium/* lie (else ANYGOAL_FETCH_ASSETS, ANYGOAL_METAWORLD_ASSETS, ANYGOAL_GYMNASIUM_ASSETS, or the packages in the local Python)',
};

/** A folder may have the models of several packages. @throws UsageError where it has none */
export async function useAssets(args: Arguments): Promise<void> {
  const folder = args.value('assets');
  if (folder === undefined) return;
  const { userAssets } = await import('../envs/assets/all.js');
  const found = userAssets.filter((assets) => assets.isIn(folder));
  for (const assets of found) assets.use(folder);
  if (found.length > 0) return;
  const wanted = userAssets.map(({ package: { module, folder, name, version } }) => {
    return `${module}/${folder} of the Python package ${name} (${version})`;
  });
  throw new UsageError(
    `--assets: ${folder} has none of the models that are looked for. Name the folder ${wanted.join(' or ')}.`,
  );
}

/** What the commands that are printed as the next ones need at their end: the flag as it was given, or nothing. */
export function assetsSuffix(args: Arguments): string {
  const folder = args.value('assets');
  return folder === undefined ? '' : ` --assets ${quoted(folder)}`;
}
