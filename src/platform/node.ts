// What differs between Node and browsers, here for Node: runtime, disk, processors.
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import type { ByteSink, ByteSource } from '../runs/byte-source.js';
import { createDiskStore, explainDiskError } from '../runs/disk-store.js';
import type { Store } from '../runs/store.js';
import type { Runtime } from '../runtime/runtime.js';
import { nativeOrWeb } from './native-or-web-node.js';

export const defaultRuntime = (): Promise<Runtime> =>
  nativeOrWeb(async () => (await import('../runtime/node.js')).nodeRuntime);

/** For policies that act, one state at a time. */
export const actingRuntime = defaultRuntime;

/** Files under a folder of the disk. */
export const openStore = (location: string): Store => createDiskStore(location);

/** Where runs go unless told otherwise. */
export const runStore = (): Store => openStore('runs');

/** How a package is had that is imported by its name. */
export const packageAdvice = (name: string): string => `Install it: npm install ${name}`;

/** A file to read in parts. @throws RunError naming the path and the reason */
export async function openFile(path: string): Promise<ByteSource> {
  try {
    const file = await open(path);
    const facts = await file.stat();
    if (!facts.isFile()) {
      await file.close();
      throw new UsageError(`${path} is no file; name a file.`);
    }
    return {
      name: path,
      path: resolve(path),
      size: facts.size,
      async read(from, to) {
        const bytes = new Uint8Array(to - from);
        let done = 0;
        while (done < bytes.length) {
          const { bytesRead } = await file.read(bytes, done, bytes.length - done, from + done);
          if (bytesRead === 0)
            throw new UsageError(`${path} became shorter while it was read; leave it alone meanwhile.`);
          done += bytesRead;
        }
        return bytes;
      },
      close: () => file.close(),
    };
  } catch (error) {
    throw error instanceof UsageError ? error : explainDiskError(error, 'read', path);
  }
}

/** Beside what is to be written, so that renaming puts it there at once. */
const beside = (path: string) => join(dirname(path), `.tmp-${process.pid}-${basename(path)}`.slice(0, 200));

/** A file to write in parts, which replaces one of that name when it is finished. @throws RunError naming the path */
export async function createFile(path: string): Promise<ByteSink> {
  const full = resolve(path);
  const temporary = beside(full);
  const attempt = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      throw explainDiskError(error, 'write', path);
    }
  };
  const file = await attempt(() => open(temporary, 'w'));
  let isOpen = true;
  const close = async () => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  return {
    write: (bytes, at) =>
      attempt(async () => {
        for (let done = 0; done < bytes.length; ) {
          done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
        }
      }),
    finish: () =>
      attempt(async () => {
        await file.sync();
        await close();
        await rename(temporary, full);
      }),
    async abandon() {
      await close();
      await rm(temporary, { force: true });
    },
  };
}

/**
 * Makes a folder with what `fill` writes into it: there whole, or not at all.
 * @throws UsageError where something is there already; RunError naming the path
 */
export async function createFolder(path: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const full = resolve(path);
  if (await stat(full).catch(() => undefined)) {
    throw new UsageError(`${path} exists already; name a new folder, or remove it first.`);
  }
  const temporary = beside(full);
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    await fill(temporary);
    await rename(temporary, full);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw (error as NodeJS.ErrnoException).code === undefined ? error : explainDiskError(error, 'write', path);
  }
}

/** Names in a folder; undefined for what is none. */
export const listFolder = (path: string): Promise<string[] | undefined> => readdir(path).catch(() => undefined);

/** A path that means the same from any folder. */
export const fullPath = (path: string): string => resolve(path);

/** Processors that this program may use. */
export const cores = availableParallelism;

/** Learner and environments can have threads of their own. */
export const ownThreads = true as boolean;

/** Threads that an operation can have. */
export const mostThreads = (): number => Number.POSITIVE_INFINITY;

/** Versions that belong into a run's record. */
export const versions = (): Record<string, string> => ({ node: process.versions.node });
