// Numbers rows of float32 in the order in which they are first seen, by their exact bits.
import { RunError } from '../errors.js';

export interface RowIndex {
  readonly count: number;
  /**
   * The number of the row at `from[at]`; a new row is taken in.
   * @throws RunError when there is no room for it
   */
  find(from: Float32Array, at: number): number;
  /** Reads the rows again, after they have been written from outside. */
  rebuild(): void;
}

/**
 * An index over `rows` [capacity, width], which holds infinities where there is no row yet; it writes new ones there.
 * `full` says what to do when there is no more room.
 */
export function createRowIndex(rows: Float32Array, width: number, full: string): RowIndex {
  const capacity = rows.length / width;
  let slots = 2;
  while (slots < 2 * capacity) slots *= 2;
  /** Row numbers by hash, open addressing; -1 is empty. At most half are used. */
  const table = new Int32Array(slots);
  const number = new Float32Array(1);
  const bits = new Int32Array(number.buffer);
  let count = 0;

  /** The slot of this row: its own, or the empty one that it belongs into. */
  function slotOf(from: Float32Array, at: number): number {
    let hash = 0;
    for (let j = 0; j < width; j++) {
      number[0] = from[at + j] + 0; // -0 and 0 are the same
      hash = Math.imul(hash ^ bits[0], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    for (let slot = hash & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      if (table[slot] < 0 || same(table[slot] * width, from, at)) return slot;
    }
  }

  function same(row: number, from: Float32Array, at: number): boolean {
    for (let j = 0; j < width; j++) if (rows[row + j] !== from[at + j]) return false;
    return true;
  }

  function rebuild(): void {
    table.fill(-1);
    for (count = 0; count < capacity && rows[count * width] !== Infinity; count++) {
      table[slotOf(rows, count * width)] = count;
    }
  }

  rebuild();
  return {
    get count() {
      return count;
    },
    find(from, at) {
      const slot = slotOf(from, at);
      if (table[slot] >= 0) return table[slot];
      if (count === capacity) throw new RunError(full);
      rows.set(from.subarray(at, at + width), count * width);
      table[slot] = count;
      return count++;
    },
    rebuild,
  };
}
