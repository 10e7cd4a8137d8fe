// Names of metrics: what stands for a figure of every task, and when it is offered.
import { expect, test } from 'vitest';
import { figuresOf, isByTask, metricLabel, metricRange, offeredByTask } from './metric-names.js';

const tasks = ['reach', 'push'];

test('a figure of every task stands for those of the tasks, gradients where they were measured', () => {
  expect(figuresOf('gradients/*/actor_cosine', tasks)).toEqual([
    'gradients/reach/actor_cosine',
    'gradients/push/actor_cosine',
  ]);
  expect(offeredByTask(tasks, ['eval/success_rate'])).not.toContain('gradients/*/actor_cosine');
  const offered = offeredByTask(tasks, ['gradients/push/actor_norm']);
  expect(offered).toContain('gradients/*/actor_norm');
  expect(offered).toContain('rollout/*/success_rate');
  expect(offered.every(isByTask)).toBe(true);
  expect(offeredByTask([], ['gradients/push/actor_norm'])).toEqual([]);
});

test('labels and ranges', () => {
  expect(metricLabel('gradients/push/critics_norm')).toBe('Length of the gradient of critics, task push');
  expect(metricLabel('rollout/push/success_rate')).toBe('Success while training, task push');
  expect(metricRange('gradients/*/actor_cosine')).toEqual([-1, 1]);
  expect(metricRange('gradients/actor_conflict_share')).toEqual([0, 1]);
  expect(metricRange('gradients/*/actor_norm')).toBeUndefined();
});
