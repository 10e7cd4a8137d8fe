// Tuned settings for the tasks with discrete actions.
import type { TunedFamily } from './tuned.js';

/**
 * Strings of bits (docs/environments/bit-flip.md). Steps cost next to nothing, so sixteen environments share few updates;
 * many random actions keep what is achieved diverse. Squared errors, because a rare success is far from what was expected
 * and the Huber loss would count it as little as any other error. One wide layer is enough to compare two strings.
 */
const bitFlip = {
  settings: {
    steps: 20_000,
    envs: 16,
    training: { warmupSteps: 500, batchSize: 128, updatesPerStep: 0.1, cycleSteps: 160 },
    evaluation: { every: 2000 },
  },
  // A table learns about no other pair of strings than the one it updates, and its updates are cheap.
  agentSettings: { tabular: { training: { updatesPerStep: 1, cycleSteps: 64 } } },
  agents: {
    tabular: { learningRate: 1 },
    ppo: { learningRate: 0.002, discount: 0.9 },
    dqn: { hidden: [512], tau: 0.05, loss: 'squared', epsilonEnd: 0.2 },
  },
};

/**
 * Four rooms (docs/environments/grid.md). The value jumps at walls, which takes wide layers and a falling step size;
 * squared errors, because values change by as much as 20 and the Huber loss would follow slowly.
 */
const grid = {
  settings: { steps: 24_000, training: { warmupSteps: 500, batchSize: 128 }, evaluation: { every: 2000 } },
  agentSettings: {
    dqn: { envs: 4, training: { cycleSteps: 40 } },
    // Cells take no wide members: as many successes, and a plan in a third of the time.
    planner: { model: { hidden: [64, 64] } },
    ppo: { steps: 600_000, envs: 16, training: { cycleSteps: 4096, batchSize: 256 }, evaluation: { every: 50_000 } },
  },
  agents: {
    tabular: { learningRate: 1, discount: 0.95, epsilon: 0.3 },
    dqn: {
      hidden: [256, 256],
      learningRateDecay: 24_000,
      loss: 'squared',
      discount: 0.95,
      tau: 0.02,
      epsilonEnd: 0.2,
      epsilonSteps: 5000,
    },
    ppo: { hidden: [128, 128], learningRate: 1e-3, learningRateDecay: 23_400, discount: 0.95, entropyWeight: 0.01 },
  },
};

export const discrete: TunedFamily = { 'bit-flip': bitFlip, grid };
