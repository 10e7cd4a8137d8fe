// The bounds of a box as people give them: one number for all, or one for each, as in Gymnasium.
import { UsageError } from '../errors.js';

export type Bounds = number | readonly number[];

/** A lower and an upper bound per number. @throws UsageError that names the side, the value and what is allowed */
export function rangeOf(size: number, low: Bounds, high: Bounds) {
  if (!Number.isInteger(size) || size < 0) {
    throw new UsageError(`box: size is ${show(size)}; it must be a whole number: how many numbers there are.`);
  }
  const range = { low: listOf('low', low, size), high: listOf('high', high, size) };
  const i = range.low.findIndex((bound, j) => bound > range.high[j]);
  if (i >= 0) {
    throw new UsageError(`box: number ${i} has bounds [${range.low[i]}, ${range.high[i]}]; low must not exceed high.`);
  }
  return range;
}

function listOf(side: 'low' | 'high', given: Bounds, size: number): readonly number[] {
  if (isBound(given)) return new Array<number>(size).fill(given);
  const refuse = (what: string): never => {
    throw new UsageError(
      `box: ${side}${what}; give one number for all ${size}, or a list of ${size} numbers (Infinity is allowed).`,
    );
  };
  // What comes from JavaScript may be anything; typed arrays are lists too.
  if (!Array.isArray(given) && !ArrayBuffer.isView(given)) return refuse(` is ${show(given)}`);
  const list = Array.from(given as readonly number[]);
  if (list.length !== size) refuse(` has ${list.length} bounds for ${size} numbers`);
  const wrong = list.findIndex((bound) => !isBound(bound));
  if (wrong >= 0) refuse(`[${wrong}] is ${show(list[wrong])}`);
  return list;
}

const isBound = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value);
const show = (value: unknown): string => (typeof value === 'number' ? String(value) : String(JSON.stringify(value)));
