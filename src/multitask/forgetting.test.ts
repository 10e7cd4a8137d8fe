// Forgetting and average performance of written-out cases.
import { expect, it } from 'vitest';
import { forgettingOf } from './forgetting.js';

it('is the best earlier success minus the last, of all tasks but the newest', () => {
  const success = [
    [0.9, 0.1, 0.0],
    [0.5, 1.0, 0.2],
    [0.6, 0.2, 0.8],
  ];
  expect(forgettingOf(success.slice(0, 1), [0, 1, 2])).toEqual({
    averagePerformance: 0.9,
    tasks: [{ task: 0, final: 0.9 }],
  });
  const { averagePerformance, forgetting, tasks } = forgettingOf(success, [0, 1, 2]);
  expect(averagePerformance).toBeCloseTo((0.6 + 0.2 + 0.8) / 3, 12);
  expect(forgetting).toBeCloseTo((0.3 + 0.8) / 2, 12);
  expect(tasks.map(({ task, best }) => [task, best])).toEqual([
    [0, 0.9],
    [1, 1],
    [2, undefined],
  ]);
});

it('is below 0 where later tasks have helped, and follows the order of the sequence', () => {
  const { forgetting, tasks } = forgettingOf(
    [
      [0, 0.4],
      [1, 0.9],
    ],
    [1, 0],
  );
  expect(forgetting).toBeCloseTo(-0.5, 12);
  expect(tasks.map(({ task }) => task)).toEqual([1, 0]);
});

it('of a task that comes again nothing is counted while it is the newest', () => {
  const { forgetting, averagePerformance } = forgettingOf(
    [
      [1, 0],
      [0, 1],
      [1, 0.5],
    ],
    [0, 1, 0],
  );
  expect(forgetting).toBeCloseTo(0.5, 12);
  expect(averagePerformance).toBeCloseTo(0.75, 12);
});
