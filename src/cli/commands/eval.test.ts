// What `anygoal eval` shows while it runs.
import { expect, test } from 'vitest';
import { liveLine } from './eval.js';

const episode = (reward: number, success: boolean) => ({
  ...{ reward, success, anySuccess: success },
  ...{ length: 5, goal: new Float32Array(0) },
});

test('the live line has means so far', () => {
  const line = liveLine(20);
  expect(line(episode(-4, true))).toBe('episode 1/20  success 100%  return -4.0');
  expect(line(episode(-6, false))).toBe('episode 2/20  success 50%  return -5.0');
});

test('it tells of no success where there is no such notion', () => {
  expect(liveLine(3)({ ...episode(-4, false), hasSuccess: false })).toBe('episode 1/3  return -4.0');
});
