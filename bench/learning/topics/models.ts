// With a model of the world and without: steps to a return, how far to imagine, and planning against a policy.
import { common, type Experiment, oneThread } from '../experiment.js';
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

export const models: Topic = {
  page: 'models.md',
  experiments: [...races.flatMap(racing), ...byLength, planner],
  sections: {},
  charts: () => ({}),
};
