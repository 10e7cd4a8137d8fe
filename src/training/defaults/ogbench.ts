// Settings of OGBench's point mazes, acted in; from their data alone agents bring settings of their own.
import type { Tuned, TunedFamily } from './tuned.js';

/** Those of the point's own mazes, in networks that the longer ways need; not tuned by runs of these mazes. */
const acted = { hidden: [128, 128, 128], learningRate: 1e-3, discount: 0.99, tau: 0.01 };

const maze: Tuned = {
  settings: {
    steps: 300_000,
    envs: 4,
    training: { warmupSteps: 10_000, cycleSteps: 200, updatesPerStep: 0.1 },
    evaluation: { every: 30_000, episodes: 50 },
    checkpoint: { every: 30_000 },
  },
  agents: { sac: acted, td3: acted },
};

export const ogbench: TunedFamily = Object.fromEntries(
  ['medium', 'large', 'giant', 'teleport'].map((size) => [`ogbench/pointmaze-${size}`, maze]),
);
