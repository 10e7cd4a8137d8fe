// Counted hits against the formula, and the same points however they are drawn.
import { expect, test } from 'vitest';
import { createEndPoints } from './random-end-points.js';
import { log10HitProbability } from './sparse-reward.js';

test.each([
  { goal: [0.5], eps: 0.02 },
  { goal: [0.5, 0.02], eps: 0.1 },
  { goal: [0, 0.3, 1], eps: 0.3 },
])('hits agree with the formula: goal $goal within $eps', ({ goal, eps }) => {
  const sides = goal.map(() => 1);
  const points = createEndPoints({ sides, goal, eps, seed: 3 });
  points.draw(100_000);
  const chance = 10 ** log10HitProbability(sides, goal, eps).log10Probability;
  expect(points.hits).toBeGreaterThan(100);
  expect(Math.abs(points.hits / points.trials - chance)).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / 100_000));
});

test('in parts or at once, the points are the same, and every hit is shown as one', () => {
  const options = { sides: [2, 1], goal: [1, 0.5], eps: 0.25, seed: 0 };
  const drawn = (counts: readonly number[]) => {
    const points = createEndPoints(options);
    const seen: number[] = [];
    let hits = 0;
    for (const count of counts) {
      points.draw(count, (point, hit) => {
        seen.push(...point);
        hits += hit ? 1 : 0;
        expect(Math.hypot(point[0] - 1, point[1] - 0.5) < 0.25).toBe(hit);
      });
    }
    expect(points).toMatchObject({ trials: 200, hits });
    return seen;
  };
  expect(drawn([1, 99, 100])).toEqual(drawn([200]));
});
