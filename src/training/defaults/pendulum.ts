// Tuned settings for the pendulum, a plain task.
import type { TunedFamily } from './tuned.js';

/** A dense reward of one motor: small networks and large steps do. */
const small = { hidden: [64, 64], learningRate: 1e-3, discount: 0.98, tau: 0.01 };

/**
 * PPO with the RL Zoo's rate of 1e-3 and discount of 0.9, without decay and without its exploration (gSDE), swings the
 * pendulum up and unlearns it again: two of three policies ended below -900. The rate falls to 0 over the 15,600 updates
 * of the 100,000 steps instead.
 */
export const pendulumFamily: TunedFamily = {
  pendulum: {
    settings: {
      steps: 15_000,
      training: { warmupSteps: 1000 },
      evaluation: { every: 1500, episodes: 20 },
      checkpoint: { every: 3000 },
      model: { hidden: [128, 128] },
    },
    agents: {
      sac: small,
      td3: small,
      ddpg: small,
      ppo: { hidden: [64, 64], learningRate: 1e-3, learningRateDecay: 15_600, discount: 0.95 },
    },
    agentSettings: {
      planner: {
        steps: 2000,
        evaluation: { every: 400, episodes: 5 },
        checkpoint: { every: 500 },
        model: { hidden: [64, 64] },
        training: { warmupSteps: 200 },
      },
      ppo: { steps: 100_000, envs: 4, training: { cycleSteps: 4096 }, evaluation: { every: 10_000 } },
    },
  },
  'pendulum/camera': {
    settings: {
      steps: 30_000,
      training: { warmupSteps: 1000 },
      replay: { capacity: 30_000 },
      evaluation: { every: 3000, episodes: 20 },
      checkpoint: { every: 3000 },
    },
    agents: { sac: small },
  },
};
