// `--assets DIR` of the commands that create environments: where the models of the Fetch tasks lie.
import type { Arguments, Flag } from './args.js';

export const assetsFlag: Flag = {
  value: 'DIR',
  help: 'where the models of fetch/* lie (else ANYGOAL_FETCH_ASSETS, or the package in the local Python)',
};

/** @throws UsageError where the models are not in the folder */
export async function useAssets(args: Arguments): Promise<void> {
  const folder = args.value('assets');
  if (folder !== undefined) (await import('../envs/fetch/find-assets.js')).useFetchAssets(folder);
}
