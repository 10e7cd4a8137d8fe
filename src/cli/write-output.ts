// Writes a file that a person named, as a shell's `>` would: through pipes and devices, behind links, keeping the mode.
import { constants, fstatSync } from 'node:fs';
import {
  access,
  chmod,
  chown,
  type FileHandle,
  lstat,
  open,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { createDiskStore, explainDiskError } from '../runs/disk-store.js';

/** Files of this process that are open already, such as /dev/stdout: opened again they would be written from their start. */
const OPEN_FILE = /^(?:\/dev\/(stdout|stderr)|(?:\/dev|\/proc\/(?:self|thread-self|\d+))\/fd\/(\d+))$/;
const MOST_LINKS = 40;
/** The file that an error proposes where a folder was named. */
const EXAMPLE = 'policy.onnx';

export interface Written {
  /** The bytes went to standard output, where no words may follow them. */
  readonly toStdout: boolean;
}

/**
 * Puts `bytes` into `path`. A plain file (or a new one) has the whole content at once or stays as it was, with its mode,
 * owner and links; what is a pipe or a device is written to. `flag` names the option in errors.
 * @throws UsageError for a folder; RunError naming the path and the fix
 */
export async function writeOutput(path: string, bytes: Uint8Array, flag = '--out'): Promise<Written> {
  try {
    const target = await followLinks(resolve(path));
    const number = openFileNumber(target);
    if (number !== undefined) {
      await writeOpen(number, bytes);
      return { toStdout: number === 1 };
    }
    const shown = target === resolve(path) ? path : target;
    const found = await stat(target).catch((error) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (found === undefined) await createDiskStore(dirname(shown)).write(basename(shown), bytes);
    else if (found.isDirectory()) throw new UsageError(folderMessage(path, flag));
    else if (!found.isFile()) await writeThrough(target, bytes, 0);
    else await replaceContent(target, bytes);
    return { toStdout: found !== undefined && isStdout(found) };
  } catch (error) {
    throw codeOf(error) === undefined ? error : explainDiskError(error, 'write', path);
  }
}

/**
 * Refuses what cannot be an output before there is anything to write. `replace`: what a file that is there already is called
 * in the message that refuses it, or true where it may be replaced.
 */
export async function checkOutput(
  path: string,
  flag = '--out',
  example = EXAMPLE,
  replace: true | string = true,
): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() || /[/\\]$/.test(path)) throw new UsageError(folderMessage(path, flag, example));
  if (replace === true || !found?.isFile() || found.size === 0) return;
  throw new UsageError(
    `${flag} ${path} is there already; give another name for the ${replace}, or replace it with --force.`,
  );
}

const folderMessage = (path: string, flag: string, example = EXAMPLE): string =>
  `${flag} ${path} is a folder; name a file, such as ${join(path, example)}.`;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** What a chain of links ends at, there or not; links to open files of a process stay as they are. */
async function followLinks(path: string): Promise<string> {
  let at = path;
  for (let i = 0; i < MOST_LINKS; i++) {
    if (OPEN_FILE.test(at)) return at;
    const link = await lstat(at).catch(() => undefined);
    if (!link?.isSymbolicLink()) return at;
    // Of the real folder: `..` in a link counts from where the link lies.
    at = resolve(await realpath(dirname(at)), await readlink(at));
  }
  throw Object.assign(new Error('its links lead in a circle'), { code: 'ELOOP' });
}

/** The number of an open file of this process. */
function openFileNumber(path: string): number | undefined {
  const found = OPEN_FILE.exec(path);
  if (found === null) return undefined;
  const [, name, number] = found;
  const owner = /^\/proc\/(\d+)\//.exec(path)?.[1];
  if (owner !== undefined && Number(owner) !== process.pid) return undefined;
  return name === undefined ? Number(number) : name === 'stdout' ? 1 : 2;
}

/** Standard output and error through the program's streams, which know how to wait for a full pipe. */
function writeOpen(number: number, bytes: Uint8Array): Promise<void> {
  const stream = number === 1 ? process.stdout : number === 2 ? process.stderr : undefined;
  if (stream === undefined) return writeThrough(`/dev/fd/${number}`, bytes, constants.O_APPEND);
  return new Promise((done, failed) => {
    stream.write(bytes, (error) => (error ? failed(error) : done()));
  });
}

async function writeThrough(path: string, bytes: Uint8Array, flags: number): Promise<void> {
  await withFile(await open(path, constants.O_WRONLY | flags), (file) => file.writeFile(bytes));
}

/** As one step where that keeps all but the content; else in place. */
async function replaceContent(path: string, bytes: Uint8Array): Promise<void> {
  await access(path, constants.W_OK); // a rename would also replace what is write-protected
  const { mode, uid, gid, nlink } = await stat(path);
  const beside = join(dirname(path), `.tmp-${process.pid}-${basename(path)}`.slice(0, 200));
  if (nlink === 1) {
    try {
      await withFile(await open(beside, 'wx', 0o600), async (file) => {
        await file.writeFile(bytes);
        await file.sync();
      });
      await chown(beside, uid, gid);
      await chmod(beside, mode & 0o7777);
      await rename(beside, path);
      return;
    } catch (error) {
      await rm(beside, { force: true }).catch(() => {});
      // A folder that takes no new files, or an owner that only root may give.
      if (!['EACCES', 'EPERM', 'EROFS', 'EXDEV', 'EBUSY'].includes(codeOf(error) ?? '')) throw error;
    }
  }
  await writeThrough(path, bytes, constants.O_TRUNC);
}

async function withFile<T>(file: FileHandle, action: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await action(file);
  } finally {
    await file.close();
  }
}

/** Whether this is what standard output is connected to, under another name. */
function isStdout({ dev, ino }: { readonly dev: number; readonly ino: number }): boolean {
  try {
    const out = fstatSync(1);
    return out.dev === dev && out.ino === ino;
  } catch {
    return false;
  }
}
