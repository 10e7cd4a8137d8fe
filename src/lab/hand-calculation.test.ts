// The lecture's hand calculation: its figures exactly, both orders, limits, ends, and states visited twice.
import { expect, test } from 'vitest';
import { calculate } from './calculator.js';
import { type HandOptions, handCalculation, trace, valuesAfter } from './hand-calculation.js';

const lecture = calculate(handCalculation).options as HandOptions;
const last = lecture.path[3];

test('with the original goal, every update leaves 0', () => {
  const updates = trace({ ...lecture, strategy: 'none' }, 5);
  expect(updates).toHaveLength(15);
  for (const { target, error, after } of updates) expect([target, error, after]).toEqual([0, 0, 0]);
  expect(calculate(handCalculation).data.missedBy.toFixed(4)).toBe('0.5385');
});

test('relabelled by final and replayed backwards: 0.1, 0.0098, 0.0009604', () => {
  const updates = trace(lecture, 1).filter(({ relabelled }) => relabelled);
  expect(updates.map(({ step }) => step)).toEqual([2, 1, 0]);
  const [third, second, first] = updates;
  expect([third.reward, third.terminated, third.target, third.after]).toEqual([1, true, 1, 0.1]);
  expect([second.reward, second.nextValue]).toEqual([0, 0.1]);
  expect(second.target).toBeCloseTo(0.098, 15);
  expect(second.after).toBeCloseTo(0.0098, 15);
  expect(first.target).toBeCloseTo(0.009604, 15);
  expect(first.after).toBeCloseTo(0.0009604, 15);
});

test('replayed forwards, the value moves one step back a sweep', () => {
  const values = valuesAfter({ ...lecture, order: 'forwards' }, last, [1, 2, 3]);
  expect(values[0]).toEqual([0, 0, 0.1]);
  expect(values[1][0]).toBe(0);
  expect(values[1][1]).toBeCloseTo(0.0098, 15);
  expect(values[2][0]).toBeCloseTo(0.0009604, 15);
});

test.each(['backwards', 'forwards'] as const)('%s: the limits are 1, 0.98 and 0.9604', (order) => {
  const [values] = valuesAfter({ ...lecture, order }, last, [1000]);
  for (const [i, limit] of [0.9604, 0.98, 1].entries()) expect(values[i]).toBeCloseTo(limit, 12);
});

test('after n sweeps the last step is at 1 - (1 - alpha)^n', () => {
  const [values] = valuesAfter(lecture, last, [17]);
  expect(values[2]).toBeCloseTo(1 - 0.9 ** 17, 12);
});

test('future gives each step all later goals, each reached only by its own step', () => {
  const updates = trace({ ...lecture, strategy: 'future' }, 1).filter(({ relabelled }) => relabelled);
  expect(updates.map(({ step }) => step)).toEqual([2, 1, 1, 0, 0, 0]);
  expect(updates.filter(({ reward }) => reward === 1)).toHaveLength(3);
});

test('a state and action met twice share one value', () => {
  const loop: HandOptions = { ...lecture, path: [[0], [1], [0], [1], [2]], goal: [9], eps: 0.5 };
  const [once] = valuesAfter(loop, [2], [1]);
  expect(once[0]).toBe(once[2]);
  // The last step 0.1, the second visit 0.0098, the way back from it 0.1 x 0.98 x 0.0098, then the first visit again.
  const first = 0.0098 + 0.1 * (0.098 - 0.0098);
  expect(once[3]).toBe(0.1);
  expect(once[1]).toBeCloseTo(0.0009604, 15);
  expect(once[0]).toBeCloseTo(first, 15);
});

test('points of different dimensions are refused', () => {
  expect(() => calculate(handCalculation, { goal: [1, 2, 3] })).toThrow('[1,2,3] has 3 coordinates');
});
