// With a model of the world and without: steps to a mark, how far to imagine, planning against a policy, PPO.
import { common, type Experiment, oneThread } from '../experiment.js';
import { reachedReturn, readResult } from '../results.js';
import { notRun, returnChart, row, table, tenth, whole } from '../tables.js';
import type { Topic } from '../topic.js';
import { judged, maze, races, raceTable, racing } from './model-races.js';

const ensemble = { kind: 'ensemble' };

export const lengths = [1, 5, 15, 50] as const;
/** As many imagined steps for each length. */
const IMAGINED = 15_000;
const onPendulum = {
  ...common,
  relabel: 'none',
  agent: 'sac',
  freshEpisodes: 20,
  env: 'pendulum',
  evaluateEvery: 250,
};
const byLength: Experiment[] = lengths.map((length) => ({
  ...onPendulum,
  name: `model-length-${length}`,
  about: `sac with a model on the pendulum, rollouts of ${length}`,
  steps: 2000,
  settings: {
    ...oneThread,
    evaluation: { episodes: 10 },
    model: { ...ensemble, horizon: length, rollouts: IMAGINED / length },
  },
}));

/** Plans take long: few episodes, and few evaluations. */
const planning = (
  short: string,
  env: string,
  untilReward: number,
  steps: number,
  evaluateEvery: number,
  more: object = {},
) => ({
  ...onPendulum,
  env,
  name: `model-planner-${short}`,
  about: `the planner on ${env}`,
  agent: 'planner',
  untilReward,
  steps,
  evaluateEvery,
  freshEpisodes: 2,
  settings: { ...oneThread, evaluation: { episodes: 2 }, ...more },
});
const small = { model: { hidden: [64, 64] }, training: { warmupSteps: 250 } };
/** The marks of the races, so that steps compare to those of SAC. */
const planners = [
  planning('pendulum', 'pendulum', -200, 1200, 100, { model: { every: 100 }, evaluation: { episodes: 4 } }),
  planning('inverted-pendulum', 'gymnasium/inverted-pendulum', 950, 2000, 250, small),
  planning('swing-up', 'cartpole/swing-up', 450, 4000, 250, { ...small, agent: { options: { horizon: 40 } } }),
  planning('reacher', 'gymnasium/reacher', -6, 3000, 250, {
    ...small,
    agent: { options: { deviation: 0.3 } }, // pushing costs, and the best plan is carried out with its noise
    evaluation: { episodes: 20 },
  }),
];

/** PPO's steps cost next to nothing; what is counted are those of the world. */
const onPolicy = { ...onPendulum, agent: 'ppo' };
const ppoSettings = (episodes: number, options: object, more: object) => ({
  ...oneThread,
  evaluation: { episodes },
  agent: { options },
  ...more,
});
const rate = { hidden: [64, 64], learningRate: 1e-3, discount: 0.95, learningRateDecay: 0 };
/** Whoever balances has to look farther ahead. */
const farther = { hidden: [64, 64], learningRate: 1e-3, discount: 0.99 };
const ensembleOf = (hidden: readonly number[]) => ({ model: { ...ensemble, hidden } });

