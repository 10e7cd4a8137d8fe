// Steps to a return or a success rate: without a model, with as many updates as with one, with a model.
import { common, type Experiment, oneThread } from '../experiment.js';
import { reached, reachedReturn, readResult } from '../results.js';
import { notRun, percent, row, table, tenth, whole } from '../tables.js';

/** An environment, what is asked for, and what every run of it has. */
export interface Race {
  readonly env: string;
  readonly short: string;
  /** A mean return, or with `success` a rate. */
  readonly wanted: number;
  /** Where runs stop, unless at what is wanted: more than the mark that all of them reach. */
  readonly until?: number;
  readonly success?: boolean;
  readonly agent?: string;
  readonly relabel?: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Settings of the runs with more updates and with a model. */
  readonly often?: Readonly<Record<string, unknown>>;
  readonly model?: Readonly<Record<string, unknown>>;
  /** Most steps, and steps between evaluations: of the agent, with more updates, with a model. */
  readonly steps: readonly [plain: number, often: number, model: number];
  readonly every: readonly [plain: number, often: number, model: number];
  readonly seeds?: readonly number[];
}

/** As many updates for each real step as a run with a model makes. */
const often = { updatesPerStep: 10, warmupSteps: 250 };
/** Rollouts as long as the model is measured to be good for. */
const auto = { hidden: [128, 128], every: 125, horizon: 'auto', rollouts: 2000 };
const small = { hidden: [64, 64], learningRate: 1e-3, tau: 0.01 };
/** Many updates for each step drive the values of a plain critic far off; layer normalisation holds them (arXiv 2302.02948). */
const steady = { ...small, criticLayerNorm: true };
const withAgent = (options: object, episodes: number, more: object = {}) => ({
  ...oneThread,
  agent: { options },
  evaluation: { episodes },
  ...more,
});

export const races: readonly Race[] = [
  {
    env: 'pendulum',
    short: 'pendulum',
    wanted: -200,
    settings: { ...oneThread, evaluation: { episodes: 10 } },
    model: auto,
    steps: [8000, 4000, 4000],
    every: [250, 125, 125],
  },
  {
    env: 'gymnasium/inverted-pendulum',
    short: 'inverted-pendulum',
    wanted: 950,
    settings: withAgent(small, 5),
    model: auto,
    steps: [12_000, 6000, 6000],
    every: [500, 125, 125],
  },
  {
    env: 'cartpole/swing-up',
    short: 'swing-up',
    wanted: 450,
    until: 800,
    settings: withAgent(steady, 5),
    model: { ...auto, every: 250 },
    steps: [20_000, 8000, 8000],
    every: [1000, 500, 500],
  },
  {
    env: 'gymnasium/reacher',
    short: 'reacher',
    wanted: -6,
    settings: withAgent(steady, 20),
    model: { ...auto, every: 250 },
    steps: [20_000, 6000, 6000],
    every: [1000, 500, 500],
  },
  {
    // As far as two hours take it: to standing and first hops.
    env: 'gymnasium/hopper',
    short: 'hopper',
    wanted: 1000,
    settings: withAgent({ hidden: [128, 128], learningRate: 1e-3, criticLayerNorm: true }, 10, {
      training: { warmupSteps: 1000 },
    }),
    often: { training: { updatesPerStep: 10, warmupSteps: 1000 } },
    model: { ...auto, every: 500 },
    steps: [60_000, 12_000, 12_000],
    every: [2000, 1000, 1000],
    seeds: [1],
  },
];

/** The further environments that the verdict is judged by. */
export const judged: readonly Race[] = [
  {
    env: 'cartpole/balance',
    short: 'balance',
    wanted: 600,
    settings: withAgent(steady, 5),
    model: auto,
    steps: [10_000, 8000, 8000],
    every: [500, 250, 250],
    seeds: [1, 2],
  },
  {
    env: 'pendulum',
    short: 'noisy-pendulum',
    wanted: -970,
    settings: { ...oneThread, env: { options: { noise: 1 } }, evaluation: { episodes: 20 } },
    model: { ...auto, every: 250 },
    steps: [8000, 4000, 4000],
    every: [500, 250, 250],
    seeds: [1, 2],
  },
  {
    env: 'arm/reach',
    short: 'arm-reach',
    wanted: 0.95,
    success: true,
    relabel: 'future:4',
    settings: { ...oneThread, training: { warmupSteps: 250 } },
    model: { ...auto, hidden: [64, 64] },
    steps: [4000, 2000, 2000],
    every: [250, 250, 250],
    seeds: [1, 2],
  },
];

