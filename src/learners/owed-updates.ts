// Updates that fell due while there was nothing to learn from: they are owed, and made up later.
import { bytesOf, float64Of } from '../bytes.js';

/** The learner keeps the account, for only it knows what it has done, also where acting and learning overlap. */
export interface OwedUpdates {
  /** Updates that are due and not done. */
  readonly count: number;
  /** Adds `due` updates; returns how many to do now: what is owed, at most `most`, none unless `ready`. */
  take(due: number, most: number, ready: boolean): number;
  /** For the part `owed` of a checkpoint. */
  save(): Uint8Array;
  /** Runs of former versions have no such part: what they lost is not owed. */
  restore(bytes: Uint8Array | undefined): void;
}

export function createOwedUpdates(): OwedUpdates {
  let count = 0;
  return {
    get count() {
      return count;
    },
    take(due, most, ready) {
      count += due;
      const now = ready ? Math.min(count, most) : 0;
      count -= now;
      return now;
    },
    save: () => bytesOf(Float64Array.of(count)),
    restore(bytes) {
      count = bytes ? float64Of(bytes)[0] : 0;
    },
  };
}
