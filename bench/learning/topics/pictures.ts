// Learning from pixels with goals as pictures: rewards of the true distance, of learned and of random embeddings; and from numbers.
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult } from '../results.js';
import { chart, commands, percent, resultOf, row, solvedTable, table, tenth, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const rewards = [
  ['true distance (the simulator knows it)', 'true', {}],
  ['learned embedding', 'learned', { goalReward: 'learned' }],
  ['random embedding', 'random', { goalReward: 'random', goalRewardTolerance: null }],
] as const;

/** Settings of a task besides those of its reward. */
const tasks = {
  point: {
    env: 'point/reach',
    steps: 2000,
    evaluateEvery: 500,
    camera: { size: 32 },
    settings: {},
  },
  arm: {
    env: 'arm/reach',
    steps: 2000,
    evaluateEvery: 500,
    camera: { size: 48 },
    settings: { training: { updatesPerStep: 0.5 } },
  },
} as const;
type TaskName = keyof typeof tasks;

function experimentOf(task: TaskName, reward: string, options: object): Experiment {
  const { env, steps, evaluateEvery, camera, settings } = tasks[task];
  return {
    ...common,
    limitSeconds: 1200,
    name: `pictures-${task}-${reward}`,
    about: `sac with hindsight on ${env} from pixels, goals as pictures, reward: ${reward}`,
    env,
    agent: 'sac',
    relabel: 'future:4',
    steps,
    evaluateEvery,
    settings: {
      ...settings,
      ...oneThread,
      env: { options: { camera: { ...camera, goal: true } } },
      // Critics that see the arm's pictures learn nothing in these steps, whatever the reward; of all three they see numbers.
      agent: { options: { ...(task === 'arm' && { privilegedCritic: true }), ...options } },
    },
  };
}

const namesOf = (task: TaskName) =>
  [...rewards.map(([label, name]) => [label, `pictures-${task}-${name}`] as const), numbersOf(task)] as const;
const numbersOf = (task: TaskName) => ['numbers of state and goal', `pictures-${task}-numbers`] as const;
const here = (task: TaskName) => namesOf(task).filter(([, name]) => readResult(name));

/** Steps and processor time of each way, and what an update of it costs. */
function pixelsTable(): string {
  const rows = (['point', 'arm'] as const).flatMap((task) =>
    here(task).map(([label, name]) => {
      const { trials } = resultOf(name);
      const mean = (of: (trial: (typeof trials)[number]) => number | undefined) =>
        trials.reduce((sum, trial) => sum + (of(trial) ?? 0), 0) / trials.length;
      return row(
        tasks[task].env,
        label,
        whole(mean(({ envSteps }) => envSteps)),
        tenth(mean(({ cpuSeconds }) => cpuSeconds)),
        percent(mean(({ fresh }) => fresh?.success)),
      );
    }),
  );
  return table(['', 'from', 'steps', 'processor seconds', 'best policy, 300 fresh goals'], rows);
}

export const pictures: Topic = {
  page: 'pictures.md',
  experiments: (['point', 'arm'] as const).flatMap((task) => [
    ...rewards.map(([, reward, options]) => experimentOf(task, reward, options)),
    {
      ...common,
      name: numbersOf(task)[1],
      about: `sac with hindsight on ${tasks[task].env} from the numbers of state and goal`,
      env: tasks[task].env,
      agent: 'sac',
      relabel: 'future:4',
      steps: tasks[task].steps,
      evaluateEvery: tasks[task].evaluateEvery,
      settings: oneThread,
    },
  ]),
  sections: {
    'pictures-point': () => solvedTable(here('point')),
    'pictures-arm': () => (here('arm').length > 0 ? solvedTable(here('arm')) : 'Not run yet.'),
    pixels: pixelsTable,
    'pictures-commands': () => commands([...here('point'), ...here('arm')].map(([, name]) => name)),
  },
  charts: () => ({
    ...(here('point').length > 0 && {
      'pictures-point.svg': chart('point/reach from pixels: success by reward', here('point')),
    }),
    ...(here('arm').length > 0 && {
      'pictures-arm.svg': chart('arm/reach from pixels: success by reward', here('arm')),
    }),
  }),
};
