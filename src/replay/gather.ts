// Copies columns of many rows into the arrays of a batch.
import type { Values } from '../envs/columns.js';
import { copyBytes, type RowColumn } from './layout.js';
import type { Ring } from './ring.js';

/** One column on its way into a batch. */
export interface Copy {
  readonly column: RowColumn;
  /** [rows, copies of the same array, size] */
  readonly out: Values;
  /** How many rows after the given one it is read from. */
  readonly ahead: number;
  /** The place among the copies into one array (windows), and how many they are; absent: one copy. */
  readonly slot?: number;
  readonly slots?: number;
}

/** Rows whose columns are copied one after the other: few enough that they stay in the processor's nearest cache. */
const CHUNK = 64;

/** Copies for the ring rows `at[0..size)`. */
export function createGather(ring: Ring, copies: readonly Copy[]): (at: Int32Array, size: number) => void {
  const { rows, capacity } = ring;
  const { width } = ring.layout;
  const all = copies.filter(({ column }) => column.size > 0);
  const aheads = [...new Set(all.map(({ ahead }) => ahead))].sort((a, b) => a - b);
  const steps = aheads.map((ahead) => ({ ahead, some: all.filter((copy) => copy.ahead === ahead) }));
  /** Where the rows of a chunk begin. */
  const starts = new Int32Array(CHUNK);
  return (at, size) => {
    for (let from = 0; from < size; from += CHUNK) {
      const count = Math.min(CHUNK, size - from);
      for (let s = 0; s < steps.length; s++) {
        const { ahead, some } = steps[s];
        for (let i = 0; i < count; i++) {
          const row = at[from + i] + ahead;
          starts[i] = (row >= capacity ? row - capacity : row) * width;
        }
        for (let c = 0; c < some.length; c++) {
          const { column, out, slot = 0, slots = 1 } = some[c];
          const stride = column.size * slots;
          const to = from * stride + column.size * slot;
          if (column.dtype === 'uint8') gatherBytes(ring.bytes, starts, count, column, out as Uint8Array, to, stride);
          else {
            const gather = column.size === 1 ? gatherNumbers : column.size <= 4 ? gatherShort : gatherFloats;
            gather(rows, starts, count, column.offset, column.size, out as Float32Array, to, stride);
          }
        }
      }
    }
  };
}

// Three ways to copy float32, by size: loops over a few numbers take longer for their ends than for the numbers.
type Gather = (
  rows: Float32Array,
  starts: Int32Array,
  count: number,
  offset: number,
  size: number,
  out: Float32Array,
  to: number,
  stride: number,
) => void;

const gatherNumbers: Gather = (rows, starts, count, offset, _size, out, to, stride) => {
  for (let i = 0; i < count; i++) out[to + i * stride] = rows[starts[i] + offset];
};

/** Two to four numbers. */
const gatherShort: Gather = (rows, starts, count, offset, size, out, to, stride) => {
  for (let i = 0; i < count; i++) {
    const source = starts[i] + offset;
    const target = to + i * stride;
    out[target] = rows[source];
    out[target + 1] = rows[source + 1];
    if (size > 2) out[target + 2] = rows[source + 2];
    if (size > 3) out[target + 3] = rows[source + 3];
  }
};

const gatherFloats: Gather = (rows, starts, count, offset, size, out, to, stride) => {
  for (let i = 0; i < count; i++) {
    const source = starts[i] + offset;
    const target = to + i * stride;
    let j = 0;
    for (; j < size - 7; j += 8) {
      out[target + j] = rows[source + j];
      out[target + j + 1] = rows[source + j + 1];
      out[target + j + 2] = rows[source + j + 2];
      out[target + j + 3] = rows[source + j + 3];
      out[target + j + 4] = rows[source + j + 4];
      out[target + j + 5] = rows[source + j + 5];
      out[target + j + 6] = rows[source + j + 6];
      out[target + j + 7] = rows[source + j + 7];
    }
    for (; j < size; j++) out[target + j] = rows[source + j];
  }
};

function gatherBytes(
  bytes: Uint8Array,
  starts: Int32Array,
  count: number,
  { offset, size }: Copy['column'],
  out: Uint8Array,
  to: number,
  stride: number,
): void {
  for (let i = 0; i < count; i++) copyBytes(out, to + i * stride, bytes, 4 * (starts[i] + offset), size);
}
