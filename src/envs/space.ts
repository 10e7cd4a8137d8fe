// Spaces of what is observed and done: boxes of numbers, pictures, choices.
import { UsageError } from '../errors.js';
import { type Bounds, rangeOf } from './bounds.js';

/** How the numbers of a column are stored. */
export type Dtype = 'float32' | 'uint8';

/** Real vectors of `size` numbers, each within [low, high] (infinities allowed). */
export interface Box {
  readonly kind: 'box';
  readonly size: number;
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** What each number is, for people; optional. */
  readonly names?: readonly string[];
  /** How the numbers are arranged, such as [height, width, channels] of an image; absent: [size]. */
  readonly shape?: readonly number[];
  /** How they are stored; absent: float32. */
  readonly dtype?: Dtype;
  /** Of a named part that tells what an episode is about and stays as it is until its end; absent: each state has its own. */
  readonly per?: 'episode';
}

/** One of n choices, 0 to n-1, carried as one number. */
export interface Discrete {
  readonly kind: 'discrete';
  readonly n: number;
  readonly names?: readonly string[];
}

/** A box whose numbers share their bounds, `box(3, -1, 1)`, or have each their own, `box(2, [-1, 0], [1, 5])`. */
export function box(size: number, low: Bounds = -Infinity, high: Bounds = Infinity, names?: readonly string[]): Box {
  return { kind: 'box', size, ...rangeOf(size, low, high), names };
}

/** Pictures [height, width, channels] of bytes: `image([32, 32, 3])`. */
export function image(shape: readonly number[]): Box {
  if (!(Array.isArray(shape) && shape.length === 3 && shape.every((n) => Number.isInteger(n) && n >= 1))) {
    throw new UsageError(
      `image: the shape is ${JSON.stringify(shape)}; it must be [height, width, channels], whole numbers, at least 1.`,
    );
  }
  const size = shape.reduce((product, n) => product * n, 1);
  return { kind: 'box', size, low: new Array(size).fill(0), high: new Array(size).fill(255), shape, dtype: 'uint8' };
}

export function discrete(n: number, names?: readonly string[]): Discrete {
  return { kind: 'discrete', n, names };
}

/** Numbers that an action of this space takes in a buffer. */
export const actionSize = (space: Box | Discrete): number => (space.kind === 'box' ? space.size : 1);
