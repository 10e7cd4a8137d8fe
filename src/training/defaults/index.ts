// Tuned settings per environment, so that `train ENV` alone works well; found by the runs under bench/.

/** Settings by environment and, within one, by agent; `*` holds for every agent. Merged over the general defaults. */
const tuned: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>> = {
  'point/reach': {
    '*': {
      steps: 10_000,
      training: { warmupSteps: 500 },
    },
    sac: { agent: { options: { hidden: [64, 64], learningRate: 1e-3, discount: 0.95 } } },
    td3: { agent: { options: { hidden: [64, 64], learningRate: 1e-3, discount: 0.95 } } },
    ddpg: { agent: { options: { hidden: [64, 64], learningRate: 1e-3, discount: 0.95 } } },
  },
  'arm/reach': {
    '*': {
      steps: 20_000,
      training: { warmupSteps: 1000 },
    },
    sac: { agent: { options: { hidden: [64, 64], learningRate: 1e-3, discount: 0.95 } } },
    td3: { agent: { options: { hidden: [64, 64], learningRate: 1e-3, discount: 0.95 } } },
    ddpg: { agent: { options: { hidden: [64, 64], learningRate: 1e-3, discount: 0.95 } } },
  },
};

/** The agent that an environment is trained with when none is named. */
export const defaultAgent = (_env: string): string => 'sac';

/** Tuned settings of an environment with an agent, most general first. */
export function tunedDefaults(env: string, agent: string): Record<string, unknown>[] {
  const entry = tuned[env];
  return entry ? [entry['*'], entry[agent]].filter((layer) => layer !== undefined) : [];
}
