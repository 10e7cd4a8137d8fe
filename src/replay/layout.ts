// One row of the replay: everything of one state side by side, so that a sampled transition touches few cache lines.
import { type Column, columnsOf, type Values } from '../envs/columns.js';
import type { EnvSpec } from '../envs/env.js';

/** A column and where it lies in a row. */
export interface RowColumn extends Column {
  /** Words from the row's beginning; bytes (uint8) begin with that word, in the bytes of the same memory. */
  readonly offset: number;
}

/**
 * Row t of an episode with T transitions (T + 1 rows, t = 0..T): [t, T - t, failed, float32 columns, uint8 columns], in
 * 32-bit words. Columns of states are those of state t, columns of transitions those of the action taken in it, columns
 * of episodes the same in all rows. The last row, t = T, is the final state: its columns of transitions are zero. Steps
 * are exact up to 2^24.
 *
 * Bytes fill whole words at the row's end. Read as float32 they may be NaNs of any kind, whose bits survive block copies
 * (`set`, `copyWithin`) but not element by element: read and write them as bytes only.
 */
export interface RowLayout {
  /** Steps since the episode began. */
  readonly elapsed: 0;
  /** Transitions from here to the episode's end; 0 in the last row. */
  readonly remaining: 1;
  /** 1 where this row's action led to a goal-independent failure. */
  readonly failed: 2;
  readonly columns: readonly RowColumn[];
  /** The column of this name; of size 0 where the environment has none. */
  column(name: string): RowColumn;
  /** Words in a row, and those of them that are float32. */
  readonly width: number;
  readonly floats: number;
}

const HEADER = 3;

export function rowLayout(spec: EnvSpec): RowLayout {
  const table = columnsOf(spec);
  let end = HEADER;
  const place = (column: Column): RowColumn => {
    const offset = end;
    end += column.dtype === 'uint8' ? Math.ceil(column.size / 4) : column.size;
    return { ...column, offset };
  };
  const placed = table.filter(({ dtype }) => dtype === 'float32').map(place);
  const floats = end;
  placed.push(...table.filter(({ dtype }) => dtype === 'uint8').map(place));
  const byName = new Map(placed.map((column) => [column.name, column]));
  return {
    elapsed: 0,
    remaining: 1,
    failed: 2,
    columns: table.map(({ name }) => byName.get(name) as RowColumn),
    column: (name) =>
      byName.get(name) ?? { name, shape: [0], dtype: 'float32', per: 'transition', size: 0, offset: HEADER },
    width: end,
    floats,
  };
}

/** Whether an action failed, as if it were a column. */
export const failedColumn: RowColumn = {
  name: 'failed',
  shape: [1],
  dtype: 'float32',
  per: 'transition',
  size: 1,
  offset: 2,
};

/** Rows as both kinds of numbers; `bytes` lies in the same memory. */
export interface RowMemory {
  readonly floats: Float32Array;
  readonly bytes: Uint8Array;
}

export const rowMemory = (floats: Float32Array): RowMemory => ({
  floats,
  bytes: new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength),
});

/** Copies `size` numbers. A loop: the pieces are short, and views or `set` would cost more than the copying. */
export function copyNumbers(out: Float32Array, at: number, from: ArrayLike<number>, start: number, size: number): void {
  for (let j = 0; j < size; j++) out[at + j] = from[start + j];
}

/** From so many bytes on a block copy, with the view that it needs, is quicker than a loop. */
const BLOCK = 64;

export function copyBytes(out: Uint8Array, at: number, from: ArrayLike<number>, start: number, size: number): void {
  if (size >= BLOCK && from instanceof Uint8Array) out.set(from.subarray(start, start + size), at);
  else for (let j = 0; j < size; j++) out[at + j] = from[start + j];
}

/** Writes a column's value, which lies at `from[start]`, into the row that begins with word `row`. */
export function writeColumn(
  memory: RowMemory,
  row: number,
  { dtype, offset, size }: RowColumn,
  from: ArrayLike<number>,
  start: number,
): void {
  if (dtype === 'uint8') copyBytes(memory.bytes, 4 * (row + offset), from, start, size);
  else copyNumbers(memory.floats, row + offset, from, start, size);
}

/** Copies a column's value out of the row that begins with word `row`. */
export function readColumn(
  memory: RowMemory,
  row: number,
  { dtype, offset, size }: RowColumn,
  out: Values,
  at: number,
): void {
  if (dtype === 'uint8') copyBytes(out as Uint8Array, at, memory.bytes, 4 * (row + offset), size);
  else copyNumbers(out as Float32Array, at, memory.floats, row + offset, size);
}
