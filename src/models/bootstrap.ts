// What each member of an ensemble is fitted to: as many transitions as there are, drawn with replacement, in passes.
import { nextTurn } from '../platform/yield.js';
import type { Random } from '../random.js';

/** Without a turn for the event loop: a few milliseconds. */
const DRAWN_AT_ONCE = 65_536;

export interface Bootstrap {
  /** Draws every member's transitions from these. */
  begin(numbers: Uint32Array): Promise<void>;
  /** The next transition of a member: its passes go over what was drawn for it, each time in a new order. */
  next(member: number): number;
}

export function createBootstrap(members: number, random: Random): Bootstrap {
  let count = 0;
  let drawn: Uint32Array[] = [];
  const at = new Uint32Array(members);
  return {
    async begin(numbers) {
      count = numbers.length;
      if (drawn[0]?.length !== count) drawn = Array.from({ length: members }, () => new Uint32Array(count));
      for (const own of drawn) {
        for (let i = 0; i < count; i++) {
          if (i % DRAWN_AT_ONCE === 0) await nextTurn();
          own[i] = numbers[random.below(count)];
        }
      }
      at.fill(0);
    },
    next(member) {
      const own = drawn[member];
      if (at[member] === count) at[member] = 0;
      // Fisher and Yates, one exchange per draw.
      const i = at[member]++;
      const other = i + random.below(count - i);
      const chosen = own[other];
      own[other] = own[i];
      own[i] = chosen;
      return chosen;
    },
  };
}
