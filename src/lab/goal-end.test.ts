// The worth of a goal: closed forms against value iteration.
import { expect, test } from 'vitest';
import { calculate } from './calculator.js';
import { goalEnd, goalValue, iterateGoalValues, rewardForms } from './goal-end.js';

test('staying at a 0/1 goal is worth 1 / (1 - gamma), ending there 1', () => {
  expect(goalValue('zero-one', false, 0.98, 1)).toBeCloseTo(50, 10);
  expect(goalValue('zero-one', true, 0.98, 1)).toBe(1);
  expect(calculate(goalEnd, { discount: 0.9 }).data.stayingWorth).toBeCloseTo(10, 12);
});

test.each([0, 0.5, 0.98])('closed forms agree with value iteration, gamma %f', (discount) => {
  for (const form of rewardForms) {
    for (const ends of [true, false]) {
      const iterated = iterateGoalValues(form, ends, discount, 30);
      for (const [i, value] of iterated.entries()) {
        expect(value).toBeCloseTo(goalValue(form, ends, discount, i + 1), 8);
      }
    }
  }
});

test('with rewards -1/0 it does not matter whether the goal ends the episode', () => {
  for (const distance of [1, 5, 50]) {
    const [ends, stays] = [true, false].map((end) => goalValue('minus-one-zero', end, 0.98, distance));
    expect(ends).toBe(stays);
  }
});
