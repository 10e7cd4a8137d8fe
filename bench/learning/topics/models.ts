// With a model of the world and without: steps to a return, how far to imagine, and planning against a policy.
import { common, type Experiment, oneThread } from '../experiment.js';
import { reachedReturn, readResult } from '../results.js';
import { row, table, tenth, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const base = { ...common, relabel: 'none', agent: 'sac', freshEpisodes: 20 };
const ensemble = { kind: 'ensemble' };
/** As many updates for each real step as a run with a model makes. */
const often = { updatesPerStep: 10, warmupSteps: 250 };

/** An environment, the return asked for, and what every run of it has. */
interface Race {
  readonly env: string;
  readonly short: string;
  readonly wanted: number;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Most steps, and steps between evaluations: of SAC, of SAC with as many updates, with a model. */
  readonly steps: readonly [plain: number, often: number, model: number];
  readonly every: readonly [plain: number, often: number, model: number];
}

const small = { hidden: [64, 64], learningRate: 1e-3, tau: 0.01 };
export const races: readonly Race[] = [
  {
    env: 'gymnasium/inverted-pendulum',
    short: 'inverted-pendulum',
    wanted: 950,
    settings: {
      ...oneThread,
      agent: { options: small },
      evaluation: { episodes: 5 },
      model: { hidden: [128, 128] },
    },
    steps: [12_000, 6000, 6000],
    every: [500, 250, 250],
  },
  {
    env: 'cartpole/swing-up',
    short: 'swing-up',
    wanted: 800,
    settings: { ...oneThread, agent: { options: small }, evaluation: { episodes: 5 } },
    steps: [30_000, 10_000, 8000],
    every: [1000, 500, 500],
  },
];

const racing = ({ env, short, wanted, settings, steps, every }: Race): Experiment[] => {
  const { model, ...plain } = settings;
  const of = { ...base, env, untilReward: wanted };
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
      about: `sac with 10 updates per step on ${env}`,
      steps: steps[1],
      evaluateEvery: every[1],
      settings: { ...plain, training: often },
    },
    {
      ...of,
      name: `model-${short}-model`,
      about: `sac with a model on ${env}`,
      steps: steps[2],
      evaluateEvery: every[2],
      settings: { ...plain, model: { ...(model as object), ...ensemble } },
    },
  ];
};

export const lengths = [1, 5, 15, 50] as const;
/** As many imagined steps for each length. */
const IMAGINED = 15_000;
const onPendulum = { ...base, env: 'pendulum', evaluateEvery: 250 };
const byLength: Experiment[] = lengths.map((length) => ({
  ...onPendulum,
  name: `model-pendulum-${length}-steps`,
  about: `sac with a model on the pendulum, rollouts of ${length}`,
  steps: 2000,
  settings: {
    ...oneThread,
    evaluation: { episodes: 10 },
    model: { ...ensemble, horizon: length, rollouts: IMAGINED / length },
  },
}));

const planner: Experiment = {
  ...onPendulum,
  name: 'model-pendulum-planner',
  about: 'the planner on the pendulum',
  agent: 'planner',
  steps: 800,
  evaluateEvery: 200,
  freshEpisodes: 3,
  settings: { ...oneThread, evaluation: { episodes: 3 } },
};

const ways = {
  sac: 'SAC, 1 update per step',
  often: 'SAC, 10 updates per step',
  model: 'SAC with a model, 10 updates',
};

/** Real steps to the first of two evaluations in a row at the return asked for, of every seed that was run. */
function raceTable(): string {
  const rows = races.flatMap(({ env, short, wanted }) =>
    Object.entries(ways).flatMap(([way, label]) => {
      const result = readResult(`model-${short}-${way}`);
      if (!result) return [];
      const steps = result.trials.map((trial) => trial.curve[reachedReturn(trial, wanted)]?.steps);
      const seconds = result.trials.map(({ cpuSeconds = 0 }) => tenth(cpuSeconds));
      const cell = steps.map((step) => (step === undefined ? 'not reached' : whole(step))).join(', ');
      return [row(`\`${env}\`, ${whole(wanted)}`, label, cell, seconds.join(', '))];
    }),
  );
  return table(['task and return', '', 'real steps, by seed', 'processor seconds of the run'], rows);
}

/** Return against the length of rollouts, as many imagined steps for each. */
function lengthTable(): string {
  const rows = lengths.flatMap((length) => {
    const result = readResult(`model-pendulum-${length}-steps`);
    if (!result) return [];
    const at = (steps: number) =>
      result.trials
        .map(({ curve }) => whole(curve.find((point) => point.steps === steps)?.reward ?? Number.NaN))
        .join(', ');
    return [row(length, ...[500, 1000, 1500, 2000].map(at))];
  });
  return table(['steps of a rollout', 'return after 500', '1,000', '1,500', '2,000 real steps'], rows);
}

export const models: Topic = {
  page: 'models.md',
  experiments: [...races.flatMap(racing), ...byLength, planner],
  sections: { races: raceTable, 'rollout-lengths': lengthTable },
  charts: () => ({}),
};
