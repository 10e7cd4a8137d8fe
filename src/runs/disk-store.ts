// A store on disk (Node only): whole files replaced atomically, failures told with the path and the fix.
import { mkdir, open, readdir, readFile, readlink, rename, rm, stat, symlink, truncate } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RunError, UsageError } from '../errors.js';
import { lockFolder } from './disk-lock.js';
import type { Store } from './store.js';

const REASONS: Record<string, string> = {
  EACCES: 'permission denied; choose a folder that you may write to (--out DIR), or change its permissions',
  EPERM: 'not permitted; choose a folder that you may write to (--out DIR)',
  EROFS: 'the file system is read-only; choose another folder (--out DIR)',
  ENOSPC: 'the disk is full; free some space, then go on with --resume',
  EDQUOT: 'your disk quota is used up; free some space, then go on with --resume',
  ENOTDIR: 'a file is where a folder is needed; choose another folder (--out DIR), or remove that file',
  EEXIST: 'it exists already; choose another folder (--out DIR), or remove it',
  ENOTEMPTY: 'it exists already; choose another folder (--out DIR), or remove it',
  EISDIR: 'a folder is where a file is needed; remove it',
  ENOENT: 'it does not exist',
  ENAMETOOLONG: 'the name is too long; choose a shorter folder (--out DIR)',
  ELOOP: 'its links lead in a circle; remove one of them, or name another file',
  ENXIO: 'nothing takes what is written to it; name another file',
  EPIPE: 'whoever read it has gone',
  EMFILE: 'too many files are open in this program; raise the limit (ulimit -n)',
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/** A system error as one line that names the path and the fix. */
export function explainDiskError(error: unknown, doing: string, path: string): RunError {
  const reason = REASONS[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
  return new RunError(`cannot ${doing} ${path}: ${reason}.`, { cause: error });
}

/** Links are symlinks; where the file system has none, small text files that hold the target. */
const NO_LINKS = new Set(['EPERM', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP', 'EINVAL', 'UNKNOWN']);

/** A store whose paths lie under `root` (made when first written to). Throws `RunError` naming the path and the fix. */
export function createDiskStore(root: string): Store {
  const location = root.length > 1 ? root.replace(/[/\\]+$/, '') : root;
  const base = resolve(root);
  const at = (path: string) => join(base, path);
  let temporary = 0;
  const beside = (full: string) => join(dirname(full), `.tmp-${process.pid}-${temporary++}-${basename(full)}`);

  async function attempt<T>(doing: string, path: string, action: (full: string) => Promise<T>): Promise<T> {
    try {
      return await action(at(path));
    } catch (error) {
      throw error instanceof RunError || error instanceof UsageError
        ? error
        : explainDiskError(error, doing, join(location, path));
    }
  }

  /** Puts a new thing made by `make` in the place of `full`, at once or not at all. */
  async function replace(full: string, make: (temporary: string) => Promise<void>): Promise<void> {
    await makeFolder(dirname(full));
    const path = beside(full);
    try {
      await make(path);
      await rename(path, full);
    } catch (error) {
      await rm(path, { force: true }).catch(() => {});
      throw error;
    }
    await syncFolder(dirname(full));
  }

  return {
    location,
    read: (path) => attempt('read', path, async (full) => new Uint8Array(await readFile(full))),
    write: (path, bytes) => attempt('write', path, (full) => replace(full, (path) => writeSynced(path, bytes))),
    append: (path, bytes) =>
      attempt('write', path, async (full) => {
        await makeFolder(dirname(full));
        const file = await open(full, 'a');
        try {
          const before = (await file.stat()).size;
          try {
            await file.appendFile(bytes);
          } catch (error) {
            await file.truncate(before).catch(() => {}); // a full disk takes a part: leave no half row
            throw error;
          }
        } finally {
          await file.close();
        }
      }),
    truncate: (path, length) =>
      attempt('cut', path, async (full) => {
        const size = await sizeOf(full);
        if (size === undefined && length === 0) return;
        if (size === undefined || size < length) {
          const found = size === undefined ? 'does not exist' : `has ${size} bytes`;
          throw new RunError(`${join(location, path)} ${found}, but should be cut to ${length} bytes`);
        }
        if (size > length) await truncate(full, length);
      }),
    sync: (path) => attempt('write', path, syncFile),
    size: (path) => attempt('read', path, sizeOf),
    list: (path) =>
      attempt('read', path, async (full) => {
        try {
          return (await readdir(full)).sort();
        } catch (error) {
          if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return [];
          throw error;
        }
      }),
    rename: (from, to) =>
      attempt('write', to, async (full) => {
        // A file would be replaced silently; a folder that is not empty refuses by itself, also against other programs.
        if ((await sizeOf(full)) !== undefined) throw Object.assign(new Error(), { code: 'EEXIST' });
        await rename(at(from), full);
        await syncFolder(dirname(full));
      }),
    remove: (path) => attempt('remove', path, (full) => rm(full, { recursive: true, force: true })),
    link: (path, target) =>
      attempt('write', path, async (full) => {
        try {
          await replace(full, (path) => symlink(target, path));
        } catch (error) {
          if (!NO_LINKS.has(codeOf(error))) throw error;
          await replace(full, (path) => writeSynced(path, new TextEncoder().encode(`${target}\n`)));
        }
      }),
    lock: (path) => attempt('write', `${path}/lock`, () => lockFolder(at(path), join(location, path))),
    readLink: (path) =>
      attempt('read', path, async (full) => {
        try {
          return await readlink(full);
        } catch (error) {
          if (codeOf(error) === 'ENOENT') return undefined;
          if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'UNKNOWN') throw error;
        }
        const text = await readFile(full, 'utf8');
        return text.trim();
      }),
  };
}

/** Node's own recursive mkdir never ends where a system answers ENOENT for a name in a folder that exists (/proc). */
async function makeFolder(full: string, parentMade = false): Promise<void> {
  try {
    await mkdir(full);
  } catch (error) {
    if (await isFolder(full)) return; // also where a read-only system refuses what is there already
    if (codeOf(error) === 'EEXIST') throw Object.assign(new Error(), { code: 'ENOTDIR' });
    if (codeOf(error) !== 'ENOENT' || dirname(full) === full) throw error;
    if (parentMade) throw Object.assign(new Error(), { code: 'EACCES' });
    await makeFolder(dirname(full));
    await makeFolder(full, true);
  }
}

const isFolder = (full: string): Promise<boolean> =>
  stat(full).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function sizeOf(full: string): Promise<number | undefined> {
  try {
    const found = await stat(full);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFile(full: string): Promise<void> {
  const file = await open(full, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Makes a rename last through a power cut; not every system lets folders be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