const ppo: readonly (readonly [label: string, experiment: Experiment & { readonly untilReward: number }])[] = [
  [
    '`pendulum`, rollouts of 4,096 (tuned)',
    {
      ...onPolicy,
      name: 'model-ppo-plain',
      about: 'ppo on the pendulum',
      untilReward: -200,
      steps: 200_000,
      evaluateEvery: 8192,
      settings: { ...oneThread, evaluation: { episodes: 10 } },
    },
  ],
  [
    '`pendulum`, rollouts of 512',
    {
      ...onPolicy,
      name: 'model-ppo-short',
      about: 'ppo on the pendulum, short rollouts',
      untilReward: -200,
      steps: 100_000,
      evaluateEvery: 4096,
      settings: ppoSettings(10, rate, { training: { cycleSteps: 512 } }),
    },
  ],
  [
    '`pendulum`, rollouts of 512, with a model',
    {
      ...onPolicy,
      name: 'model-ppo-model',
      about: 'ppo with a model on the pendulum',
      untilReward: -200,
      steps: 12_000,
      evaluateEvery: 512,
      settings: ppoSettings(10, rate, ensembleOf([128, 128])),
    },
  ],
  [
    '`gymnasium/inverted-pendulum`, rollouts of 2,048',
    {
      ...onPolicy,
      env: 'gymnasium/inverted-pendulum',
      name: 'model-ppo-inverted-plain',
      about: 'ppo on the inverted pendulum',
      untilReward: 950,
      steps: 200_000,
      evaluateEvery: 8192,
      settings: ppoSettings(5, farther, { training: { batchSize: 64, cycleSteps: 2048 } }),
    },
  ],
  [
    '`gymnasium/inverted-pendulum`, rollouts of 256, with a model',
    {
      ...onPolicy,
      env: 'gymnasium/inverted-pendulum',
      name: 'model-ppo-inverted-model',
      about: 'ppo with a model on the inverted pendulum',
      untilReward: 950,
      steps: 6000,
      evaluateEvery: 256,
      settings: ppoSettings(5, farther, {
        training: { batchSize: 64, cycleSteps: 256 },
        ...ensembleOf([128, 128]),
      }),
    },
  ],
  [
    '`cartpole/swing-up`, rollouts of 2,048',
    {
      ...onPolicy,
      env: 'cartpole/swing-up',
      name: 'model-ppo-swing-plain',
      about: 'ppo on the swing-up',
      untilReward: 800,
      steps: 400_000,
      evaluateEvery: 16_384,
      settings: ppoSettings(5, farther, {}),
    },
  ],
  [
    '`cartpole/swing-up`, rollouts of 512, with a model',
    {
      ...onPolicy,
      env: 'cartpole/swing-up',
      name: 'model-ppo-swing-model',
      about: 'ppo with a model on the swing-up',
      untilReward: 800,
      steps: 12_000,
      evaluateEvery: 512,
      settings: ppoSettings(5, farther, ensembleOf([128, 128])),
    },
  ],
];

/** Return against the length of rollouts, as many imagined steps for each. */
function lengthTable(): string {
  const rows = lengths.flatMap((length) => {
    const result = readResult(`model-length-${length}`);
    if (!result) return [];
    const at = (steps: number) =>
      result.trials
        .map(({ curve }) => whole(curve.find((point) => point.steps === steps)?.reward ?? Number.NaN))
        .join(', ');
    return [row(length, ...[500, 1000, 1500, 2000].map(at))];
  });
  return table(['steps of a rollout', 'return after 500', '1,000', '1,500', '2,000 real steps'], rows);
}

/** Real steps to the mark, by experiment. */
function stepsTable(
  head: string,
  experiments: readonly (readonly [label: string, experiment: Experiment & { readonly untilReward: number }])[],
): string {
  const rows = experiments.flatMap(([label, { name, untilReward }]) => {
    const result = readResult(name);
    if (!result) return [];
    const steps = result.trials.map((trial) => trial.curve[reachedReturn(trial, untilReward)]?.steps);
    const best = result.trials.map(({ curve }) => whole(Math.max(...curve.map(({ reward }) => reward))));
    const cell = steps.map((step, i) => step ?? `not in ${whole(result.trials[i].envSteps ?? 0)}`);
    const seconds = result.trials.map(({ cpuSeconds = 0 }) => tenth(cpuSeconds));
    return [
      row(
        label,
        whole(untilReward),
        cell.map((one) => (typeof one === 'number' ? whole(one) : one)).join(', '),
        best.join(', '),
        seconds.join(', '),
      ),
    ];
  });
  if (rows.length === 0) return notRun(experiments.map(([, { name }]) => name));
  return table([head, 'mark', 'real steps, by seed', 'best evaluation', 'processor seconds of the run'], rows);
}

const charted = [
  ['SAC', 'model-pendulum-sac'],
  ['SAC, 10 updates per step', 'model-pendulum-often'],
  ['SAC with a model', 'model-pendulum-model'],
  ['PPO with a model', 'model-ppo-model'],
] as const;

/** Once all of its lines have been run. */
const charts = (): Record<string, string> =>
  charted.every(([, name]) => readResult(name))
    ? { 'model-pendulum.svg': returnChart('pendulum: mean return against real steps', charted, [-1600, 0]) }
    : {};

export const models: Topic = {
  page: 'models.md',
  experiments: [
    ...[...races, ...judged, maze].flatMap(racing),
    ...byLength,
    ...planners,
    ...ppo.map(([, experiment]) => experiment),
  ],
  sections: {
    races: () => raceTable(races),
    'rollout-lengths': lengthTable,
    ppo: () => stepsTable('PPO on', ppo),
    planner: () =>
      stepsTable(
        'planner on',
        planners.map((experiment) => [`\`${experiment.env}\``, experiment]),
      ),
    maze: () => raceTable([maze]),
    judged: () => raceTable(judged),
  },
  charts,
};
