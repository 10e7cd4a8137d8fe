// What differs between Node and browsers, here for Node: runtime, disk, processors.
import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import type { ByteSource } from '../runs/byte-source.js';
import { createDiskStore, explainDiskError } from '../runs/disk-store.js';
import type { Store } from '../runs/store.js';
import type { Runtime } from '../runtime/runtime.js';
import { nativeOrWeb } from './native-or-web-node.js';

export const defaultRuntime = (): Promise<Runtime> =>
  nativeOrWeb(async () => (await import('../runtime/node.js')).nodeRuntime);

/** Files under a folder of the disk. */
export const openStore = (location: string): Store => createDiskStore(location);

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

/** A path that means the same from any folder. */
export const fullPath = (path: string): string => resolve(path);

/** Processors that this program may use. */
export const cores = availableParallelism;

/** Versions that belong into a run's record. */
export const versions = (): Record<string, string> => ({ node: process.versions.node });
