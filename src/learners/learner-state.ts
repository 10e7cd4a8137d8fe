// State vectors and normalisers of learners as the parts of a checkpoint: saved, restored, adopted from another run.
import type { Agent } from '../agents/agent.js';
import type { PolicyVectors } from '../agents/policy-vectors.js';
import { bytesOf, float32Of } from '../bytes.js';
import { RunError } from '../errors.js';
import type { LearnerState } from './learner.js';

/** State vectors by name. */
export interface Vectors {
  readonly names: readonly string[];
  vector(name: string): Float32Array;
  setVector(name: string, values: ArrayLike<number>): void;
}

type Parts = LearnerState['parts'];

export const saveVectors = (vectors: Vectors): Parts =>
  Object.fromEntries(vectors.names.map((name) => [`vector.${name}`, bytesOf(vectors.vector(name))]));

/** @throws RunError where the vectors of now have other sizes: runs of former versions do not record what they were made of */
export function restoreVectors(vectors: Vectors, parts: Parts): void {
  for (const name of vectors.names) {
    const values = parts[`vector.${name}`] ? float32Of(parts[`vector.${name}`]) : undefined;
    const { length } = vectors.vector(name);
    if (values?.length !== length) {
      throw new RunError(
        `the checkpoint's "${name}" has ${values?.length ?? 'no'} numbers, but the environment and the agent of now need ${length}: one of them has changed since. Make it what it was, or train anew.`,
      );
    }
    vectors.setVector(name, values);
  }
}

/** Takes over what has a layout (networks, tables); optimisers and the like start afresh. */
export function adoptVectors(agent: Agent, vectors: Vectors, parts: Parts): void {
  for (const name of vectors.names) {
    const { layout, size } = agent.state[name];
    if (layout.length > 0) vectors.setVector(name, adopted(parts, `vector.${name}`, size));
  }
}

/** A part of another run's state; one of another size is refused. */
export function adopted(parts: Parts, part: string, size: number): Float32Array {
  const bytes = parts[part];
  if (bytes?.length === 4 * size) return float32Of(bytes);
  const found = bytes === undefined ? 'does not have it' : `has ${bytes.length / 4}`;
  throw new RunError(
    `init: "${part.replace('vector.', '')}" needs ${size} numbers here, but the other run ${found}; use the same environment, agent and network sizes.`,
  );
}

/** Copies of what acting needs. */
export const policyOf = (agent: Agent, vectors: Vectors, normalizer: Float32Array): PolicyVectors => ({
  normalizer: normalizer.slice(),
  ...Object.fromEntries(agent.policyVectors.map((name) => [name, vectors.vector(name).slice()])),
});