/** Hindsight alone against hindsight and a model, where a wall is in the way. */
export const maze: Race = {
  env: 'point/maze-umaze',
  short: 'maze',
  wanted: 0.95,
  success: true,
  relabel: 'future:4',
  settings: { ...oneThread, envs: 4, evaluation: { episodes: 50 } },
  often: { training: { updatesPerStep: 2, warmupSteps: 500, cycleSteps: 40 } },
  model: { ...auto, every: 500 },
  steps: [40_000, 10_000, 10_000],
  every: [2000, 1000, 1000],
};

/** With the name's end: what is run, in the order of the table. */
const ways = {
  sac: 'SAC, as tuned',
  often: 'SAC, as many updates',
  model: 'SAC with a model',
};
const labelOf = (way: keyof typeof ways, { often: given }: Race): string => {
  const { updatesPerStep } = (given?.training ?? often) as typeof often;
  return way === 'sac' ? 'SAC' : `${ways[way]}, ${updatesPerStep} per step`;
};

export const racing = (race: Race): Experiment[] => {
  const { env, short, wanted, until = wanted, success, settings, model, steps, every, seeds = [1, 2, 3] } = race;
  const of = {
    ...common,
    seeds,
    env,
    agent: race.agent ?? 'sac',
    relabel: race.relabel ?? 'none',
    freshEpisodes: 20,
    ...(success ? { untilSuccess: until } : { untilReward: until }),
  };
  const more = race.often ?? { training: often };
  // Without a model its settings are for `model diagnose` alone.
  const plain = { ...settings, ...(model && { model }) };
  return [
    {
      ...of,
      name: `model-${short}-sac`,
      about: `sac on ${env}`,
      steps: steps[0],
      evaluateEvery: every[0],
      settings: plain,
    },
    {
      ...of,
      name: `model-${short}-often`,
      about: `sac with more updates on ${env}`,
      steps: steps[1],
      evaluateEvery: every[1],
      settings: { ...plain, ...more },
    },
    {
      ...of,
      name: `model-${short}-model`,
      about: `sac with a model on ${env}`,
      steps: steps[2],
      evaluateEvery: every[2],
      settings: { ...settings, ...more, model: { ...model, kind: 'ensemble' } },
    },
  ];
};

/** Real steps of each seed to the first of two evaluations in a row with what was asked for; undefined where none was. */
export function stepsOf({ short, wanted, success }: Race, way: keyof typeof ways): (number | undefined)[] | undefined {
  return readResult(`model-${short}-${way}`)?.trials.map((trial) => {
    const at = success ? reached(trial, wanted) : reachedReturn(trial, wanted);
    return trial.curve[at]?.steps;
  });
}

export const wantedText = ({ wanted, success }: Race): string => (success ? percent(wanted) : whole(wanted));

/** Real steps of every seed that was run. */
export function raceTable(of: readonly Race[]): string {
  const rows = of.flatMap((race) =>
    (Object.keys(ways) as (keyof typeof ways)[]).flatMap((way) => {
      const steps = stepsOf(race, way);
      if (!steps) return [];
      const result = readResult(`model-${race.short}-${way}`);
      const most = result?.trials.map(({ envSteps = 0 }) => envSteps) ?? [];
      const seconds = result?.trials.map(({ cpuSeconds = 0 }) => tenth(cpuSeconds)) ?? [];
      const cell = steps.map((step, i) => (step === undefined ? `not in ${whole(most[i])}` : whole(step))).join(', ');
      return [row(`\`${race.env}\`, ${wantedText(race)}`, labelOf(way, race), cell, seconds.join(', '))];
    }),
  );
  if (rows.length === 0) return notRun(of.map(({ short }) => `model-${short}`));
  return table(['task and mark', '', 'real steps, by seed', 'processor seconds of the run'], rows);
}
