// Settings for the cart-pole, plain tasks of dense rewards.
import type { Tuned, TunedFamily } from './tuned.js';

const small = { hidden: [128, 128], learningRate: 1e-3, tau: 0.01 };
const cartpole: Tuned = {
  settings: {
    steps: 30_000,
    training: { warmupSteps: 1000 },
    evaluation: { every: 2500, episodes: 5 },
    model: { hidden: [128, 128] },
  },
  agents: { sac: small, td3: small, ddpg: small },
  agentSettings: { planner: { training: { warmupSteps: 500 }, model: { hidden: [64, 64] } } },
};

export const cartpoleFamily: TunedFamily = { 'cartpole/balance': cartpole, 'cartpole/swing-up': cartpole };
