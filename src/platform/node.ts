// What differs between Node and browsers, here for Node: runtime, disk, processors.
import { availableParallelism } from 'node:os';
import { createDiskStore } from '../runs/disk-store.js';
import type { Store } from '../runs/store.js';
import type { Runtime } from '../runtime/runtime.js';
import { nativeOrWeb } from './native-or-web-node.js';

export const defaultRuntime = (): Promise<Runtime> =>
  nativeOrWeb(async () => (await import('../runtime/node.js')).nodeRuntime);

/** Files under a folder of the disk. */
export const openStore = (location: string): Store => createDiskStore(location);

/** Processors that this program may use. */
export const cores = availableParallelism;

/** Versions that belong into a run's record. */
export const versions = (): Record<string, string> => ({ node: process.versions.node });
