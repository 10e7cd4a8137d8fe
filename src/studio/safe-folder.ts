// The runs folder as the studio sees it: nothing outside can be named, not by .., absolute paths, odd characters or links.
import { lstat, mkdir, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { RunError } from '../errors.js';
import { CONFIG } from '../runs/run-layout.js';
import type { Store } from '../runs/store.js';
import { RequestError } from './request-error.js';

export interface HiddenRun {
  readonly name: string;
  readonly problem: string;
}

export interface SafeFolder {
  /** As it was given, for people. */
  readonly location: string;
  /** Absolute, links resolved. */
  readonly root: string;
  /** The real path of something inside; `RequestError` where it leads outside or does not exist. */
  find(path: string): Promise<string>;
  /** The same for a run's name. */
  findRun(name: string): Promise<string>;
  /** Names of the folders directly inside that could be runs. */
  names(): Promise<string[]>;
  /** Runs directly inside that cannot be shown, and why. */
  hidden(): Promise<HiddenRun[]>;
  /** A store that reads what is inside. */
  readonly store: Store;
}

/** Bytes of a name that file systems take. */
const LONGEST = 255;
/** Parts of a path inside a run. */
const PART = /^[A-Za-z0-9_.-]{1,200}$/;

/** Why a folder of this name cannot be a run here; undefined where it can. */
export function nameProblem(name: string): string | undefined {
  if (name === '' || name.startsWith('.')) return 'begins with "."';
  if (Buffer.byteLength(name) > LONGEST) return `has more than ${LONGEST} bytes`;
  if (/[/\\]/.test(name)) return 'holds a slash';
  if (/\p{Cc}|\u2028|\u2029/u.test(name)) return 'holds a control character';
  if (name.includes('\ufffd') || /[\ud800-\udfff]/u.test(name)) return 'is not in UTF-8';
  // The studio's addresses put names of several runs one after another.
  return name.includes(',') ? 'holds a comma' : undefined;
}

const missing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Opens a folder of runs, making it where there is none yet. */
export async function openSafeFolder(location: string): Promise<SafeFolder> {
  await mkdir(location, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'EEXIST' || error.code === 'ENOTDIR' ? 'a file is in its place' : error.message;
    throw new RunError(`cannot open the runs folder ${location}: ${reason}. Name another folder.`);
  });
  const root = await realpath(resolve(location));
  const inside = root.endsWith(sep) ? root : root + sep;

  async function find(path: string): Promise<string> {
    const parts = path.split('/');
    const wrong = (part: string, i: number) =>
      i === 0 ? nameProblem(part) !== undefined : !PART.test(part) || part === '.' || part === '..';
    if (parts.some(wrong)) {
      throw new RequestError(400, `${show(path)} is no path inside the runs folder: use names joined by "/", no "..".`);
    }
    const real = await realpath(join(root, ...parts)).catch((error) => {
      if (missing(error)) throw new RequestError(404, `there is no ${show(path)} in the runs folder.`);
      throw error;
    });
    if (!real.startsWith(inside)) {
      throw new RequestError(403, `${show(path)} is a link out of the runs folder; the studio does not follow it.`);
    }
    return real;
  }

  async function findRun(name: string): Promise<string> {
    const problem = nameProblem(name);
    if (problem !== undefined) throw new RequestError(400, `${show(name)} cannot be a run's name: it ${problem}.`);
    const real = await find(name).catch((error) => {
      if (error instanceof RequestError && error.status === 404) throw unknownRun(name);
      throw error;
    });
    // A run that is a link to another one would be written to under two names.
    if (real !== join(root, name) || !(await stat(real)).isDirectory()) throw unknownRun(name);
    return real;
  }

  const entries = () =>
    readdir(root, { withFileTypes: true }).catch((error) => {
      if (missing(error)) return []; // someone removed the folder; it may come back
      throw error;
    });

  async function names(): Promise<string[]> {
    const folders = (await entries()).filter((entry) => entry.isDirectory());
    return folders.map(({ name }) => name).filter((name) => nameProblem(name) === undefined);
  }

  async function hidden(): Promise<HiddenRun[]> {
    const runs: HiddenRun[] = [];
    for (const entry of await entries()) {
      const { name } = entry;
      if (name.startsWith('.')) continue; // being written, or hidden on purpose
      const problem = nameProblem(name);
      if (entry.isDirectory() && problem !== undefined && (await isRun(name))) {
        runs.push({ name, problem: `The studio cannot show it: its name ${problem}. Rename the folder.` });
      } else if (entry.isSymbolicLink() && (await leadsToRun(name))) {
        const problem = 'The studio does not follow links, which give one run two names. Remove or rename one of them.';
        runs.push({ name, problem });
      }
    }
    return runs;
  }

  /** Of what lies outside nothing is told. */
  const leadsToRun = async (name: string): Promise<boolean> => {
    const real = await realpath(join(root, name)).catch(() => '');
    return real.startsWith(inside) && (await isRun(name));
  };

  const isRun = (name: string): Promise<boolean> =>
    stat(join(root, name, CONFIG)).then(
      (found) => found.isFile(),
      // A name that is not in UTF-8 leads nowhere; a folder of that name is there all the same.
      () => name.includes('\ufffd'),
    );

  return { location, root, find, findRun, names, hidden, store: readOnlyStore(location, root, find) };
}

const show = (path: string): string => JSON.stringify(path.length > 80 ? `${path.slice(0, 77)}...` : path);

const unknownRun = (name: string): RequestError =>
  new RequestError(404, `there is no run ${show(name)}; it may have been moved or removed. Reload the list of runs.`);

function readOnlyStore(location: string, root: string, find: (path: string) => Promise<string>): Store {
  const refuse = () => Promise.reject(new RunError(`${location} can only be read here.`));
  /** Undefined where there is nothing. */
  const present = (path: string): Promise<string | undefined> =>
    find(path).catch((error) => {
      if (error instanceof RequestError && error.status === 404) return undefined;
      throw error;
    });
  return {
    location,
    read: async (path) => new Uint8Array(await readFile(await find(path))),
    async size(path) {
      const real = await present(path);
      const found = real === undefined ? undefined : await stat(real);
      return found?.isFile() ? found.size : undefined;
    },
    async list(path) {
      const real = await present(path);
      if (real === undefined || !(await stat(real)).isDirectory()) return [];
      return (await readdir(real)).sort();
    },
    async readLink(path) {
      const real = await present(path); // also refuses links that lead outside
      if (real === undefined) return undefined;
      const link = join(root, ...path.split('/'));
      return (await lstat(link)).isSymbolicLink() ? readlink(link) : (await readFile(real, 'utf8')).trim();
    },
    write: refuse,
    append: refuse,
    truncate: refuse,
    rename: refuse,
    remove: refuse,
    link: refuse,
    sync: refuse,
  };
}
