// The pendulum, a plain task: what SAC and PPO earn, beside published returns.
import { common, oneThread } from '../experiment.js';
import { spread } from '../results.js';
import { cell, commands, resultOf, returnChart, row, table, tenth, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const plainTask = { ...common, env: 'pendulum', relabel: 'none', settings: oneThread };

/** Mean return of 750 episodes and steps of training, one run each: benchmark.md of DLR-RM/rl-baselines3-zoo at 0088472. */
const published = { sac: [-156.995, 20_000], ppo: [-172.225, 100_000] } as const;
const agents = Object.keys(published) as (keyof typeof published)[];

function returnsTable(): string {
  const rows = agents.map((agent) => {
    const { trials, summary } = resultOf(`pendulum-${agent}`);
    const over = (which: 'fresh' | 'freshLast') => spread(trials.map((t) => t[which]?.reward ?? Number.NaN));
    const [reward, steps] = published[agent];
    return row(
      `${agent.toUpperCase()} (${trials.length} seeds)`,
      whole(summary.envSteps.mean),
      cell(summary.cpuSeconds, whole),
      cell(over('freshLast'), tenth),
      cell(over('fresh'), tenth),
      `${tenth(reward)} after ${whole(steps)}`,
    );
  });
  return table(
    ['', 'steps', 'processor seconds', 'last policy, 300 fresh starts', 'best checkpoint', 'RL Baselines3 Zoo'],
    rows,
  );
}

export const pendulum: Topic = {
  page: 'environments/pendulum.md',
  experiments: [
    {
      ...plainTask,
      name: 'pendulum-sac',
      about: 'sac on the pendulum',
      agent: 'sac',
      steps: 15_000,
      evaluateEvery: 1500,
    },
    {
      ...plainTask,
      name: 'pendulum-ppo',
      about: 'ppo on the pendulum',
      agent: 'ppo',
      steps: 100_000,
      evaluateEvery: 10_000,
    },
  ],
  sections: {
    returns: returnsTable,
    'returns-commands': () => commands(agents.map((agent) => `pendulum-${agent}`)),
  },
  charts: () => ({
    'pendulum-sac.svg': returnChart('pendulum: mean return of SAC', [['SAC', 'pendulum-sac']], [-1800, 0]),
    'pendulum-ppo.svg': returnChart('pendulum: mean return of PPO', [['PPO', 'pendulum-ppo']], [-1800, 0]),
  }),
};
