import { expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { createShuffle } from './shuffle.js';

test('each pass holds every row once, in orders that are all about equally frequent', () => {
  const shuffle = createShuffle(createRandom(3));
  const counts = new Map<string, number>();
  const passes = 6000;
  shuffle.begin(3);
  for (let pass = 0; pass < passes; pass++) {
    const order = [shuffle.next(), shuffle.next(), shuffle.next()];
    expect([...order].sort()).toEqual([0, 1, 2]);
    counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1);
  }
  // Chi-square with 5 degrees of freedom: beyond 27.9 with probability 4e-5.
  const expected = passes / 6;
  const deviation = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  expect(counts.size).toBe(6);
  expect(deviation).toBeLessThan(27.9);
});
