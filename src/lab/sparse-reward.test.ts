// Sparse rewards: the mission's figures, a simulation, walls, and the cap at 1.
import { expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { calculate } from './calculator.js';
import { log10HitProbability, sparseReward, trialsToFirstSuccess } from './sparse-reward.js';

test('1 m cube, eps 2 cm, centre: 3.351e-5, 0.00335 successes in 100, 29,842 trials, 298 batches', () => {
  const { chosen } = calculate(sparseReward).data;
  expect(chosen.probability).toBeCloseTo((4 / 3) * Math.PI * 0.02 ** 3, 16);
  expect(chosen.probability.toPrecision(4)).toBe('0.00003351');
  expect(chosen.expectedSuccesses.toPrecision(3)).toBe('0.00335');
  expect(Math.round(chosen.meanTrials)).toBe(29842);
  expect(Math.round(chosen.meanBatches)).toBe(298);
});

test('fourteen dimensions with the same box and eps: 9.8e-25', () => {
  const { chosen, byDimension } = calculate(sparseReward, { dimensions: 14 }).data;
  expect(chosen.probability.toPrecision(2)).toBe('9.8e-25');
  expect(chosen.log10Probability).toBeCloseTo(Math.log10((Math.PI ** 7 / 5040) * 0.02 ** 14), 12);
  expect(byDimension[13].log10Probability).toBe(chosen.log10Probability);
});

test('half at a face, a quarter at an edge, an eighth at a corner', () => {
  const { places } = calculate(sparseReward).data;
  expect(places.map(({ shareInside }) => shareInside)).toEqual([1, 0.5, 0.25, 0.125]);
  expect(places[3].probability / places[0].probability).toBeCloseTo(0.125, 14);
});

test('near walls, random end points hit as often as computed', () => {
  const sides = [1, 0.6, 0.8];
  const goal = [0.05, 0.45, 0.78];
  const eps = 0.25;
  const probability = 10 ** log10HitProbability(sides, goal, eps).log10Probability;
  const random = createRandom(3);
  const trials = 300_000;
  let hits = 0;
  for (let n = 0; n < trials; n++) {
    const away = Math.hypot(...sides.map((side, i) => random.uniform() * side - goal[i]));
    if (away < eps) hits++;
  }
  expect(Math.abs(hits / trials - probability)).toBeLessThan(4 * Math.sqrt((probability * (1 - probability)) / trials));
});

test('the chance is capped at 1, however large eps is', () => {
  for (const eps of [2, 1e6, 1e300]) {
    const { chosen } = calculate(sparseReward, { eps, position: 'corner' }).data;
    expect([chosen.probability, chosen.meanTrials, chosen.medianTrials]).toEqual([1, 1, 1]);
  }
  const almost = calculate(sparseReward, { eps: 0.86 }).data.chosen.probability;
  expect(almost).toBeGreaterThan(0.9999);
  expect(almost).toBeLessThan(1);
});

test('chances below the smallest double are kept as logarithms', () => {
  const { chosen } = calculate(sparseReward, { dimensions: 100, eps: 1e-6 }).data;
  expect(chosen.probability).toBe(0);
  expect(chosen.log10Probability).toBeCloseTo(-600 + 50 * Math.log10(Math.PI) - 64.48307, 4); // log10 of 50!
});

test('mean and median of the trials to the first success', () => {
  const random = createRandom(5);
  const probability = 0.2;
  const counts = Array.from({ length: 20_000 }, () => {
    let trials = 1;
    while (random.uniform() >= probability) trials++;
    return trials;
  });
  const { mean, median } = trialsToFirstSuccess(Math.log10(probability));
  const average = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  expect(mean).toBeCloseTo(5, 12);
  expect(Math.abs(average - mean)).toBeLessThan((4 * Math.sqrt(1 - probability)) / probability / Math.sqrt(20_000));
  expect(counts.toSorted((a, b) => a - b)[10_000]).toBe(median);
  expect(trialsToFirstSuccess(Math.log10(0.5)).median).toBe(1);
});

test('the printed 30,000 batches stand beside the right 298', () => {
  const [correction] = calculate(sparseReward, { dimensions: 2 }).data.lecture;
  expect(correction.printed).toBe('30,000');
  expect(correction.right).toBe('298 (29,842 trajectories)');
});

test('a goal outside the box and lists of the wrong length are refused', () => {
  expect(() => calculate(sparseReward, { position: [0.5, 1.5, 0.5] })).toThrow('from 0 to 1');
  expect(() => calculate(sparseReward, { position: [0.5] })).toThrow('position lists 1 coordinates');
  expect(() => calculate(sparseReward, { side: [1, 2] })).toThrow('side lists 2 numbers');
});
