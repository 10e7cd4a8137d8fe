// Where episodes lie, by the values of one of their columns: draws from each value alike, and only starts of windows that fit.
import type { Random } from '../random.js';
import { type RowColumn, readColumn } from './layout.js';
import type { Ring } from './ring.js';

export interface EpisodeIndex {
  /** Takes in episodes that came and leaves out those that went. */
  sync(): void;
  /** Rows that can be drawn. */
  readonly starts: number;
  /** Values of the column that have such rows, in ascending order; a single one without a column. */
  readonly values: readonly number[];
  /** A row, uniformly among those of the value at place `i`. One number is drawn. */
  draw(random: Random, i: number): number;
}

/** Episodes of one value, the oldest first; they leave in the order in which they came. */
interface Group {
  readonly value: number;
  serials: number[];
  rows: number[];
  /** Starts up to and with each episode, counted from the first ever. */
  sums: number[];
  /** Episodes of the lists that have left. */
  gone: number;
}

const last = (sums: readonly number[]) => sums[sums.length - 1] ?? 0;
const before = ({ sums, gone }: Group) => (gone === 0 ? 0 : sums[gone - 1]);
const startsOf = (group: Group) => (group.gone === group.sums.length ? 0 : last(group.sums) - before(group));

/** `steps`: how many transitions must follow on a row in its episode. */
export function createEpisodeIndex(ring: Ring, column: RowColumn | undefined, steps: number): EpisodeIndex {
  const { layout, rows, bytes, capacity } = ring;
  const memory = { floats: rows, bytes };
  const value = new Float32Array(1);
  const byte = new Uint8Array(1);
  const groups = new Map<number, Group>();
  let present: Group[] = [];
  let values: readonly number[] = [];
  let nextSerial = 0;

  function keyOf(row: number): number {
    if (!column) return 0;
    const out = column.dtype === 'uint8' ? byte : value;
    readColumn(memory, row * layout.width, column, out, 0);
    return out[0];
  }

  function leave(oldest: number): void {
    for (const group of groups.values()) {
      while (group.gone < group.serials.length && group.serials[group.gone] < oldest) group.gone++;
      if (group.gone < 1024 || 2 * group.gone < group.serials.length) continue;
      const base = before(group);
      group.serials = group.serials.slice(group.gone);
      group.rows = group.rows.slice(group.gone);
      group.sums = group.sums.slice(group.gone).map((sum) => sum - base);
      group.gone = 0;
    }
  }

  function enter(serial: number, row: number, starts: number): void {
    const key = keyOf(row);
    let group = groups.get(key);
    if (!group) {
      group = { value: key, serials: [], rows: [], sums: [], gone: 0 };
      groups.set(key, group);
    }
    group.sums.push(last(group.sums) + starts);
    group.serials.push(serial);
    group.rows.push(row);
  }

  return {
    sync() {
      if (nextSerial === ring.nextSerial) return;
      const oldest = ring.nextSerial - ring.episodes;
      leave(oldest);
      const from = Math.max(nextSerial, oldest);
      let row = ring.rowOf(from);
      for (let serial = from; serial < ring.nextSerial; serial++) {
        const length = rows[row * layout.width + layout.remaining];
        const starts = length - steps + 1;
        if (starts > 0) enter(serial, row, starts);
        row = (row + length + 1) % capacity;
      }
      nextSerial = ring.nextSerial;
      present = [...groups.values()].filter((group) => startsOf(group) > 0).sort((a, b) => a.value - b.value);
      values = present.map((group) => group.value);
    },
    get starts() {
      return present.reduce((sum, group) => sum + startsOf(group), 0);
    },
    get values() {
      return values;
    },
    draw(random, i) {
      const group = present[i];
      const { sums } = group;
      const base = before(group);
      const target = base + random.below(last(sums) - base);
      let [low, high] = [group.gone, sums.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sums[middle] > target) high = middle;
        else low = middle + 1;
      }
      const row = group.rows[low] + target - (low === 0 ? 0 : sums[low - 1]);
      return row >= capacity ? row - capacity : row;
    },
  };
}
