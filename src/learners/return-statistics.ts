// The largest return that each task has had so far, for agents that scale rewards by it; part of checkpoints.
import { bytesOf, float64Of } from '../bytes.js';
import type { EnvSpec } from '../envs/env.js';
import type { Replay } from '../replay/index.js';
import type { LearnerState } from './learner.js';

export interface ReturnStatistics {
  /** The input `largestReturn` [tasks] of programs, written in place; 0 for tasks without an episode. */
  readonly vector: Float32Array;
  /** Takes in the run's own episodes since the last call. */
  absorb(replay: Replay): void;
  /** Takes in recorded episodes from number `from` on. */
  absorbFrom(data: Replay, from: number): void;
  save(): { returns: Uint8Array };
  restore(parts: LearnerState['parts']): void;
  /** Takes over another run's, for a replay that begins anew. */
  adopt(parts: LearnerState['parts']): void;
}

/**
 * Of discounted returns from every step to the episode's end, the largest absolute value, by task. What would come after
 * a time limit is not counted; rewards that are not stored count 0, and goals that hindsight draws later give none.
 */
export function createReturnStatistics({ tasks }: Pick<EnvSpec, 'tasks'>, discount: number): ReturnStatistics {
  const vector = new Float32Array(tasks?.length ?? 1);
  let nextSerial = 0;

  function absorbFrom({ ring }: Replay, from: number): void {
    const { layout, rows, capacity } = ring;
    const { width } = layout;
    const reward = layout.column('reward');
    const task = layout.column('task');
    let row = ring.rowOf(from);
    for (let serial = from; serial < ring.nextSerial; serial++) {
      const steps = rows[row * width + layout.remaining];
      const own = task.size > 0 ? rows[row * width + task.offset] : 0;
      let sum = 0;
      for (let t = steps - 1; t >= 0; t--) {
        const value = rows[((row + t) % capacity) * width + reward.offset];
        sum = (Number.isNaN(value) ? 0 : value) + discount * sum;
        vector[own] = Math.max(vector[own], Math.abs(sum));
      }
      row = (row + steps + 1) % capacity;
    }
  }
  const set = (parts: LearnerState['parts']) => {
    const saved = float64Of(parts.returns);
    vector.set(saved.subarray(1));
    return saved[0];
  };

  return {
    vector,
    absorb(replay) {
      const { ring } = replay;
      absorbFrom(replay, Math.max(nextSerial, ring.nextSerial - ring.episodes));
      nextSerial = ring.nextSerial;
    },
    absorbFrom,
    save: () => ({ returns: bytesOf(Float64Array.of(nextSerial, ...vector)) }),
    restore(parts) {
      nextSerial = set(parts);
    },
    adopt(parts) {
      if (parts.returns?.length === 8 * (vector.length + 1)) set(parts);
    },
  };
}
