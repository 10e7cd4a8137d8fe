// The ring that whole episodes lie in: rows one behind the other, the oldest episodes leave when room is needed.
import { UsageError } from '../errors.js';
import { type RowLayout, type RowMemory, rowMemory } from './layout.js';

/**
 * Row `r` of the ring starts at `rows[r * layout.width]`. Episodes lie without gaps and may run over the end to row 0,
 * so the stored rows are the `used` ones from `first` on, modulo `capacity`.
 */
export interface Ring {
  readonly layout: RowLayout;
  readonly rows: Float32Array;
  /** The same memory, for columns of bytes; empty where there are none. */
  readonly bytes: Uint8Array;
  /** Rows in all. */
  readonly capacity: number;
  /** Ring row at which the oldest episode begins. */
  readonly first: number;
  readonly used: number;
  /** Transitions stored: rows without the last ones of the episodes. */
  readonly transitions: number;
  readonly episodes: number;
  /** Rows ever inserted; this and the episodes alone determine the ring, row for row. */
  readonly inserted: number;
  /** Number that the next episode gets; the stored ones are the `episodes` before it. */
  readonly nextSerial: number;
  /** Puts in an episode of T + 1 rows [T + 1, width] that start at `from[at]`; sets elapsed and remaining. */
  insert(from: Float32Array, at: number, count: number): void;
  /** Ring row at which episode `serial` begins; it must be stored. */
  rowOf(serial: number): number;
  /** Episodes before number `serial` leave. */
  dropBefore(serial: number): void;
  /** Empties it and goes on counting from here. */
  startAt(serial: number, inserted: number): void;
}

export function createRing(layout: RowLayout, capacity: number, settings = 'replay.capacity'): Ring {
  const { width } = layout;
  // One row to spare: samplers may read over the end of the last one.
  const { floats: rows, bytes } = allocate(layout, capacity + 1, settings);
  let used = 0;
  let transitions = 0;
  let episodes = 0;
  let inserted = 0;
  let nextSerial = 0;

  const first = () => (inserted - used) % capacity;

  function dropOldest(): void {
    const steps = rows[first() * width + layout.remaining];
    used -= steps + 1;
    transitions -= steps;
    episodes--;
  }

  return {
    layout,
    rows,
    bytes,
    capacity,
    get first() {
      return first();
    },
    get used() {
      return used;
    },
    get transitions() {
      return transitions;
    },
    get episodes() {
      return episodes;
    },
    get inserted() {
      return inserted;
    },
    get nextSerial() {
      return nextSerial;
    },
    insert(from, at, count) {
      if (count > capacity) {
        throw new UsageError(
          `an episode of ${count - 1} transitions does not fit into a replay of ${capacity} rows; raise replay.capacity to at least ${count}.`,
        );
      }
      // A whole episode at a time: what is left of a partly overwritten one would lack its end.
      while (used + count > capacity) dropOldest();
      const head = inserted % capacity;
      const untilEnd = Math.min(count, capacity - head);
      rows.set(from.subarray(at, at + untilEnd * width), head * width);
      rows.set(from.subarray(at + untilEnd * width, at + count * width), 0);
      for (let t = 0; t < count; t++) {
        const row = ((head + t) % capacity) * width;
        rows[row + layout.elapsed] = t;
        rows[row + layout.remaining] = count - 1 - t;
      }
      inserted += count;
      used += count;
      transitions += count - 1;
      episodes++;
      nextSerial++;
    },
    rowOf(serial) {
      // Backwards from the newest, for the episodes asked for are the newest: the cost does not grow with the ring.
      let row = inserted % capacity;
      for (let i = nextSerial; i > serial; i--) {
        const last = (row - 1 + capacity) % capacity;
        row = (last - rows[last * width + layout.elapsed] + capacity) % capacity;
      }
      return row;
    },
    dropBefore(serial) {
      while (episodes > 0 && nextSerial - episodes < serial) dropOldest();
    },
    startAt(serial, insertedBefore) {
      used = 0;
      transitions = 0;
      episodes = 0;
      inserted = insertedBefore;
      nextSerial = serial;
    },
  };
}

/** Rows without bytes need no view of bytes: one can see 4 GiB at most, and large replays take more. */
function allocate({ width, floats }: RowLayout, capacity: number, settings: string): RowMemory {
  try {
    const rows = new Float32Array(capacity * width);
    return floats < width ? rowMemory(rows) : { floats: rows, bytes: new Uint8Array(0) };
  } catch {
    const gigabytes = (capacity * width * 4) / 2 ** 30;
    const most = floats < width ? ' (with pictures, or other columns of bytes, 4 GiB are the most)' : '';
    throw new UsageError(
      `a replay of ${capacity} rows with ${width} numbers each takes ${gigabytes.toFixed(1)} GiB, which could not be allocated${most}; lower ${settings}.`,
    );
  }
}
