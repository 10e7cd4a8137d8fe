// What members see of a transition: actions as the world takes them.
import { expect, test } from 'vitest';
import { box, discrete } from '../envs/space.js';
import { modelSpec, readInputs } from './model-spec.js';
import { linearSpec } from './testing.js';

test('actions beyond the bounds are the nearest within them, choices are one-hot', () => {
  const seen = (action: typeof linearSpec.action, taken: number[]) => {
    const spec = modelSpec({ ...linearSpec, action });
    const row = new Float32Array(spec.layout.width);
    row.set([0.5, 7], spec.layout.column('observation').offset);
    row.set(taken, spec.layout.column('action').offset);
    const out = new Float32Array(spec.inputs);
    readInputs(spec, row, 0, out, 0);
    return [...out];
  };
  expect(seen(box(2, -1, 2), [-3, 2.5])).toEqual([0.5, 7, -1, 2]);
  expect(seen(box(2, -1, 2), [-0.25, 2])).toEqual([0.5, 7, -0.25, 2]);
  expect(seen(box(1), [-1e6])).toEqual([0.5, 7, -1e6]);
  expect(seen(discrete(3), [2])).toEqual([0.5, 7, 0, 0, 1]);
});
