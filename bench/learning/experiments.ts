// The learning experiments: what is trained, with which settings, seeds and limits.

export interface Experiment {
  /** Also the name of its JSON under bench/results/learning/. */
  readonly name: string;
  readonly about: string;
  readonly env: string;
  readonly agent: string;
  readonly relabel: string;
  readonly steps: number;
  /** Environment steps between evaluations of 50 episodes. */
  readonly evaluateEvery: number;
  /** Stop after two evaluations in a row at or above this success rate; without it every run takes all its steps. */
  readonly untilSuccess?: number;
  /** Settings over the tuned defaults, in the sections of a run's configuration. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seeds: readonly number[];
  /** Limit of a run's training, in seconds of processor time: what its wall seconds would be on an idle core. */
  readonly limitSeconds: number;
  /** Takes both cores, so nothing else runs beside it. */
  readonly alone?: boolean;
}

const common = { seeds: [1, 2, 3], limitSeconds: 600 };
/** One thread does everything in turn, so that two runs fit on two cores and seconds compare between agents. */
const oneThread = { runtime: { threads: 1, overlap: false } };
const agents = ['sac', 'td3', 'ddpg'];

export const experiments: readonly Experiment[] = [
  {
    ...common,
    name: 'start',
    about: 'the main job, as npm start does it: acting and learning overlap on two cores',
    env: 'arm/reach',
    agent: 'sac',
    relabel: 'future:4',
    steps: 10_000,
    evaluateEvery: 1000,
    untilSuccess: 0.95,
    settings: {},
    seeds: [0, 1, 2, 3, 4],
    alone: true,
  },
  ...agents.map((agent) => ({
    ...common,
    name: `point-reach-${agent}`,
    about: `${agent} with hindsight on point/reach`,
    env: 'point/reach',
    agent,
    relabel: 'future:4',
    steps: 4000,
    evaluateEvery: 250,
    settings: oneThread,
  })),
  ...agents.map((agent) => ({
    ...common,
    name: `arm-reach-${agent}`,
    about: `${agent} with hindsight on arm/reach`,
    env: 'arm/reach',
    agent,
    relabel: 'future:4',
    steps: 4000,
    evaluateEvery: 250,
    settings: oneThread,
  })),
  ...['final', 'episode', 'none'].map((strategy) => ({
    ...common,
    name: `arm-reach-sac-${strategy}`,
    about: strategy === 'none' ? 'sac without hindsight on arm/reach' : `sac with ${strategy} hindsight on arm/reach`,
    env: 'arm/reach',
    agent: 'sac',
    relabel: strategy === 'none' ? 'none' : `${strategy}:4`,
    steps: strategy === 'none' ? 10_000 : 4000,
    evaluateEvery: 250,
    settings: oneThread,
  })),
  ...['future', 'none'].map((strategy) => ({
    ...common,
    name: `arm-push-${strategy}`,
    about: strategy === 'none' ? 'arm/push without hindsight' : 'arm/push with hindsight',
    env: 'arm/push',
    agent: 'sac',
    relabel: strategy === 'none' ? 'none' : `${strategy}:4`,
    steps: strategy === 'none' ? 150_000 : 400_000,
    evaluateEvery: 5000,
    settings: oneThread,
  })),
  {
    ...common,
    name: 'arm-push-two-critics',
    about: 'arm/push with hindsight and the minimum of two critics, the other settings being equal',
    env: 'arm/push',
    agent: 'sac',
    relabel: 'future:4',
    steps: 75_000,
    evaluateEvery: 5000,
    settings: { ...oneThread, agent: { options: { critics: 2 } } },
  },
  {
    ...common,
    name: 'arm-push-annealed',
    about: 'arm/push with hindsight and a learning rate that falls to 0 over the run',
    env: 'arm/push',
    agent: 'sac',
    relabel: 'future:4',
    steps: 300_000,
    evaluateEvery: 10_000,
    settings: { ...oneThread, agent: { options: { learningRateDecay: 300_000 } } },
  },
];

/** The command line that does the same for one seed. */
export function commandOf({ env, agent, relabel, steps, evaluateEvery, untilSuccess, settings }: Experiment): string {
  const set = (values: Readonly<Record<string, unknown>>, path: string): string[] =>
    Object.entries(values).flatMap(([key, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? set(value as Record<string, unknown>, `${path}${key}.`)
        : [`--set ${path}${key}=${JSON.stringify(value)}`],
    );
  return [
    `npm run -s anygoal -- train ${env} --agent ${agent} --relabel ${relabel} --steps ${steps} --seed SEED`,
    `--set evaluation.every=${evaluateEvery}`,
    ...(untilSuccess === undefined ? [] : [`--until-success ${untilSuccess}`]),
    ...set(settings, ''),
  ].join(' ');
}
