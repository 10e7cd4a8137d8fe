// Running normalisation of a learner's inputs: the statistics, the `normalizer` vector made of them, both in checkpoints.
import type { AgentSpec } from '../agents/agent-spec.js';
import { identityNormalizer } from '../agents/policy-vectors.js';
import { bytesOf, float32Of } from '../bytes.js';
import { normalizedColumns } from '../nets/index.js';
import { createNormalizer, type Normalizer } from '../replay/index.js';
import type { LearnerState } from './learner.js';
import { adopted } from './learner-state.js';

export interface InputStatistics {
  /** The input `normalizer` of programs; written in place, the identity where normalisation is off. */
  readonly vector: Float32Array;
  /** Lets `take` add to the statistics and renews the vector; does nothing where normalisation is off. */
  learn(take: (statistics: Normalizer) => void): void;
  save(): { normalizer: Uint8Array; statistics: Uint8Array };
  restore(parts: LearnerState['parts']): void;
  /** Takes over another run's, for a replay that begins anew. */
  adopt(parts: LearnerState['parts']): void;
}

export function createInputStatistics(spec: AgentSpec, normalize: boolean | 'task'): InputStatistics {
  const normalized = normalizedColumns(spec.inputs, spec.targets);
  const tasks = Math.max(1, ...normalized.map(({ tables }) => tables));
  const sizes = Object.fromEntries(normalized.map(({ name, size }) => [name, size]));
  const statistics = createNormalizer(sizes, { tasks });
  const vector = identityNormalizer(spec);
  return {
    vector,
    learn(take) {
      if (!normalize) return;
      take(statistics);
      statistics.write(vector);
    },
    save: () => ({ normalizer: bytesOf(vector), statistics: statistics.save() }),
    restore(parts) {
      vector.set(float32Of(parts.normalizer));
      statistics.restore(parts.statistics);
    },
    adopt(parts) {
      const theirs = adopted(parts, 'normalizer', vector.length);
      if (!normalize) return;
      vector.set(theirs);
      statistics.restore(parts.statistics, { newReplay: true });
    },
  };
}
