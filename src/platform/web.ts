// What differs between Node and browsers, here for pages and their workers.

import type { EnvGroup } from '../envs/vector-env.js';
import { UsageError } from '../errors.js';
import { createFetchStore } from '../runs/fetch-store.js';
import type { Store } from '../runs/store.js';
import type { Runtime } from '../runtime/runtime.js';
import { createLearner } from '../training/create-learner.js';
import type { EnvThreadsSetup } from '../training/env-threads.js';
import type { Learner, LearnerSetup } from '../training/learner.js';
import type { ShareSetup, ShareThreads } from './share-threads-node.js';

export const defaultRuntime = async (): Promise<Runtime> => (await import('../runtime/web.js')).webRuntime;

/** Files under a URL, to read; pass a store of your own to write. */
export const openStore = (location: string): Store => createFetchStore(location);

/** In a page the whole training runs in a worker of the page's choice, so the learner stays in the same thread. */
export const startLearner = async (setup: LearnerSetup): Promise<Learner> =>
  createLearner(setup, await defaultRuntime());

/** For the same reason environments get no threads of their own. */
export const startEnvs = async ({ workers }: EnvThreadsSetup): Promise<EnvGroup> => {
  throw new UsageError(
    `workers is ${workers}, but in a page environments step in the training's own thread; set it to 0.`,
  );
};

/** Threads of a page cannot wait for each other without blocking it. */
export const startShares: ((setup: ShareSetup) => Promise<ShareThreads>) | undefined = undefined;

/** Programs run on one thread in a page, unless its headers allow more. */
export const cores = (): number => 1;

export const versions = (): Record<string, string> => ({ browser: globalThis.navigator?.userAgent ?? 'unknown' });
