// Endless passes over n rows, each in a new random order.
import type { Random } from '../random.js';

export interface Shuffle {
  readonly random: Random;
  /** Starts the first pass over `count` rows. */
  begin(count: number): void;
  /** The next row; after the last of a pass the next pass begins. */
  next(): number;
}

export function createShuffle(random: Random): Shuffle {
  let order = new Uint32Array(0);
  let at = 0;
  return {
    random,
    begin(count) {
      if (order.length !== count) order = new Uint32Array(count);
      // Each pass starts from the same order, so that nothing but the generator needs saving.
      for (let i = 0; i < count; i++) order[i] = i;
      at = 0;
    },
    next() {
      if (at === order.length) at = 0;
      // Fisher and Yates, one exchange per row.
      const other = at + random.below(order.length - at);
      [order[at], order[other]] = [order[other], order[at]];
      return order[at++];
    },
  };
}
