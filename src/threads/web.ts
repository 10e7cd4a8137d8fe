// Learners and environments where a page trains: in the thread that trains, which the page chooses.
import { defaultRuntime } from '#platform';
import type { EnvThreadsSetup } from '../acting/env-threads.js';
import type { EnvGroup } from '../envs/vector-env.js';
import { UsageError } from '../errors.js';
import { createLearner } from '../learners/create-learner.js';
import type { Learner, LearnerSetup } from '../learners/learner.js';

/** In a page the whole training runs in a worker of the page's choice, so the learner stays in the same thread. */
export const startLearner = async (setup: LearnerSetup): Promise<Learner> =>
  createLearner(setup, await defaultRuntime());

/** For the same reason environments get no threads of their own. */
export const startEnvs = async ({ workers }: EnvThreadsSetup): Promise<EnvGroup> => {
  throw new UsageError(
    `workers is ${workers}, but in a page environments step in the training's own thread; set it to 0.`,
  );
};
