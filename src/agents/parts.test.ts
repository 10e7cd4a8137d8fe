// Shared parts of agents against their closed forms.
import { describe, expect, it } from 'vitest';
import { evaluate } from '../tensor/testing.js';
import { boundTarget } from './parts.js';

describe('boundTarget', () => {
  it.each([
    ['-1 a step, 0 at the goal', [-1, 0], [-20, 0]],
    ['0 a step, 1 at the goal', [0, 1], [0, 20]],
    ['both signs', [-2, 3], [-40, 60]],
    ['always positive: an ended episode earns nothing more', [1, 2], [0, 40]],
    ['always negative', [-2, -1], [-40, 0]],
    ['without an upper bound', [-1, Infinity], [-20, Infinity]],
    ['without a lower bound', [-Infinity, 0], [-Infinity, 0]],
    ['without any', [-Infinity, Infinity], [-Infinity, Infinity]],
  ] as const)('%s', async (_, range, [low, high]) => {
    const targets = [-1000, -40.5, -20.5, -19.5, -1, 0, 0.25, 19.5, 20.5, 1000];
    const { y } = await evaluate(
      (_g, [target]) => ({ y: boundTarget(target, range, 0.95).add(0) }),
      [{ shape: [targets.length], data: targets }],
    );
    targets.forEach((target, i) => {
      expect(y[i]).toBeCloseTo(Math.min(Math.max(target, low), high), 9);
    });
  });
});
