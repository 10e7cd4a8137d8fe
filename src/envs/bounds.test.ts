// Boxes: bounds for all numbers or for each, and what is refused by name.
import { expect, test } from 'vitest';
import { box } from './space.js';

test('a bound counts for all numbers, a list for each', () => {
  expect(box(2, -1, 1)).toMatchObject({ size: 2, low: [-1, -1], high: [1, 1] });
  expect(box(2, [-1, -2], [1, 2])).toMatchObject({ size: 2, low: [-1, -2], high: [1, 2] });
  expect(box(2, 0, [1, Infinity])).toMatchObject({ low: [0, 0], high: [1, Infinity] });
  expect(box(2, Float32Array.of(-1, -2) as unknown as number[]).low).toEqual([-1, -2]);
  const given = [-1, -2];
  const { low } = box(2, given);
  given[0] = 5; // the caller's own array
  expect(low).toEqual([-1, -2]);
  expect(box(1)).toMatchObject({ low: [-Infinity], high: [Infinity] });
});

test.each([
  [[2, [-1], 1], 'box: low has 1 bounds for 2 numbers; give one number for all 2, or a list of 2 numbers'],
  [[2, -1, [1, 1, 1]], 'box: high has 3 bounds for 2 numbers'],
  [[2, [[-1], -1], 1], 'box: low[0] is [-1]'],
  [[2, '-1', 1], 'box: low is "-1"'],
  [[2, -1, Number.NaN], 'box: high is NaN'],
  [[2, -1, null], 'box: high is null'],
  [[2, -1, ['x']], 'box: high has 1 bounds'],
  [[2, [0, 3], [1, 2]], 'box: number 1 has bounds [3, 2]; low must not exceed high.'],
  [[2.5, -1, 1], 'box: size is 2.5; it must be a whole number'],
  [[[2], -1, 1], 'box: size is [2]'],
])('box(...%j) is refused', (given, message) => {
  expect(() => box(...(given as Parameters<typeof box>))).toThrow(message);
});
