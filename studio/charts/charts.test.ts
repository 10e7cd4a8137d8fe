// Smoothing and aggregation of curves.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aggregate } from './aggregate.js';
import { curveStyle } from './palette.js';
import { smooth } from './smooth.js';

test('smoothing keeps constants and gaps, and its start is not biased to zero', () => {
  expect(smooth([3, 3, null, 3], 0.9).map((value) => value && Math.round(value * 1e9) / 1e9)).toEqual([3, 3, null, 3]);
  expect(smooth([1, 2, 3], 0)).toEqual([1, 2, 3]);
  // By hand with weight 1/2: (1/2 * 1/2 + 1/2 * 4) / (3/4)
  expect(smooth([1, 4], 0.5)).toEqual([1, 3]);
});

test('smoothed values stay within what they come from', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 0.99, noNaN: true }), (all, weight) => {
      const [low, high] = [Math.min(...all), Math.max(...all)];
      for (const value of smooth(all, weight)) {
        expect(value).toBeGreaterThanOrEqual(low - 1e-6);
        expect(value).toBeLessThanOrEqual(high + 1e-6);
      }
    }),
  );
});

test('seeds are averaged where they are, interpolated between their points', () => {
  const a = { x: [0, 10, 20], y: [0, 10, 20] };
  const b = { x: [5, 15, 25], y: [2, 4, 6] };
  expect(aggregate([a, b])).toEqual({
    x: [0, 5, 10, 15, 20, 25],
    mean: [0, 3.5, 6.5, 9.5, 12.5, 6],
    low: [0, 2, 3, 4, 5, 6],
    high: [0, 5, 10, 15, 20, 6],
    count: [1, 2, 2, 2, 2, 1],
  });
});

test('gaps are bridged, repeated x take the last value, empty curves count for nothing', () => {
  expect(
    aggregate([
      { x: [0, 1, 2], y: [0, null, 2] },
      { x: [], y: [] },
    ]),
  ).toMatchObject({ x: [0, 2], mean: [0, 2] });
  expect(aggregate([{ x: [0, 1, 1], y: [0, 5, 7] }])).toMatchObject({ x: [0, 1], mean: [0, 7] });
  expect(aggregate([])).toEqual({ x: [], mean: [], low: [], high: [], count: [] });
});

test('thinning keeps both ends', () => {
  const x = Array.from({ length: 5000 }, (_, i) => i);
  const { x: thinned, mean } = aggregate([{ x, y: x }], 100);
  expect([thinned[0], thinned[1], thinned.at(-1)]).toEqual([0, 64, 4999]);
  expect(thinned.length).toBeLessThanOrEqual(100);
  expect(mean).toEqual(thinned);
});

test('twenty-one curves look different', () => {
  for (const dark of [false, true]) {
    const looks = Array.from({ length: 21 }, (_, i) => JSON.stringify(curveStyle(i, dark)));
    expect(new Set(looks).size).toBe(21);
  }
});
