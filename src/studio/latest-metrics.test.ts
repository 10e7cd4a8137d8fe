// The newest figures of a log by task, and of runs that have no notion of success.
import { expect, test } from 'vitest';
import { latestIn } from './latest-metrics.js';

const rows = (...all: object[]) => all.map((row) => JSON.stringify(row)).join('\n');

test('tasks of the last evaluation, in their order', () => {
  const evaluation = (step: number, worst: number) => ({
    step,
    'eval/success_rate': 0.75,
    'eval/mean_reward': -3,
    'eval/worst_success_rate': worst,
    'eval/push/success_rate': 1,
    'eval/push/mean_reward': -1,
    'eval/lift/two/success_rate': worst,
    'eval/lift/two/mean_reward': -5,
  });
  const latest = latestIn(
    rows(evaluation(1000, 0.25), evaluation(2000, 0.5), { step: 2500, 'rollout/ep_rew_mean': -2 }),
  );
  expect(latest.tasks).toEqual([
    { task: 'push', success: 1, meanReturn: -1 },
    { task: 'lift/two', success: 0.5, meanReturn: -5 },
  ]);
  expect(latest.evaluations).toEqual([
    { success: 0.75, worst: 0.5, reward: -3 },
    { success: 0.75, worst: 0.25, reward: -3 },
  ]);
});

test('without a notion of success evaluations are found all the same', () => {
  const latest = latestIn(rows({ step: 1000, 'eval/mean_reward': -300 }, { step: 2000, 'eval/mean_reward': -200 }));
  expect(latest).toMatchObject({ step: 2000, success: null, meanReturn: -200, tasks: [] });
  expect(latest.evaluations.map(({ reward }) => reward)).toEqual([-200, -300]);
});
