// What a learned judge of success claims about an episode, as its captions, and as its rewards and ends in the replay.
import type { Ring } from '../replay/index.js';

/**
 * Gives the moments that are claimed their reward, `worth` after so many steps, and takes that of all others; what is claimed
 * ends the episode. Ends that were no success (something that must not be done was done) stay ends: of those nothing is learned.
 */
export function writeClaims(
  { layout, rows, capacity }: Ring,
  row: number,
  claims: readonly boolean[],
  worth: (steps: number) => number,
): void {
  const reward = layout.column('reward');
  claims.forEach((claimed, t) => {
    const at = ((row + t) % capacity) * layout.width;
    const isFailure = rows[at + layout.failed] !== 0 && rows[at + reward.offset] <= 0;
    rows[at + reward.offset] = claimed ? worth(t + 1) : 0;
    rows[at + layout.failed] = claimed || isFailure ? 1 : 0;
  });
}

/**
 * Of logits [steps, count]: what reached the bar, and after how many steps first. `asked`, what the episode was asked for, is
 * left out, for in other articles it would be asked for again.
 */
export function firstClaims(
  logits: ArrayLike<number>,
  count: number,
  bar: number,
  asked?: number,
): [meaning: number, steps: number][] {
  const first = new Map<number, number>();
  for (let i = 0; i < logits.length; i++) {
    const meaning = i % count;
    if (logits[i] >= bar && meaning !== asked && !first.has(meaning)) first.set(meaning, Math.floor(i / count) + 1);
  }
  return [...first];
}
