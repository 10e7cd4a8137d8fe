// Learners and environments in threads of their own, in Node.
import type { EnvThreadsSetup } from '../acting/env-threads.js';
import type { EnvGroup } from '../envs/vector-env.js';
import type { Learner, LearnerSetup } from '../learners/learner.js';
import { startEnvThreads } from './env-threads-node.js';
import { startThread } from './learner-thread-node.js';

/** Starts a learner in a thread of its own. */
export const startLearner = (setup: LearnerSetup): Promise<Learner> => startThread(setup);

/** Starts environments in threads of their own. */
export const startEnvs = (setup: EnvThreadsSetup): Promise<EnvGroup> => startEnvThreads(setup);
