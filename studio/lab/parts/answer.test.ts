// Answers are read as they are written, and judged with some tolerance.
import { expect, test } from 'vitest';
import { isRight, readAnswer } from './answer.js';

test.each([
  ['0.8', 0.8],
  ['.8', 0.8],
  ['0,8', 0.8],
  ['80%', 0.8],
  [' 80 % ', 0.8],
  ['4/5', 0.8],
  ['1/3%', 1 / 300],
  ['8e-1', 0.8],
])('%j', (text, value) => expect(readAnswer(text)).toBeCloseTo(value, 12));

test.each(['', 'k', '4/', '1/0', '80%%', '1 2 x'])('%j is no number', (text) =>
  expect(readAnswer(text)).toBeUndefined(),
);

test('three digits are enough, two wrong ones are not', () => {
  expect(isRight(0.072, 0.0719873)).toBe(true);
  expect(isRight(0.08, 0.0719873)).toBe(false);
  expect(isRight(0, 0)).toBe(true);
});
