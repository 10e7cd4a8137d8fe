// Finds and reads model files where there are folders: in one that is named, or in the local Python's packages.
import { UsageError } from '../../errors.js';
import { askPython, type Node, nodeModules } from '../../local-python.js';

/** Contents of files, by their path within the folder of a package that has them, such as `fetch/push.xml`. */
export type Assets = Readonly<Record<string, Uint8Array>>;

/** A Python package that has model files, of which users have a copy of their own. */
export interface AssetPackage {
  /** Of the package on PyPI, and the version that its environments are equal to. */
  readonly name: string;
  readonly version: string;
  /** As it is imported. */
  readonly module: string;
  /** The files' folder in it, such as `envs/assets`. */
  readonly folder: string;
  /** Which of the files tells that a folder is that one. */
  readonly mark: string;
  /** Every file that is needed. */
  readonly files: readonly string[];
  /** The environment variable that may name the folder. */
  readonly variable: string;
  /** What the files are called, such as `the Fetch models`. */
  readonly models: string;
  /** Which function gives the files in pages, for messages. */
  readonly provide: string;
}

/** What the search came to: the files, or where it looked in vain. */
export type FoundAssets = { readonly files: Assets } | { readonly tried: readonly string[] };

/** Reads the files of a package; those of the folder read last are kept, so that environments of one process share them. */
export interface AssetFinder {
  /** @throws UsageError where a folder is named but has them not */
  find(): Promise<FoundAssets>;
  /**
   * Takes a folder for all environments of this process and of threads that it starts later. It is a fact of the machine,
   * so runs do not record it.
   * @throws UsageError where the models are not in it
   */
  use(folder: string): void;
  /** Whether the models are in this folder, or in the package or checkout that it is. */
  isIn(folder: string): boolean;
}

export function createAssetFinder(wanted: AssetPackage): AssetFinder {
  const { variable } = wanted;
  let latest: { folder: string; files: Promise<Assets> } | undefined;
  let asked: ReturnType<typeof askPython> | undefined;

  function read(here: Node, folder: string): Promise<Assets> {
    if (latest?.folder === folder) return latest.files;
    const files = readAll(here, folder, wanted);
    latest = { folder, files };
    files.catch(() => {
      latest = undefined;
    });
    return files;
  }

  return {
    async find() {
      const here = nodeModules();
      if (!here) return { tried: [`nothing: a page has no folders, so call ${wanted.provide}(files)`] };
      const named = here.process.env[variable];
      if (named) return { files: await read(here, assetsFolder(here, named, variable, wanted)) };
      asked ??= askPython(here, wanted.module, (folder) => {
        const inside = here.path.join(folder, ...wanted.folder.split('/'));
        return here.fs.existsSync(here.path.join(inside, wanted.mark)) ? inside : undefined;
      });
      const { found, tried } = await asked;
      if (found) return { files: await read(here, found) };
      asked = undefined; // it may be installed meanwhile
      return { tried: [`${variable} is not set`, ...tried] };
    },
    use(folder) {
      const here = nodeModules();
      if (!here) throw new UsageError(`a page has no folders; call ${wanted.provide}(files) instead.`);
      here.process.env[variable] = assetsFolder(here, folder, '--assets', wanted);
    },
    isIn(folder) {
      const here = nodeModules();
      return here !== undefined && folderIn(here, folder, wanted) !== undefined;
    },
  };
}

/** The folder that has the mark: the one given, or the one in it where a whole package or checkout was given. */
function folderIn({ fs, path }: Node, given: string, { folder, module, mark }: AssetPackage): string | undefined {
  const inside = ['', folder, `${module}/${folder}`].map((part) => path.join(path.resolve(given), part));
  return inside.find((candidate) => fs.existsSync(path.join(candidate, mark)));
}

function assetsFolder(here: Node, given: string, by: string, wanted: AssetPackage): string {
  const found = folderIn(here, given, wanted);
  if (found) return found;
  const folder = here.path.resolve(given);
  const what = here.fs.existsSync(folder) ? `${folder} has no ${wanted.mark} in it` : `${folder} does not exist`;
  throw new UsageError(
    `${by}: ${what}. Name the folder ${wanted.module}/${wanted.folder} of the Python package ${wanted.name} (${wanted.version}).`,
  );
}

async function readAll({ fs, path }: Node, folder: string, wanted: AssetPackage): Promise<Assets> {
  const { files } = wanted;
  const read = await Promise.allSettled(files.map((name) => fs.promises.readFile(path.join(folder, name))));
  // The first in order, so that the message is always the same.
  const failed = read.find((one) => one.status === 'rejected');
  if (failed) {
    throw new UsageError(
      `cannot read ${wanted.models} in ${folder}: ${failed.reason.message}. Is it the folder ${wanted.folder} of ${wanted.name} ${wanted.version}?`,
    );
  }
  return Object.fromEntries(
    files.map((name, i) => [name, new Uint8Array((read[i] as PromiseFulfilledResult<Buffer>).value)]),
  );
}
