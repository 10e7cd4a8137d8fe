// Where the goals of a data set lie, or what was achieved in it: counts over a grid of the first two numbers.
import { type Column, columnsOf, type Values } from '../envs/columns.js';
import type { EnvSpec } from '../envs/env.js';

export interface Coverage {
  /** The column that is shown. */
  readonly column: string;
  /** Ranges of its first and second number; the second is [0, 0] where there is one. */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** [rows][columns]: values in each cell; the first row is that of the largest second number. */
  readonly counts: readonly (readonly number[])[];
}

const WIDTH = 40;
const HEIGHT = 16;

/** What is shown: goals, else what was achieved, else the first part of what is seen if it is a vector. */
export const coverageColumn = (spec: EnvSpec): Column | undefined =>
  ['goal', 'achieved', 'observation'].flatMap((wanted) => columnsOf(spec).filter(({ name }) => name === wanted))[0];

/** [n, 2] of [n, size]. */
export function firstTwo(values: Values, size: number): Float32Array {
  const n = values.length / size;
  const out = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    out[2 * i] = values[i * size];
    if (size > 1) out[2 * i + 1] = values[i * size + 1];
  }
  return out;
}

export function coverageOf(column: string, parts: readonly Float32Array[]): Coverage {
  const x: [number, number] = [Infinity, -Infinity];
  const y: [number, number] = [Infinity, -Infinity];
  const eachPlace = (use: (a: number, b: number) => void) => {
    for (const part of parts) {
      for (let i = 0; i < part.length; i += 2) {
        if (Number.isFinite(part[i]) && Number.isFinite(part[i + 1])) use(part[i], part[i + 1]);
      }
    }
  };
  eachPlace((a, b) => {
    x[0] = Math.min(x[0], a);
    x[1] = Math.max(x[1], a);
    y[0] = Math.min(y[0], b);
    y[1] = Math.max(y[1], b);
  });
  const height = y[0] < y[1] ? HEIGHT : 1;
  const counts = Array.from({ length: height }, () => new Array<number>(WIDTH).fill(0));
  const cell = (value: number, [low, high]: readonly [number, number], cells: number) =>
    high > low ? Math.min(cells - 1, Math.floor(((value - low) / (high - low)) * cells)) : 0;
  eachPlace((a, b) => {
    counts[height - 1 - cell(b, y, height)][cell(a, x, WIDTH)]++;
  });
  return { column, x, y, counts };
}

/** From nothing to the fullest cell. */
const SHADES = ' .:-=+*#%@';

/** The counts as lines of text: darker is more, by the logarithm. */
export function coverageText({ counts }: Coverage): string[] {
  const most = counts.flat().reduce((a, b) => Math.max(a, b), 1);
  const shade = (count: number) =>
    count === 0
      ? ' '
      : SHADES[
          1 + Math.min(SHADES.length - 2, Math.floor((Math.log1p(count) / Math.log1p(most)) * (SHADES.length - 2)))
        ];
  return counts.map((row) => row.map(shade).join(''));
}
