// Settings for BabyAI's levels: those of behaviour cloning are of a first try (docs/environments/babyai.md), the others not tuned by runs.
import { levelNames } from '../../envs/babyai/names.js';
import type { Tuned, TunedFamily } from './tuned.js';

const level: Tuned = {
  settings: { steps: 200_000, training: { warmupSteps: 1000 }, evaluation: { every: 20_000, episodes: 50 } },
  agents: {
    bc: { hidden: [256, 256], encoders: { image: { kind: 'dense', size: 128 } }, policyAverage: 0.005 },
    dqn: { hidden: [256, 256], learningRate: 5e-4, discount: 0.99, tau: 0.01 },
    ppo: { hidden: [256, 256], discount: 0.99 },
  },
};

export const babyai: TunedFamily = Object.fromEntries(levelNames.map((name) => [`babyai/${name}`, level]));
