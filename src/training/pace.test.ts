// The pace of a training: a burst at the beginning is soon forgotten, and a change is followed.
import { expect, test } from 'vitest';
import { createMemoryStore } from '../runs/memory-store.js';
import { createPace } from './pace.js';
import { train } from './train.js';
import type { Progress } from './types.js';

test('nothing yet: 0; evenly: just that', () => {
  const pace = createPace();
  expect(pace.after(0, 0)).toBe(0);
  for (const seconds of [0.5, 7, 1]) expect(pace.after(20 * seconds, seconds)).toBeCloseTo(20, 10);
});

test('a first burst of 100 steps in 0.14 s, then 100 in 7 s each: after two of those within a fifth of the truth', () => {
  const pace = createPace();
  expect(pace.after(100, 0.14)).toBeCloseTo(714, 0);
  pace.after(100, 7);
  expect(pace.after(100, 7)).toBeLessThan(1.2 * (100 / 7));
});

test('half as fast from now on: after half a minute that is what it says', () => {
  const pace = createPace();
  for (let i = 0; i < 60; i++) pace.after(100, 1);
  let now = 0;
  for (let i = 0; i < 30; i++) now = pace.after(50, 1);
  expect(now).toBeGreaterThan(50);
  expect(now).toBeLessThan(53);
});

test('a training that makes up its updates keeps the pace of its steps', async () => {
  const told: Progress[] = [];
  await train({
    env: 'point/reach',
    steps: 60,
    store: createMemoryStore(),
    onProgress: (progress) => told.push(progress),
    config: {
      envs: 1,
      // Nothing can be learned before the first episode of 50 steps is over: most of the updates are owed at the end.
      training: { warmupSteps: 0, updatesPerStep: 40, cycleSteps: 5 },
      runtime: { worker: false, overlap: false },
      evaluation: { every: 0, episodes: 1 },
    },
  });
  const made = told.filter(({ phase }) => phase === 'updates').map(({ stepsPerSecond }) => stepsPerSecond);
  expect(made.length).toBeGreaterThan(2);
  expect(new Set(made).size).toBe(1);
});
