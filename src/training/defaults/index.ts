// Tuned settings per environment, so that `train ENV` alone works well; found by the runs under bench/.

interface Tuned {
  /** Settings for every agent, in the sections of TrainConfig. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Hyperparameters by agent. */
  readonly agents: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const small = { hidden: [64, 64], learningRate: 1e-3, discount: 0.95 };

const tuned: Readonly<Record<string, Tuned>> = {
  'point/reach': {
    settings: { steps: 10_000, training: { warmupSteps: 500 } },
    agents: { sac: small, td3: small, ddpg: small },
  },
  'arm/reach': {
    settings: { steps: 20_000, training: { warmupSteps: 1000 } },
    agents: { sac: small, td3: small, ddpg: small },
  },
};

/** Settings of an environment with an agent over the general defaults, most general first; none where nothing was tuned. */
export function tunedDefaults(env: string, agent: string): Record<string, unknown>[] {
  const entry = tuned[env];
  return entry ? [entry.settings, { agent: { options: entry.agents[agent] ?? {} } }] : [];
}
