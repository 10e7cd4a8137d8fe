// Ticks are round, lie within the range, and are neither crowded nor lonely.
import { expect, it } from 'vitest';
import { ticks } from './ticks.js';

it.each([
  [0, 1, [0, 0.25, 0.5, 0.75, 1]],
  [1, 200, [50, 100, 150, 200]],
  [0, 105, [0, 25, 50, 75, 100]],
  [0, 49, [0, 10, 20, 30, 40]],
  [0, 0.3, [0, 0.1, 0.2, 0.3]],
  [-1, 1, [-1, -0.5, 0, 0.5, 1]],
])('from %d to %d', (low, high, expected) => {
  expect(ticks([low, high])).toEqual(expected);
});

it('there are three to six, whatever the range', () => {
  for (let high = 0.01; high < 5000; high *= 1.01) {
    const { length } = ticks([0, high]);
    expect([3, 4, 5, 6], `up to ${high}`).toContain(length);
  }
});
