// What keys mean to a hand that steers, and where keys that are held together push.
import type { Way } from '../../src/envs/controls.js';

/** A direction on the screen, or the height. */
export type HandKey = 'left' | 'right' | 'up' | 'down' | 'raise' | 'lower';

/** By the place of the key on the keyboard, so that W, A, S and D lie together on every one. */
const directions: Readonly<Record<string, HandKey>> = {
  ArrowLeft: 'left',
  KeyA: 'left',
  ArrowRight: 'right',
  KeyD: 'right',
  ArrowUp: 'up',
  KeyW: 'up',
  ArrowDown: 'down',
  KeyS: 'down',
  KeyE: 'raise',
  PageUp: 'raise',
  KeyQ: 'lower',
  PageDown: 'lower',
};

/** What else keys do to a take. */
export type TakeKey = 'grip' | 'done' | 'redo' | 'discard';

const takes: Readonly<Record<string, TakeKey>> = {
  Space: 'grip',
  Enter: 'done',
  NumpadEnter: 'done',
  KeyR: 'redo',
  Delete: 'discard',
  Backspace: 'discard',
};

export const directionOf = (code: string): HandKey | undefined => directions[code];
export const takeKeyOf = (code: string): TakeKey | undefined => takes[code];

/** The choice that a key makes where an action is one of several: the way that it points, or the number on it. */
export function choiceOf(code: string, ways: Readonly<Partial<Record<Way, number>>>, n: number): number | undefined {
  const [, digit] = /^(?:Digit|Numpad)(\d)$/.exec(code) ?? [];
  if (digit !== undefined) return Number(digit) < n ? Number(digit) : undefined;
  const direction = directions[code];
  return code === 'Period' ? ways.stay : ways[direction as Way];
}

/** Of the screen along the scene's axes. */
export interface ScreenAxes {
  readonly right: readonly number[];
  readonly up: readonly number[];
}

/** A share of the largest action, while Shift is held. */
export const SLOW = 0.25;

/** Along x, y and z, where keys that are held push: opposite ones cancel. */
export function pushOf(held: ReadonlySet<HandKey>, slow: boolean, { right, up }: ScreenAxes): number[] {
  const between = (more: HandKey, less: HandKey) => (held.has(more) ? 1 : 0) - (held.has(less) ? 1 : 0);
  const [across, ahead, height] = [between('right', 'left'), between('up', 'down'), between('raise', 'lower')];
  return [0, 1, 2].map((axis) => {
    const along = across * (right[axis] ?? 0) + ahead * (up[axis] ?? 0) + (axis === 2 ? height : 0);
    return (slow ? SLOW : 1) * Math.min(Math.max(along, -1), 1) || 0; // never -0
  });
}
