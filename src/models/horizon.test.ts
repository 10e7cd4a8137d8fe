// Lengths of rollouts: the schedule's arithmetic, and what a model is measured to be good for against its known errors.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { createReplay } from '../replay/index.js';
import type { DynamicsModel } from './dynamics-model.js';
import { goodFor, mostSteps, openLoopErrors, scheduled } from './horizon.js';
import { modelSpec } from './model-spec.js';
import type { BatchStep } from './model-step.js';
import { linearSpec } from './testing.js';
import { transitionsOf } from './transitions.js';

it('grows linearly between two steps, in whole numbers', () => {
  const at = (steps: number) => scheduled([20, 100, 1, 15], steps);
  expect([0, 20, 25, 26, 60, 99, 100, 1000].map(at)).toEqual([1, 1, 1, 2, 8, 14, 15, 15]);
  expect(scheduled(3, 1e6)).toBe(3);
  expect(
    [3, [0, 1, 9, 4] as const, 'auto' as const].map((horizon) => mostSteps({ horizon, autoMost: 6 } as never)),
  ).toEqual([3, 9, 6]);
});

describe('open-loop errors', () => {
  /** Every state is 0.1 more than the one before, whatever the action: both numbers. */
  function data(lengths: readonly number[]) {
    const replay = createReplay(linearSpec, 200);
    for (const steps of lengths) {
      replay.addEpisode({
        columns: {
          observation: Array.from({ length: 2 * (steps + 1) }, (_, i) => 0.1 * Math.floor(i / 2)),
          action: new Array(steps).fill(0),
          reward: new Array(steps).fill(0),
        },
        failed: false,
      });
    }
    return transitionsOf([replay]);
  }
  /** A model that says 0.11 more in the first number, and the truth in the second. */
  function measure(lengths: readonly number[], most: number) {
    const spec = modelSpec(linearSpec);
    const scales = new Float32Array(2 * spec.inputs + 2 * spec.outputs + 2).fill(2); // deviations of 0.5
    const of = (size: number) => new Float32Array(10 * size);
    const step: BatchStep = {
      rows: 10,
      state: of(2),
      action: of(1),
      task: of(1),
      noise: of(3),
      next: of(2),
      results: of(1),
      failure: of(1),
      async run() {
        for (let i = 0; i < 20; i++) step.next[i] = step.state[i] + (i % 2 === 0 ? 0.11 : 0.1);
      },
      dispose: async () => undefined,
    };
    return openLoopErrors({ spec, scales } as DynamicsModel, step, data(lengths), most, createRandom(1));
  }

  it('are what the model is known to be wrong by, in deviations', async () => {
    const errors = await measure([20, 20], 4);
    expect(errors).toHaveLength(4);
    for (const [k, error] of errors.entries()) expect(error).toBeCloseTo((0.01 * (k + 1) * 2) / Math.SQRT2, 5);
    expect([0.001, 0.03, 0.045, 1].map((bound) => goodFor(errors, bound))).toEqual([1, 2, 3, 4]);
    expect(goodFor([Number.NaN, 0], 1)).toBe(1);
  });

  it('reach as far as the longest episode', async () => {
    expect(await measure([3, 2], 9)).toHaveLength(3);
  });
});
