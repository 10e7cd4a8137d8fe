// The coin flip: biased hindsight in closed form and simulation, and what is not biased.
import { expect, test } from 'vitest';
import { calculate } from './calculator.js';
import { hindsightBias, learnedValue } from './hindsight-bias.js';

test('true value 0.5, learned 0.9 at k = 4', () => {
  expect(learnedValue(0.5, 4)).toBeCloseTo(0.9, 15);
  const { methods, trueValue } = calculate(hindsightBias).data;
  expect(trueValue).toBe(0.5);
  const future = methods.find(({ method }) => method === 'future')!;
  expect(future.simulatedError).toBeLessThan(0.005);
  expect(Math.abs(future.simulated - 0.9)).toBeLessThan(4 * future.simulatedError);
});

test('without hindsight there is no bias, with ever more it tends to 1, and certainty is not overrated', () => {
  expect(learnedValue(0.3, 0)).toBe(0.3);
  expect(learnedValue(0.3, 1e9)).toBeCloseTo(1, 8);
  expect(learnedValue(1, 4)).toBe(1);
  // Goals asked for as often as they come: (p + k) / (1 + k).
  expect(learnedValue(0.2, 4, 0.2)).toBeCloseTo(4.2 / 5, 12);
});

test.each([
  { chance: 0.5, k: 4, wanted: 0.5 },
  { chance: 0.2, k: 4, wanted: 0.5 },
  { chance: 0.8, k: 1, wanted: 1 },
  { chance: 0.5, k: 8, wanted: 0.1 },
])('the simulation learns what the closed form says, and the remedies the truth: %o', (given) => {
  const { methods } = calculate(hindsightBias, { ...given, seed: 11 }).data;
  for (const { method, expected, simulated, simulatedError } of methods) {
    expect(simulatedError).toBeLessThan(0.03);
    expect(Math.abs(simulated - expected)).toBeLessThan(4 * simulatedError);
    if (method !== 'future') expect(expected).toBe(given.chance);
  }
});
