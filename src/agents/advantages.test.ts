import { expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { generalizedAdvantages } from './advantages.js';

const rollout = (
  rows: { env?: number; reward: number; value: number; nextValue: number; terminated?: 1; ended?: 1 }[],
) => ({
  env: rows.map(({ env = 0 }) => env),
  reward: rows.map(({ reward }) => reward),
  value: rows.map(({ value }) => value),
  nextValue: rows.map(({ nextValue }) => nextValue),
  terminated: rows.map(({ terminated = 0 }) => terminated),
  ended: rows.map(({ ended = 0 }) => ended),
});

function advantages(of: ReturnType<typeof rollout>, discount: number, traceDecay: number): number[] {
  const out = new Float32Array(of.reward.length);
  generalizedAdvantages(of, { discount, traceDecay }, new Float64Array(4), out);
  return Array.from(out, (x) => Number(x.toFixed(6)));
}

test('three steps by hand: gamma 0.5, lambda 0.5', () => {
  const steps = [
    { reward: 1, value: 2, nextValue: 4 },
    { reward: 0, value: 4, nextValue: 6 },
    { reward: 2, value: 6, nextValue: 8 },
  ];
  // deltas: 1 + 2 - 2 = 1, 0 + 3 - 4 = -1, 2 + 4 - 6 = 0; advantages: 0, -1 + 0.25 * 0, 1 + 0.25 * -1
  expect(advantages(rollout(steps), 0.5, 0.5)).toEqual([0.75, -1, 0]);
  // The world ends with the last step: delta 2 - 6 = -4, then -1 - 1 = -2, then 1 - 0.5 = 0.5.
  steps[2] = { ...steps[2], terminated: 1, ended: 1 } as never;
  expect(advantages(rollout(steps), 0.5, 0.5)).toEqual([0.5, -2, -4]);
});

test('a time limit bootstraps from the final observation but cuts the trace', () => {
  const steps = rollout([
    { reward: 1, value: 2, nextValue: 4, ended: 1 },
    { reward: 5, value: 0, nextValue: 10 },
  ]);
  // First: 1 + 0.5 * 4 - 2 = 1, whatever the next episode brings; second: 5 + 5 = 10.
  expect(advantages(steps, 0.5, 1)).toEqual([1, 10]);
});

test('lambda 1 gives discounted returns minus V, lambda 0 one-step errors, environments kept apart', () => {
  const random = createRandom(5);
  const value = Array.from({ length: 9 }, () => random.normal());
  const reward = Array.from({ length: 8 }, () => random.normal());
  const steps = reward.map((r, t) => ({ env: 0, reward: r, value: value[t], nextValue: value[t + 1] }));
  const other = steps.map((step) => ({ ...step, env: 1, reward: 7 }));
  const mixed = rollout(steps.flatMap((step, t) => [step, other[t]]));
  const of = (lambda: number) => advantages(mixed, 0.9, lambda).filter((_, i) => i % 2 === 0);
  of(1).forEach((advantage, t) => {
    let sum = value[8] * 0.9 ** (8 - t);
    for (let u = 7; u >= t; u--) sum += reward[u] * 0.9 ** (u - t);
    expect(advantage).toBeCloseTo(sum - value[t], 5);
  });
  of(0).forEach((advantage, t) => {
    expect(advantage).toBeCloseTo(reward[t] + 0.9 * value[t + 1] - value[t], 5);
  });
});
