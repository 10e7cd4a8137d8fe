// Tuned settings per environment, so that `train ENV` alone works well; found by the runs under bench/.
import { findAgent } from '../../agents/index.js';

interface Tuned {
  /** Settings for every agent, in the sections of TrainConfig. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Hyperparameters by agent. */
  readonly agents: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const small = { hidden: [64, 64], learningRate: 1e-3, discount: 0.95, tau: 0.05 };
/** Temperature 1 outweighs rewards of -1 until a thousand updates have lowered it. */
const smallSac = { ...small, initialTemperature: 0.1 };

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

const tuned: Readonly<Record<string, Tuned>> = {
  'point/reach': {
    settings: { steps: 5000, training: { warmupSteps: 500 } },
    agents: { sac: smallSac, td3: small, ddpg: small },
  },
  'arm/reach': {
    settings: { steps: 10_000, training: { warmupSteps: 500 } },
    agents: { sac: smallSac, td3: small, ddpg: small },
  },
  'arm/push': { settings: objectSettings, agents: objectAgents },
  'arm/slide': { settings: objectSettings, agents: objectAgents },
  'arm/pick-and-place': { settings: objectSettings, agents: objectAgents },
};

/**
 * Settings over the general defaults, most general first: what suits the environment, what the agent needs, and the
 * agent's hyperparameters for the environment, as far as there are any.
 */
export function tunedDefaults(env: string, agent: string): Readonly<Record<string, unknown>>[] {
  const entry = tuned[env];
  const { settings = {} } = findAgent(agent);
  return [entry?.settings ?? {}, settings, { agent: { options: entry?.agents[agent] ?? {} } }];
}
