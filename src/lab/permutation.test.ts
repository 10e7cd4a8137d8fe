// The permutation test on groups small enough to count by hand.
import { expect, it } from 'vitest';
import { permutationChance } from './permutation.js';

it.each([
  [[0, 0, 0], [1, 1, 1], 1 / 20],
  [[1, 1, 1], [0, 0, 0], 1],
  [[1, 1, 1], [1, 1, 1], 1],
  // {1, 2} against {3, 4}: of the six pairs only {3, 4} is as good; {1, 3} against {2, 4} is met by two.
  [[1, 2], [3, 4], 1 / 6],
  [[1, 3], [2, 4], 2 / 6],
  [[0], [1], 1 / 2],
])('%j and %j: %d', (first, second, chance) => {
  expect(permutationChance(first, second)).toBeCloseTo(chance, 12);
});

it('refuses what it cannot tell', () => {
  expect(() => permutationChance([], [1])).toThrow('at least one number');
  const many = Array.from({ length: 15 }, (_, i) => i);
  expect(() => permutationChance(many, many)).toThrow('too many numbers');
});
