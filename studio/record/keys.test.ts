// Keys push where they point on the screen, choose what is named after them, and letters count by their place.
import { expect, test } from 'vitest';
import { choiceOf, directionOf, type HandKey, pushOf, SLOW, takeKeyOf } from './keys.js';

const flat = { right: [1, 0, 0], up: [0, 1, 0] };
const push = (keys: HandKey[], slow = false, axes = flat) => pushOf(new Set(keys), slow, axes);

test('held keys push together along the axes of the screen, opposite ones cancel, Shift is slow', () => {
  expect(push([])).toEqual([0, 0, 0]);
  expect(push(['right', 'up'])).toEqual([1, 1, 0]);
  expect(push(['left', 'right', 'lower'])).toEqual([0, 0, -1]);
  expect(push(['down', 'raise'], true)).toEqual([0, -SLOW, SLOW]);
  // Seen from the other side of the arm, right is where y falls.
  expect(push(['right', 'up'], false, { right: [0, -1, 0], up: [1, 0, 0] })).toEqual([1, -1, 0]);
});

test('arrows and letters mean the same, and no key two things', () => {
  const same: [string, string][] = [
    ['ArrowLeft', 'KeyA'],
    ['ArrowRight', 'KeyD'],
    ['ArrowUp', 'KeyW'],
    ['ArrowDown', 'KeyS'],
    ['PageUp', 'KeyE'],
    ['PageDown', 'KeyQ'],
  ];
  for (const [one, other] of same) expect(directionOf(one)).toBe(directionOf(other));
  expect(takeKeyOf('Space')).toBe('grip');
  for (const code of ['Space', 'Enter', 'KeyR', 'Delete']) expect(directionOf(code)).toBeUndefined();
  for (const pair of same) for (const code of pair) expect(takeKeyOf(code)).toBeUndefined();
});

test('choices: the way a key points, where the environment has one, and numbers', () => {
  const ways = { up: 0, right: 1, down: 2, left: 3 };
  expect(['ArrowUp', 'KeyD', 'ArrowDown', 'KeyA'].map((code) => choiceOf(code, ways, 4))).toEqual([0, 1, 2, 3]);
  expect(choiceOf('Period', ways, 4)).toBeUndefined();
  expect(choiceOf('Period', { ...ways, stay: 4 }, 5)).toBe(4);
  expect(['Digit0', 'Numpad7', 'Digit8', 'KeyX', 'KeyE'].map((code) => choiceOf(code, {}, 8))).toEqual([
    0,
    7,
    undefined,
    undefined,
    undefined,
  ]);
});
