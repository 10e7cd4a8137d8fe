// What differs between Node and browsers, here for Node: runtime, disk, threads.
import { createDiskStore } from '../runs/disk-store.js';
import type { Store } from '../runs/store.js';
import type { Runtime } from '../runtime/runtime.js';
import type { Learner, LearnerSetup } from '../training/learner.js';
import { startThread } from './learner-thread-node.js';

export const defaultRuntime = async (): Promise<Runtime> => (await import('../runtime/node.js')).nodeRuntime;

/** Files under a folder of the disk. */
export const openStore = (location: string): Store => createDiskStore(location);

/** Starts a learner in a thread of its own. */
export const startLearner = (setup: LearnerSetup): Promise<Learner> => startThread(setup);

/** Versions that belong into a run's record. */
export const versions = (): Record<string, string> => ({ node: process.versions.node });
