// The real transitions that a model is fitted to and imagination starts from, also those of episodes under way.
import { nextTurn } from '../platform/yield.js';
import type { Replay } from '../replay/index.js';
import { type ModelSpec, readInputs } from './model-spec.js';

/** Transitions by number, in the memory that they lie in; valid until something is put into a replay. */
export interface Transitions {
  readonly count: number;
  /** The rows that transition `i` lies among, [rows, width]. */
  memory(i: number): Float32Array;
  /** Word at which its row begins. */
  row(i: number): number;
  /** Word at which the row of the state after it begins, or of the one so many steps later in the episode. */
  next(i: number, steps?: number): number;
  /** Transitions from this one on in its episode, as far as it is known: at least 1. */
  left(i: number): number;
}

export function transitionsOf(replays: readonly Replay[]): Transitions {
  const memories = replays.flatMap((replay) => [
    { rows: replay.ring.rows, capacity: replay.ring.capacity, ...wordsOf(replay) },
    ...replay
      .staged()
      .map(({ rows, steps }) => ({ rows, capacity: Number.POSITIVE_INFINITY, steps, ...wordsOf(replay) })),
  ]);
  const count = replays.reduce((sum, { ring, stagedTransitions }) => sum + ring.transitions + stagedTransitions, 0);
  const memoryOf = new Uint16Array(count);
  const rowOf = new Int32Array(count);
  let n = 0;
  let m = 0;
  for (const replay of replays) {
    const { ring } = replay;
    const { width, remaining } = ring.layout;
    let row = ring.first;
    for (let left = ring.used; left > 0; left--) {
      if (ring.rows[row * width + remaining] > 0) {
        memoryOf[n] = m;
        rowOf[n++] = row;
      }
      row = row + 1 === ring.capacity ? 0 : row + 1;
    }
    m++;
    for (const { steps } of replay.staged()) {
      for (let t = 0; t < steps; t++) {
        memoryOf[n] = m;
        rowOf[n++] = t;
      }
      m++;
    }
  }
  return {
    count,
    memory: (i) => memories[memoryOf[i]].rows,
    row: (i) => rowOf[i] * memories[memoryOf[i]].width,
    next(i, steps = 1) {
      const { capacity, width } = memories[memoryOf[i]];
      const row = rowOf[i] + steps;
      return (row >= capacity ? row - capacity : row) * width;
    },
    left(i) {
      const memory = memories[memoryOf[i]];
      return 'steps' in memory ? memory.steps - rowOf[i] : memory.rows[rowOf[i] * memory.width + memory.remaining];
    },
  };
}

const wordsOf = ({ ring: { layout } }: Replay) => ({ width: layout.width, remaining: layout.remaining });

/** Transitions that are read without a turn for the event loop: a few milliseconds. */
export const READ_AT_ONCE = 4096;

/** How many are held out at most, as MBPO's code has it. */
const MOST_HELD_OUT = 5000;

/**
 * The transitions' numbers in two parts. A transition's own numbers say which part it belongs to, so that what one fit
 * was judged by no later one was fitted to, nor do copies of it lie in the other part; with more data the part held out
 * becomes a smaller share, of the same ones.
 */
export async function divide(
  spec: ModelSpec,
  data: Transitions,
  share: number,
): Promise<{ readonly fitted: Uint32Array; readonly heldOut: Uint32Array }> {
  const limit = Math.min(share, MOST_HELD_OUT / data.count) * 2 ** 32;
  const seen = new Float32Array(spec.inputs);
  const words = new Int32Array(seen.buffer);
  const parts: { fitted: number[]; heldOut: number[] } = { fitted: [], heldOut: [] };
  for (let i = 0; i < data.count; i++) {
    if (i % READ_AT_ONCE === 0) await nextTurn();
    readInputs(spec, data.memory(i), data.row(i), seen, 0);
    let hash = 0x2545f491;
    for (let j = 0; j < words.length; j++) {
      hash = Math.imul(hash ^ words[j], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = (hash ^ (hash >>> 13)) >>> 0;
    (hash < limit ? parts.heldOut : parts.fitted).push(i);
  }
  const { fitted, heldOut } = parts;
  // With next to no data there is nothing to hold out.
  if (fitted.length === 0) return { fitted: Uint32Array.from(heldOut), heldOut: Uint32Array.from(heldOut) };
  return { fitted: Uint32Array.from(fitted), heldOut: Uint32Array.from(heldOut.length > 0 ? heldOut : fitted) };
}
