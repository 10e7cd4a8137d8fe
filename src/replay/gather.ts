// Copies columns of many rows into the arrays of a batch.
import type { Values } from '../envs/columns.js';
import { copyBytes, type RowColumn } from './layout.js';
import type { Ring } from './ring.js';

/** One column on its way into a batch. */
export interface Copy {
  readonly column: Pick<RowColumn, 'offset' | 'size' | 'dtype'>;
  /** [rows, copies of the same array, size] */
  readonly out: Values;
  /** How many rows after the given one it is read from. */
  readonly ahead: number;
  /** The place among the copies into one array (windows), and how many they are; absent: one copy. */
  readonly slot?: number;
  readonly slots?: number;
}

/** Copies for the ring rows `at[0..size)`, row after row, so that each is in the processor's cache once. */
export function createGather(ring: Ring, copies: readonly Copy[]): (at: Int32Array, size: number) => void {
  const { rows, bytes, capacity, layout } = ring;
  const { width } = layout;
  const ofFloats = copies.filter(({ column }) => column.dtype === 'float32' && column.size > 0);
  const ofBytes = copies.filter(({ column }) => column.dtype === 'uint8');
  const count = ofFloats.length;
  const outs = ofFloats.map(({ out }) => out as Float32Array);
  const sizes = Int32Array.from(ofFloats, ({ column }) => column.size);
  const offsets = Int32Array.from(ofFloats, ({ column }) => column.offset);
  const aheads = Int32Array.from(ofFloats, ({ ahead }) => ahead);
  /** Numbers from one row of the array to the next, and to this copy's place in it. */
  const strides = Int32Array.from(ofFloats, ({ column, slots = 1 }) => column.size * slots);
  const places = Int32Array.from(ofFloats, ({ column, slot = 0 }) => column.size * slot);

  return (at, size) => {
    for (let i = 0; i < size; i++) {
      const row = at[i];
      for (let c = 0; c < count; c++) {
        const out = outs[c];
        const n = sizes[c];
        let source = row + aheads[c];
        if (source >= capacity) source -= capacity;
        const from = source * width + offsets[c];
        const to = i * strides[c] + places[c];
        for (let j = 0; j < n; j++) out[to + j] = rows[from + j];
      }
      for (const { column, out, ahead, slot = 0, slots = 1 } of ofBytes) {
        const source = row + ahead >= capacity ? row + ahead - capacity : row + ahead;
        const to = (i * slots + slot) * column.size;
        copyBytes(out as Uint8Array, to, bytes, 4 * (source * width + column.offset), column.size);
      }
    }
  };
}
