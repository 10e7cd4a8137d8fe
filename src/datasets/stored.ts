// Arrays as other programs' files hold them, and the numbers that learning takes from them.
import { createValues, type Values } from '../envs/columns.js';

/** Numbers as they are stored: floats of 4 or 8 bytes, whole numbers, flags. */
export type StoredValues =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** An array in a file: rows one behind the other. */
export interface StoredArray {
  /** [rows, ...shape of a row]. */
  readonly shape: readonly number[];
  /** Bytes of one number, where they are unsigned whole numbers of 8 bits: pictures. */
  readonly bytes: boolean;
  /** Rows [from, to), row-major. */
  read(from: number, to: number): Promise<StoredValues>;
}

/** As float32; 8-byte floats are rounded, flags are 0 and 1. */
export function toFloats(values: StoredValues): Float32Array {
  if (values instanceof Float32Array) return values;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    const floats = new Float32Array(values.length);
    for (let i = 0; i < values.length; i++) floats[i] = Number(values[i]);
    return floats;
  }
  return new Float32Array(values);
}

export const toColumn = (values: StoredValues, dtype: 'float32' | 'uint8'): Values =>
  dtype === 'uint8' && values instanceof Uint8Array ? values : toFloats(values);

/** Rows of an episode by what they belong to. */
export const rowsPer = (per: 'state' | 'transition' | 'episode', steps: number): number =>
  per === 'episode' ? 1 : per === 'transition' ? steps : steps + 1;

/** Room for a column's values of these episodes. */
export function createColumn(
  { dtype, per, size }: { dtype: 'float32' | 'uint8'; per: 'state' | 'transition' | 'episode'; size: number },
  steps: Int32Array,
): Values {
  let rows = 0;
  for (let i = 0; i < steps.length; i++) rows += rowsPer(per, steps[i]);
  return createValues(dtype, rows * size);
}
