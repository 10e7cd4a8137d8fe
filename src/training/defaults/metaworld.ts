// Settings of Meta-World's tasks: those that its SAC baselines are published with, in sizes for a processor.
import { metaworldTasks } from '../../envs/metaworld/tasks.js';
import type { Tuned, TunedFamily } from './tuned.js';

/** Yu et al. 2019, arXiv 1910.10897, table 5, with two layers of 256 instead of three of 400. */
const sac = { hidden: [256, 256], learningRate: 3e-4, discount: 0.99 };

/** Controllers see the present alone; from the step before a policy would learn that who rests goes on resting. */
const bc = { chunk: 1, unseen: ['before-*'] };

const settings = (steps: number): Tuned => ({
  settings: {
    steps,
    training: { warmupSteps: 4000, batchSize: 256, cycleSteps: 50 },
    evaluation: { every: steps / 10 },
    checkpoint: { every: steps / 10 },
  },
  agents: { sac, bc },
});

export const metaworld: TunedFamily = {
  ...Object.fromEntries(metaworldTasks.map((task) => [`metaworld/${task}`, settings(100_000)])),
  'metaworld/mt10': settings(1_000_000),
};
