// Settings of Gymnasium's MuJoCo tasks: those that the RL Zoo's SAC runs have, in lengths for a processor.
import type { GymnasiumTask } from '../../envs/gymnasium/tasks.js';
import type { Tuned, TunedFamily } from './tuned.js';

/** Haarnoja et al. 2018, arXiv 1812.05905, table 1. */
const sac = { hidden: [256, 256], learningRate: 3e-4, discount: 0.99, tau: 0.005 };

const settings = (steps: number, warmupSteps: number): Tuned => ({
  settings: {
    steps,
    training: { warmupSteps, batchSize: 256, cycleSteps: 50 },
    evaluation: { every: steps / 10, episodes: 10 },
    checkpoint: { every: steps / 10 },
  },
  agents: { sac, td3: { hidden: [256, 256] }, tqc: { hidden: [256, 256] } },
});

const lengths: Readonly<Record<GymnasiumTask, Tuned>> = {
  'inverted-pendulum': settings(20_000, 1000),
  reacher: settings(30_000, 1000),
  pusher: settings(100_000, 1000),
  hopper: settings(300_000, 10_000),
  'half-cheetah': settings(300_000, 10_000),
  walker2d: settings(300_000, 10_000),
  ant: settings(300_000, 10_000),
};

export const gymnasiumFamily: TunedFamily = Object.fromEntries(
  Object.entries(lengths).map(([task, tuned]) => [`gymnasium/${task}`, tuned]),
);
