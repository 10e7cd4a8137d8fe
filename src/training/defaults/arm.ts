// Tuned settings for the arm's tasks.
import { small, smallSac, type TunedFamily } from './tuned.js';

/**
 * Moving an object, tuned on push (docs/results.md). What is hard is to move it at all: a policy that values the unknown
 * low keeps away from it. So one critic (the minimum of two takes some 20,000 steps longer), bounded targets without
 * entropy, many random actions.
 */
const object = { ...small, actionPenalty: 0.1, randomActionProbability: 0.3 };
const objectAgents = {
  sac: { ...object, critics: 1, entropyBackup: false, targetEntropy: -2 },
  td3: { ...object, critics: 1, explorationNoise: 0.2 },
  ddpg: object,
};
const objectSettings = { steps: 400_000, envs: 4, evaluation: { every: 5000 }, checkpoint: { every: 20_000 } };

export const arm: TunedFamily = {
  'arm/reach': {
    settings: { steps: 10_000, training: { warmupSteps: 500 } },
    agents: { sac: smallSac, td3: small, ddpg: small },
  },
  'arm/push': { settings: objectSettings, agents: objectAgents },
  'arm/slide': { settings: objectSettings, agents: objectAgents },
  'arm/pick-and-place': { settings: objectSettings, agents: objectAgents },
};
