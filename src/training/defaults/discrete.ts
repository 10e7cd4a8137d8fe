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
  agentSettings: { tabular: { training: { updatesPerStep: 1 } } },
  agents: {
    tabular: { learningRate: 1 },
    // Without hindsight it needs env.reward=dense.
    ppo: { learningRate: 0.002, discount: 0.9 },
    dqn: { hidden: [512], tau: 0.05, loss: 'squared', epsilonEnd: 0.2 },
  },
};

export const discrete: TunedFamily = { 'bit-flip': bitFlip };
