// What differs between Node and browsers, here for Node: runtime, disk, threads.
import { availableParallelism } from 'node:os';
import type { EnvGroup } from '../envs/vector-env.js';
import { createDiskStore } from '../runs/disk-store.js';
import type { Store } from '../runs/store.js';
import type { Runtime } from '../runtime/runtime.js';
import type { EnvThreadsSetup } from '../training/env-threads.js';
import type { Learner, LearnerSetup } from '../training/learner.js';
import { startEnvThreads } from './env-threads-node.js';
import { startThread } from './learner-thread-node.js';
import { type ShareSetup, type ShareThreads, startShareThreads } from './share-threads-node.js';

export const defaultRuntime = async (): Promise<Runtime> => (await import('../runtime/node.js')).nodeRuntime;

/** Files under a folder of the disk. */
export const openStore = (location: string): Store => createDiskStore(location);

/** Starts a learner in a thread of its own. */
export const startLearner = (setup: LearnerSetup): Promise<Learner> => startThread(setup);

/** Starts environments in threads of their own. */
export const startEnvs = (setup: EnvThreadsSetup): Promise<EnvGroup> => startEnvThreads(setup);

/**
 * Starts threads that share updates; absent where threads cannot wait for each other, and where this program runs from
 * its sources: Node's threads load compiled files.
 */
export const startShares: ((setup: ShareSetup) => Promise<ShareThreads>) | undefined = import.meta.url.endsWith('.js')
  ? startShareThreads
  : undefined;

/** Processors that this program may use. */
export const cores = availableParallelism;

/** Versions that belong into a run's record. */
export const versions = (): Record<string, string> => ({ node: process.versions.node });
