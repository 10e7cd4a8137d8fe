// State vectors of a checkpoint: those of other sizes are refused by name.
import { expect, it } from 'vitest';
import { restoreVectors, saveVectors, type Vectors } from './learner-state.js';

function vectorsOf(size: number): Vectors {
  const actor = new Float32Array(size).fill(size);
  return { names: ['actor'], vector: () => actor, setVector: (_, values) => actor.set(values) };
}

it('restores vectors of the same size and refuses others, longer or shorter, with both numbers', () => {
  const parts = saveVectors(vectorsOf(3));
  const same = vectorsOf(3);
  restoreVectors(same, parts);
  expect([...same.vector('actor')]).toEqual([3, 3, 3]);
  expect(() => restoreVectors(vectorsOf(2), parts)).toThrow(/"actor" has 3 numbers.*need 2/);
  expect(() => restoreVectors(vectorsOf(4), parts)).toThrow(/"actor" has 3 numbers.*need 4/);
  expect(() => restoreVectors(vectorsOf(4), {})).toThrow(/"actor" has no numbers/);
});
