// Tuned settings for the arm's tasks.
import { small, smallSac, type TunedFamily } from './tuned.js';

/**
 * Moving an object, tuned on push (docs/results.md). What is hard is to move it at all: a policy that values the unknown
 * low keeps away from it. So one critic, bounded targets without entropy, many random actions, hindsight with goals that
 * are not met already. Then it is hard to stop it at the goal, which takes many different episodes rather than many
 * updates, layer normalisation, and an average of the policy against its wobbling.
 */
const object = { ...small, actionPenalty: 0.1, randomActionProbability: 0.3 };
const wide = { ...object, hidden: [128, 128], criticLayerNorm: true };
const objectAgents = {
  sac: { ...wide, critics: 1, entropyBackup: false, targetEntropy: -2, policyAverage: 5e-4 },
  td3: { ...wide, critics: 1, explorationNoise: 0.2 },
  ddpg: object,
};
const objectSettings = {
  steps: 800_000,
  envs: 16,
  training: { updatesPerStep: 0.1, cycleSteps: 160 },
  replay: { unmetGoals: 0.7 },
  evaluation: { every: 40_000 },
  checkpoint: { every: 80_000 },
};

export const arm: TunedFamily = {
  'arm/reach': {
    settings: { steps: 10_000, training: { warmupSteps: 500 } },
    agents: { sac: smallSac, td3: small, ddpg: small },
  },
  'arm/push': { settings: objectSettings, agents: objectAgents },
  'arm/slide': { settings: objectSettings, agents: objectAgents },
  'arm/pick-and-place': { settings: objectSettings, agents: objectAgents },
};
