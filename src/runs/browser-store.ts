// A store over the browser's own files (the origin private file system): they outlive the tab, and no other site sees them.
import { RunError } from '../errors.js';
import { CHECKPOINT } from './run-layout.js';
import type { Store } from './store.js';

type Folder = FileSystemDirectoryHandle;

export interface BrowserStoreOptions {
  /** The folder that holds all; default: the origin private file system's own. A folder that a person chose works too. */
  readonly root?: Folder;
}

/** Of what no DOM library knows: listing, and files written in place, which workers can. */
interface Listed {
  entries(): AsyncIterable<[string, FileSystemHandle]>;
}
interface InPlace {
  createSyncAccessHandle?(): Promise<{
    getSize(): number;
    write(bytes: Uint8Array, options: { at: number }): number;
    truncate(size: number): void;
    flush(): void;
    close(): void;
  }>;
}

/** Links are small text files of this form. */
const LINK = /^\d{1,15}\n?$/;
const LONGEST_LINK = 16;

const fromStart = () => 0;

/**
 * Opens a folder of the browser's own files, made when it is first written to. A run there is written so that a tab that is
 * closed leaves one to go on with, except that folders are moved by copying, the checkpoint's description last.
 * @throws RunError where the browser has no such files: in private windows of some, and on pages without https
 */
export async function openBrowserStore(folder = 'runs', { root }: BrowserStoreOptions = {}): Promise<Store> {
  const location = folder;
  const storage = globalThis.navigator?.storage;
  const base =
    root ??
    (await Promise.resolve(storage?.getDirectory?.()).catch(() => undefined)) ??
    (() => {
      throw new RunError(
        'this browser gives the page no files of its own: they need https or localhost, and some browsers refuse them in private windows. Keep the run in memory (createMemoryStore()) and download it.',
      );
    })();

  const split = (path: string): [string[], string] => {
    const parts = [...location.split('/'), ...path.split('/')].filter(Boolean);
    return [parts.slice(0, -1), parts[parts.length - 1] ?? ''];
  };
  const isAbsent = (error: unknown) =>
    error instanceof DOMException && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError');
  const absent = (error: unknown): undefined => {
    if (isAbsent(error)) return undefined;
    throw explained(error);
  };
  const explained = (error: unknown): Error =>
    error instanceof DOMException && error.name === 'QuotaExceededError'
      ? new RunError(`${location}: the browser gives this site no more space; remove runs, or download them.`, {
          cause: error,
        })
      : (error as Error);
  async function folderOf(parts: readonly string[], create: boolean): Promise<Folder> {
    let at = base;
    for (const part of parts) at = await at.getDirectoryHandle(part, { create });
    return at;
  }
  async function fileOf(path: string, create = false): Promise<(FileSystemFileHandle & InPlace) | undefined> {
    const [parts, name] = split(path);
    if (name === '') return undefined;
    try {
      return await (await folderOf(parts, create)).getFileHandle(name, { create });
    } catch (error) {
      return absent(error);
    }
  }
  async function folderAt(path: string): Promise<(Folder & Listed) | undefined> {
    const [parts, name] = split(path);
    return (await folderOf(name === '' ? parts : [...parts, name], false).catch(absent)) as
      | (Folder & Listed)
      | undefined;
  }
  async function namesIn(path: string): Promise<string[]> {
    const names: string[] = [];
    for await (const [name] of (await folderAt(path))?.entries() ?? []) names.push(name);
    return names.sort();
  }
  const missing = (path: string) => new RunError(`${location}/${path} does not exist`);
  async function read(path: string): Promise<Uint8Array> {
    const file = await fileOf(path);
    if (!file) throw missing(path);
    return new Uint8Array(await (await file.getFile()).arrayBuffer());
  }
  const sizeOf = async (path: string) => (await (await fileOf(path))?.getFile())?.size;

  /** Writes a file from a place on: ends of it in place where the thread can, a whole one beside it, at once. */
  async function change(path: string, bytes: Uint8Array, where: (size: number) => number): Promise<void> {
    const file = (await fileOf(path, true)) as FileSystemFileHandle & InPlace;
    try {
      if (file.createSyncAccessHandle && (where !== fromStart || !file.createWritable)) {
        const handle = await file.createSyncAccessHandle();
        try {
          const at = where(handle.getSize());
          handle.truncate(at);
          handle.write(bytes, { at });
          handle.flush();
        } finally {
          handle.close();
        }
        return;
      }
      const at = where((await file.getFile()).size);
      const stream = await file.createWritable({ keepExistingData: at > 0 });
      await stream.truncate(at);
      await stream.write({ type: 'write', position: at, data: bytes as Uint8Array<ArrayBuffer> });
      await stream.close();
    } catch (error) {
      throw explained(error);
    }
  }
  const write = (path: string, bytes: Uint8Array) => change(path, bytes, fromStart);
  async function remove(path: string): Promise<void> {
    const [parts, name] = split(path);
    const parent = await folderOf(parts, false).catch(absent);
    await parent?.removeEntry(name, { recursive: true }).catch(absent);
  }
  /** Whoever reads a folder believes it when its checkpoint's description is there, so that comes last. */
  async function copy(from: string, to: string): Promise<void> {
    if ((await sizeOf(from)) !== undefined) return write(to, await read(from));
    const names = await namesIn(from);
    for (const name of names.sort((a, b) => Number(a === CHECKPOINT) - Number(b === CHECKPOINT))) {
      await copy(`${from}/${name}`, `${to}/${name}`);
    }
  }

  return {
    location,
    read,
    write,
    append: (path, bytes) => change(path, bytes, (size) => size),
    async truncate(path, length) {
      const size = await sizeOf(path);
      if (size === undefined && length === 0) return;
      if (size === undefined) throw missing(path);
      if (size < length) {
        throw new RunError(`${location}/${path} has ${size} bytes, fewer than the ${length} it should be cut to`);
      }
      if (size > length) await change(path, new Uint8Array(0), () => length);
    },
    async sync() {},
    size: sizeOf,
    list: namesIn,
    async rename(from, to) {
      const isThere = async (path: string) =>
        (await sizeOf(path)) !== undefined || (await folderAt(path)) !== undefined;
      if (!(await isThere(from))) throw missing(from);
      if (await isThere(to)) throw new RunError(`${location}/${to} exists already`);
      await copy(from, to);
      await remove(from);
    },
    remove,
    link: (path, target) => write(path, new TextEncoder().encode(`${target}\n`)),
    async readLink(path) {
      const size = await sizeOf(path);
      if (size === undefined || size > LONGEST_LINK) return undefined;
      const text = new TextDecoder().decode(await read(path));
      return LINK.test(text) ? text.trim() : undefined;
    },
    ...(globalThis.navigator?.locks && {
      lock: (path: string) => lockRun(`anygoal ${location}/${path}`, `${location}/${path}`),
    }),
  };
}

/** One tab at a time writes a run; the lock ends with its tab. */
function lockRun(name: string, shown: string): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) {
        reject(new RunError(`${shown} is being trained in another tab; stop it there, or wait until it is done.`));
        return undefined;
      }
      return new Promise<void>((release) => {
        resolve(async () => {
          release();
          await held;
        });
      });
    });
    held.catch(reject);
  });
}
