// Chances of tasks in closed form.
import { expect, it } from 'vitest';
import { performanceChances, uncertaintyChances } from './task-sampling.js';

const near = (got: number[], wanted: number[]) => {
  wanted.forEach((value, i) => {
    expect(got[i]).toBeCloseTo(value, 10);
  });
};

it('by performance: a softmax of what is missing, over the temperature', () => {
  const e = Math.E;
  near(performanceChances([1, 0.5], { temperature: 0.5, uniform: 0 }), [1 / (1 + e), e / (1 + e)]);
  near(performanceChances([2, 1], { temperature: 0.5, uniform: 0 }, 2), [1 / (1 + e), e / (1 + e)]);
  near(performanceChances([0.3, 0.3, 0.3], { temperature: 0.1, uniform: 0.2 }), [1 / 3, 1 / 3, 1 / 3]);
  // Better than the target is as good as it.
  near(performanceChances([9, 1], { temperature: 0.5, uniform: 0 }), [0.5, 0.5]);
});

it('by uncertainty: in proportion, whatever the unit', () => {
  near(uncertaintyChances([1, 3], { temperature: 1, uniform: 0 }), [0.25, 0.75]);
  near(uncertaintyChances([100, 300], { temperature: 1, uniform: 0 }), [0.25, 0.75]);
  near(uncertaintyChances([1, 3], { temperature: 0.5, uniform: 0 }), [0.1, 0.9]);
  near(uncertaintyChances([0, 0], { temperature: 1, uniform: 0 }), [0.5, 0.5]);
});

it('all tasks keep their share, however well they go', () => {
  const [solved] = performanceChances([1, 0, 0, 0], { temperature: 0.01, uniform: 0.2 });
  expect(solved).toBeCloseTo(0.05, 10);
  expect(uncertaintyChances([0, 5], { temperature: 1, uniform: 0.3 })[0]).toBeCloseTo(0.15, 10);
});
