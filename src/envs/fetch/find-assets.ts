// Finds and reads the Fetch models where there are folders: in one that is named, or in the local Python's packages.
import { UsageError } from '../../errors.js';

const VARIABLE = 'ANYGOAL_FETCH_ASSETS';

/** What the search came to: the files, or where it looked in vain. */
export type FoundAssets =
  | { readonly files: Readonly<Record<string, Uint8Array>> }
  | { readonly tried: readonly string[] };

/** Node's modules, asked of the process rather than imported, so that bundlers for browsers find nothing to resolve. */
function node() {
  const { process } = globalThis as { process?: NodeJS.Process };
  if (!process?.getBuiltinModule) return undefined;
  const [fs, path, children, util] = (['fs', 'path', 'child_process', 'util'] as const).map((name) =>
    process.getBuiltinModule(name),
  ) as [typeof import('fs'), typeof import('path'), typeof import('child_process'), typeof import('util')];
  return { process, fs, path, execFile: util.promisify(children.execFile) };
}
type Node = NonNullable<ReturnType<typeof node>>;

/** The folder read last, with its files: environments of one process share them. */
let latest: { folder: string; files: Promise<Record<string, Uint8Array>> } | undefined;
let asked: Promise<{ folder?: string; tried: string[] }> | undefined;

/**
 * Reads the files named, by their path within the package's folder `envs/assets`.
 * @throws UsageError where a folder is named but has them not
 */
export async function findFetchAssets(names: readonly string[]): Promise<FoundAssets> {
  const here = node();
  if (!here) return { tried: ['nothing: a page has no folders, so call provideFetchAssets(files)'] };
  const named = here.process.env[VARIABLE];
  if (named) return { files: await read(here, assetsFolder(here, named, VARIABLE), names) };
  asked ??= askPython(here);
  const { folder, tried } = await asked;
  if (folder) return { files: await read(here, folder, names) };
  asked = undefined; // it may be installed meanwhile
  return { tried: [`${VARIABLE} is not set`, ...tried] };
}

/**
 * Takes a folder for all environments of this process and of threads that it starts later. It is a fact of the machine,
 * so runs do not record it.
 * @throws UsageError where the Fetch models are not in it
 */
export function useFetchAssets(folder: string): void {
  const here = node();
  if (!here) throw new UsageError('a page has no folders; call provideFetchAssets(files) instead.');
  here.process.env[VARIABLE] = assetsFolder(here, folder, '--assets');
}

/** The folder that has `fetch/robot.xml`: the one given, or the one in it where a whole package or checkout was given. */
function assetsFolder({ fs, path }: Node, given: string, by: string): string {
  const folder = path.resolve(given);
  const inside = ['', 'envs/assets', 'gymnasium_robotics/envs/assets'].map((part) => path.join(folder, part));
  const found = inside.find((candidate) => fs.existsSync(path.join(candidate, 'fetch', 'robot.xml')));
  if (found) return found;
  const what = fs.existsSync(folder) ? `${folder} has no fetch/robot.xml in it` : `${folder} does not exist`;
  throw new UsageError(
    `${by}: ${what}. Name the folder gymnasium_robotics/envs/assets of the Python package gymnasium-robotics (1.4.2).`,
  );
}

/** Asks for the package's folder without importing the package, which would take seconds. */
const QUESTION =
  "import importlib.util as u; s = u.find_spec('gymnasium_robotics'); print(s.submodule_search_locations[0] if s else '')";

async function askPython({ process, fs, path, execFile }: Node): Promise<{ folder?: string; tried: string[] }> {
  const { VIRTUAL_ENV } = process.env;
  const own = VIRTUAL_ENV && path.join(VIRTUAL_ENV, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const tried: string[] = [];
  for (const python of [own, 'python3', 'python']) {
    if (!python) continue;
    try {
      const { stdout } = await execFile(python, ['-c', QUESTION], { timeout: 20_000 });
      const folder = path.join(stdout.trim(), 'envs', 'assets');
      if (stdout.trim() && fs.existsSync(path.join(folder, 'fetch', 'robot.xml'))) return { folder, tried };
      tried.push(`${python} has no gymnasium_robotics`);
    } catch (error) {
      tried.push((error as { code?: unknown }).code === 'ENOENT' ? `there is no ${python}` : `${python} fails`);
    }
  }
  return { tried };
}

function read(here: Node, folder: string, names: readonly string[]): Promise<Record<string, Uint8Array>> {
  if (latest?.folder === folder) return latest.files;
  const files = readAll(here, folder, names);
  latest = { folder, files };
  files.catch(() => {
    latest = undefined;
  });
  return files;
}

async function readAll({ fs, path }: Node, folder: string, names: readonly string[]) {
  const contents = names.map((name) => fs.promises.readFile(path.join(folder, name)));
  const read = await Promise.allSettled(contents);
  // The first in order, so that the message is always the same.
  const failed = read.find((one) => one.status === 'rejected');
  if (failed) {
    throw new UsageError(
      `cannot read the Fetch models in ${folder}: ${failed.reason.message}. Is it the folder envs/assets of gymnasium-robotics 1.4.2?`,
    );
  }
  return Object.fromEntries(
    names.map((name, i) => [name, new Uint8Array((read[i] as PromiseFulfilledResult<Buffer>).value)]),
  );
}
