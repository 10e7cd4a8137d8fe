// Curves that grow by reports.
import { expect, test } from 'vitest';
import type { Progress } from '../../src/training/types.js';
import type { MetricsRow } from '../workers/train.worker.js';
import { type Curves, grown } from './grown-curves.js';

const progress = (steps: number, successRate = 0.5): Progress => ({
  phase: 'training',
  steps,
  totalSteps: 1000,
  updates: 0,
  episodes: 0,
  seconds: steps / 100,
  stepsPerSecond: 100,
  secondsLeft: 1,
  successRate,
  meanReward: -10,
});

test('rows and progress become curves over steps and training time', () => {
  const rows: MetricsRow[] = [
    { step: 500, wall: 1.7e9, 'time/time_elapsed': 5, 'train/critic_loss': 2 },
    { step: 500, wall: 1.7e9, 'eval/success_rate': 0.25 },
  ];
  const curves = grown({}, { rows, progress: progress(600, Number.NaN) });
  expect(curves['train/critic_loss']).toEqual({ step: [500], seconds: [5], value: [2] });
  expect(curves['eval/success_rate']).toEqual({ step: [500], seconds: [5], value: [0.25] });
  expect(curves['rollout/ep_rew_mean']).toEqual({ step: [600], seconds: [6], value: [-10] });
  expect(curves['rollout/success_rate']).toBeUndefined(); // no episode has ended yet
  expect(Object.keys(curves)).not.toContain('wall');
});

test('what has not grown stays the same object, and what was given is not changed', () => {
  const first = grown({}, { rows: [{ step: 1, 'train/critic_loss': 1 }], progress: progress(1) });
  const text = JSON.stringify(first);
  const second = grown(first, { rows: [], progress: progress(2) });
  expect(second['train/critic_loss']).toBe(first['train/critic_loss']);
  expect(second['rollout/success_rate'].step).toEqual([1, 2]);
  expect(JSON.stringify(first)).toBe(text);
  expect(grown(second, { rows: [], progress: progress(2) })).toEqual(second); // a step counts once
});

test('a long training stays short to draw, from its beginning to its newest point', () => {
  let curves: Curves = {};
  for (let step = 1; step <= 5000; step++) curves = grown(curves, { rows: [], progress: progress(step) });
  const { step, value, seconds } = curves['rollout/ep_rew_mean'];
  expect(step.length).toBeLessThan(700);
  expect([value.length, seconds.length]).toEqual([step.length, step.length]);
  expect([step[0], step.at(-1)]).toEqual([1, 5000]);
  expect(step).toEqual(step.toSorted((a, b) => a - b));
});
