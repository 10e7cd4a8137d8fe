// Where episodes lie, by the values of one of their columns and by outcome: draws from each alike, only starts of windows that fit.
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
  /** Rows of the value at place `i`. */
  startsOf(i: number): number;
  /**
   * A row, uniformly among those of the value at place `i`; with `success` among those of episodes with this outcome, where
   * there are any. One number is drawn.
   */
  draw(random: Random, i: number, success?: boolean): number;
}

/** Episodes of one value and outcome, the oldest first; they leave in the order in which they came. */
interface Group {
  readonly value: number;
  readonly success: boolean;
  serials: number[];
  rows: number[];
  /** Starts up to and with each episode, counted from the first ever. */
  sums: number[];
  /** Episodes of the lists that have left. */
  gone: number;
}

/** Groups of one value that have rows. */
interface Value {
  readonly value: number;
  readonly groups: readonly Group[];
  readonly starts: number;
}

export interface EpisodeIndexOptions {
  /** Of one number per episode; absent: all episodes are of one value. */
  readonly column?: RowColumn;
  /** How many transitions must follow on a row in its episode. */
  readonly steps: number;
  /** Whether the episode that begins in a row and has so many transitions succeeded; absent: outcomes are not told apart. */
  readonly succeeded?: (row: number, length: number) => boolean;
}

const last = (sums: readonly number[]) => sums[sums.length - 1] ?? 0;
const before = ({ sums, gone }: Group) => (gone === 0 ? 0 : sums[gone - 1]);
const startsIn = (group: Group) => (group.gone === group.sums.length ? 0 : last(group.sums) - before(group));

export function createEpisodeIndex(ring: Ring, { column, steps, succeeded }: EpisodeIndexOptions): EpisodeIndex {
  const { layout, rows, bytes, capacity } = ring;
  const memory = { floats: rows, bytes };
  const number = new Float32Array(1);
  const byte = new Uint8Array(1);
  const groups: Group[] = [];
  let present: readonly Value[] = [];
  let values: readonly number[] = [];
  let nextSerial = 0;

  function numberOf(row: number): number {
    if (!column) return 0;
    const out = column.dtype === 'uint8' ? byte : number;
    readColumn(memory, row * layout.width, column, out, 0);
    return out[0];
  }

  function leave(oldest: number): void {
    for (const group of groups) {
      while (group.gone < group.serials.length && group.serials[group.gone] < oldest) group.gone++;
      if (group.gone < 1024 || 2 * group.gone < group.serials.length) continue;
      const base = before(group);
      group.serials = group.serials.slice(group.gone);
      group.rows = group.rows.slice(group.gone);
      group.sums = group.sums.slice(group.gone).map((sum) => sum - base);
      group.gone = 0;
    }
  }

  function enter(serial: number, row: number, length: number): void {
    const value = numberOf(row);
    const success = succeeded?.(row, length) ?? false;
    let group = groups.find((known) => known.value === value && known.success === success);
    if (!group) {
      group = { value, success, serials: [], rows: [], sums: [], gone: 0 };
      groups.push(group);
    }
    group.sums.push(last(group.sums) + length - steps + 1);
    group.serials.push(serial);
    group.rows.push(row);
  }

  function findPresent(): void {
    const withRows = groups.filter((group) => startsIn(group) > 0);
    values = [...new Set(withRows.map(({ value }) => value))].sort((a, b) => a - b);
    present = values.map((value) => {
      const own = withRows.filter((group) => group.value === value);
      return { value, groups: own, starts: own.reduce((sum, group) => sum + startsIn(group), 0) };
    });
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
        if (length >= steps) enter(serial, row, length);
        row = (row + length + 1) % capacity;
      }
      nextSerial = ring.nextSerial;
      findPresent();
    },
    get starts() {
      return present.reduce((sum, { starts }) => sum + starts, 0);
    },
    get values() {
      return values;
    },
    startsOf: (i) => present[i].starts,
    draw(random, i, success = false) {
      const own = present[i].groups;
      const group = own.length > 1 && own[0].success !== success ? own[1] : own[0];
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
