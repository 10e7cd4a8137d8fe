// Distral on bandits of two and three tasks: closed forms against plain ascent of its objective, and each of its terms.
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../runtime/node.js';
import { program } from '../tensor/index.js';
import { type DistralSettings, distilledPolicy, distralCost, distralPolicy, distralSettings } from './distral.js';

const softmax = (x: number[]) => {
  const sum = x.reduce((total, value) => total + Math.exp(value), 0);
  return x.map((value) => Math.exp(value) / sum);
};

/** J of policies and pi_0 in one state. */
const objective = (q: number[][], policies: number[][], distilled: number[], { alpha, beta }: DistralSettings) =>
  q.reduce(
    (sum, values, i) =>
      sum +
      values.reduce((own, value, a) => {
        const p = policies[i][a];
        return own + p * (value + (alpha / beta) * Math.log(distilled[a]) - Math.log(p) / beta);
      }, 0),
    0,
  );

/** Ascent of J along all logits by finite differences, policies and pi_0 together. */
function ascended(q: number[][], settings: DistralSettings) {
  const n = q[0].length;
  const logits = new Array((q.length + 1) * n).fill(0).map((_, i) => 0.1 * Math.sin(i));
  const split = (x: number[]) => Array.from({ length: q.length + 1 }, (_, i) => softmax(x.slice(i * n, (i + 1) * n)));
  const value = (x: number[]) => {
    const all = split(x);
    return objective(q, all.slice(0, -1), all[q.length], settings);
  };
  for (let step = 0; step < 4000; step++) {
    const gradient = logits.map((_, i) => {
      const moved = (by: number) => logits.map((x, j) => (i === j ? x + by : x));
      return (value(moved(1e-5)) - value(moved(-1e-5))) / 2e-5;
    });
    for (const [i, g] of gradient.entries()) logits[i] += 0.3 * g;
  }
  return split(logits);
}

describe.each([
  [
    'two tasks',
    [
      [1, 0.2, 0],
      [0, 0.3, 1],
    ],
  ],
  [
    'three tasks',
    [
      [1, 0, 0],
      [0.5, 0.6, 0.1],
      [0, 0.2, 0.9],
    ],
  ],
])('%s', (_, q) => {
  it('the closed form is where ascent of the objective ends', () => {
    const settings = distralSettings(0.3, 0.2);
    expect(settings.alpha).toBeCloseTo(0.6, 12);
    expect(settings.beta).toBeCloseTo(2, 12);
    const all = ascended(q, settings);
    const distilled = all[q.length];
    const logDistilled = distilled.map(Math.log);
    for (const [i, values] of q.entries()) {
      const { policy } = distralPolicy(values, logDistilled, settings);
      for (const [a, p] of policy.entries()) expect(all[i][a]).toBeCloseTo(p, 3);
    }
    for (const [a, p] of distilledPolicy(all.slice(0, -1)).entries()) expect(distilled[a]).toBeCloseTo(p, 3);
  });
});

it('both terms: without the divergence it is the soft policy of beta Q, without the entropy pi_0 times exp(beta Q)', () => {
  const q = [1, 0, -1];
  const pi0 = [0.2, 0.3, 0.5];
  const log = pi0.map(Math.log);
  const entropyOnly = distralPolicy(q, log, distralSettings(0, 0.5)).policy;
  softmax(q.map((value) => 2 * value)).forEach((p, a) => {
    expect(entropyOnly[a]).toBeCloseTo(p, 12);
  });
  const divergenceOnly = distralPolicy(q, log, distralSettings(0.5, 0)).policy;
  softmax(q.map((value, a) => 2 * value + log[a])).forEach((p, a) => {
    expect(divergenceOnly[a]).toBeCloseTo(p, 12);
  });
});

it('the value is what the best policy earns with both terms', () => {
  const settings = distralSettings(0.4, 0.1);
  const q = [0.3, 1.2, -0.4];
  const pi0 = [0.5, 0.25, 0.25];
  const { policy, value } = distralPolicy(q, pi0.map(Math.log), settings);
  expect(value).toBeCloseTo(objective([q], [policy], pi0, settings), 10);
});

it('the cost of a step is that of the objective', async () => {
  const executable = await nodeRuntime.compile(
    program('cost', (g) => ({ cost: distralCost(g.input('own', [2, 1]), g.input('distilled', [2, 1]), 0.5, 0.1) })),
  );
  const { cost } = await executable.run({ own: Float32Array.of(-1, 2), distilled: Float32Array.of(-4, 1) });
  await executable.dispose();
  expect(cost[0]).toBeCloseTo(0.1 * (-1 + 2), 6);
  expect(cost[1]).toBeCloseTo(0.1 * (2 - 0.5), 6);
});
