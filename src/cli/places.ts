// `--assets DIR` and `--python PATH` of the commands that create environments: where what does not come with anygoal lies.
import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { quoted } from '../quoted.js';
import type { Arguments, Flag } from './args.js';

export const placeFlags: Readonly<Record<'assets' | 'python', Flag>> = {
  assets: {
    value: 'DIR',
    help: 'where the models of fetch/*, metaworld/* or gymnasium/* lie (else ANYGOAL_FETCH_ASSETS, ANYGOAL_METAWORLD_ASSETS, ANYGOAL_GYMNASIUM_ASSETS, or the packages in the local Python)',
  },
  python: { value: 'PATH', help: 'the Python that has the environments of gym:* (else ANYGOAL_PYTHON, or python3)' },
};

/** Takes both for this process, and for threads and processes that it starts. @throws UsageError for what is not there */
export async function usePlaces(args: Arguments): Promise<void> {
  const python = args.value('python');
  // A relative path starts here, wherever Python is started from.
  if (python !== undefined) process.env.ANYGOAL_PYTHON = python.includes('/') ? resolve(python) : python;
  await useAssets(args);
}

/** A folder may have the models of several packages. */
async function useAssets(args: Arguments): Promise<void> {
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

/** What the commands that are printed as the next ones need at their end: the flags as they were given, or nothing. */
export function placesSuffix(args: Arguments): string {
  return Object.keys(placeFlags)
    .map((name) => [name, args.value(name)] as const)
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${quoted(value)}`))
    .join('');
}
