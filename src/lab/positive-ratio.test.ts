// The share of successes: formulas against exact counts and the sampler; random walks against their own closed form.
import { expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { calculate } from './calculator.js';
import {
  countPositives,
  createPaths,
  harmonic,
  ownEpisodeStrategies,
  positiveRatio,
  positiveRatioCalculator,
} from './positive-ratio.js';

test('T = 50, k = 4: 80% relabelled, 7.2% with future, 1.6% with final and episode', () => {
  expect(harmonic(50)).toBeCloseTo(4.499205338, 9);
  expect(positiveRatio('future', 50, 4)).toBeCloseTo((0.8 * harmonic(50)) / 50, 15);
  expect((100 * positiveRatio('future', 50, 4)).toFixed(1)).toBe('7.2');
  expect(positiveRatio('final', 50, 4)).toBeCloseTo(0.016, 15);
  expect(positiveRatio('episode', 50, 4)).toBeCloseTo(0.016, 15);
  expect(positiveRatio('none', 50, 4, 0.01)).toBe(0.01);
  expect(positiveRatio('final', 50, 4, 0.01)).toBeCloseTo(0.016 + 0.01 / 5, 15);
});

test.each([
  { steps: 50, k: 4, solved: 0, dimensions: 1 },
  { steps: 7, k: 1, solved: 1, dimensions: 2 },
  { steps: 1, k: 2.5, solved: 0.5, dimensions: 3 },
])('on straight paths the count equals the formula, original successes included: %o', (given) => {
  const { data } = calculate(positiveRatioCalculator, { ...given, episodes: 50, samples: 1000 });
  const straight = data.results.filter(({ path }) => path === 'straight');
  expect(straight).toHaveLength(4);
  for (const { counted, formula, originalSuccess } of straight) {
    expect(counted).toBeCloseTo(formula, 12);
    if (given.solved === 1) expect(originalSuccess).toBeCloseTo(1 / given.steps, 12);
  }
  expect(data.distinct).toBe(true);
});

test.each([0, 1, 2])('the sampler draws what is counted, seed %i', (seed) => {
  const { data } = calculate(positiveRatioCalculator, { solved: 0.6, seed, samples: 100_000 });
  for (const result of data.results) {
    expect(result.simulatedError).toBeGreaterThan(0);
    expect(Math.abs(result.simulated - result.counted)).toBeLessThan(4.5 * result.simulatedError);
    const share = result.relabelledShare;
    expect(Math.abs(result.simulatedRelabelled - share)).toBeLessThanOrEqual(
      4.5 * Math.sqrt((share * (1 - share)) / 1e5),
    );
  }
});

test('neighbours within eps count as well, which is told', () => {
  const { data } = calculate(positiveRatioCalculator, { eps: 0.25, episodes: 10, samples: 1000 });
  expect(data.distinct).toBe(false);
  const [, , final, episode] = data.results;
  // The last three steps lie within two strides of the end.
  expect(final.counted).toBeCloseTo((0.8 * 3) / 50, 12);
  expect(episode.counted).toBeGreaterThan(2 * episode.formula);
});

/** Probability that a walk of independent +-1 coordinates is back after `lag` steps. */
function returnProbability(lag: number, dimensions: number): number {
  if (lag % 2 === 1) return 0;
  let one = 1;
  for (let i = 1; i <= lag / 2; i++) one *= (lag / 2 + i) / i / 4;
  return one ** dimensions;
}

test.each([1, 2])('random walks in %i dimensions revisit as often as theory says', (dimensions) => {
  const steps = 20;
  const back = Array.from({ length: steps }, (_, lag) => returnProbability(lag, dimensions));
  const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const at = Array.from({ length: steps }, (_, i) => i);
  const expected = {
    none: 0,
    future: average(at.map((i) => average(back.slice(0, steps - i)))),
    final: average(back),
    episode: average(at.map((i) => average(at.map((j) => back[Math.abs(i - j)])))),
  };
  for (const strategy of ownEpisodeStrategies) {
    const shares = Array.from({ length: 40 }, (_, run) => {
      const paths = createPaths('random walk', createRandom(run), {
        episodes: 50,
        steps,
        stride: 1,
        dimensions,
        solved: 0,
      });
      return countPositives(paths, { strategy, k: 4 }, { dimensions, eps: 0.5 }).share;
    });
    const mean = average(shares);
    const error = Math.sqrt(average(shares.map((share) => (share - mean) ** 2)) / 39);
    expect(Math.abs(mean - 0.8 * expected[strategy])).toBeLessThanOrEqual(4 * error);
    if (strategy !== 'none') expect(mean).toBeGreaterThan(1.2 * positiveRatio(strategy, steps, 4));
  }
});
