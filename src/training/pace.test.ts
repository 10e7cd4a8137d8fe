// The pace of a training: a burst at the beginning is soon forgotten, and a change is followed.
import { expect, test } from 'vitest';
import { createPace } from './pace.js';

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
