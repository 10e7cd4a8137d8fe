// Tuned settings for the arm's tasks.
import { small, smallSac, type TunedFamily, withCamera } from './tuned.js';

/**
 * Moving an object, tuned on push (docs/results.md). What is hard is to move it at all: a policy that values the unknown
 * low keeps away from it. So bounded targets without entropy, and hindsight with goals that are not met already. The rest
 * makes it steady: many different episodes rather than many updates, layer normalisation, an average of the policy.
 */
export const objectAgents = (common: { readonly discount: number; readonly actionPenalty: number }) => {
  const object = { ...small, ...common };
  const wide = { ...object, hidden: [128, 128], criticLayerNorm: true };
  const soft = { ...wide, entropyBackup: false, targetEntropy: -2, policyAverage: 5e-4 };
  return {
    sac: soft,
    // As they were measured: with random actions, TD3 with one critic.
    tqc: { ...soft, randomActionProbability: 0.3 },
    td3: { ...wide, critics: 1, randomActionProbability: 0.3, explorationNoise: 0.2 },
    ddpg: object,
  };
};
/** A blow is sooner at the goal than a push, but often beside it: this makes haste worth less than certainty. */
const careful = objectAgents({ discount: 0.98, actionPenalty: 2 });
/** For objects that are to be struck. */
const striking = objectAgents({ discount: 0.98, actionPenalty: 0.1 });

export const objectSettings = {
  steps: 400_000,
  envs: 16,
  training: { updatesPerStep: 0.1, cycleSteps: 160 },
  replay: { unmetGoals: 0.7 },
  evaluation: { every: 40_000 },
  checkpoint: { every: 80_000 },
};

export const arm: TunedFamily = {
  'arm/reach': {
    settings: { steps: 10_000, training: { warmupSteps: 500 } },
    agents: { sac: smallSac, tqc: smallSac, td3: small, ddpg: small },
    camera: withCamera({ training: { batchSize: 128, updatesPerStep: 0.5 } }, { privilegedCritic: true }),
  },
  'arm/push': { settings: objectSettings, agents: careful, camera: withCamera({}) },
  'arm/slide': { settings: { ...objectSettings, steps: 2_000_000 }, agents: striking, camera: withCamera({}) },
  // A grasp is found by chance only once in a long time: the scripted controller shows it.
  'arm/pick-and-place': {
    settings: { ...objectSettings, training: { ...objectSettings.training, demonstrations: 500 } },
    agents: careful,
    camera: withCamera({}),
  },
};
