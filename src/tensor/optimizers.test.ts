// Optimisers against the textbook formulas, in double precision over many steps.
import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '../runtime/node.js';
import { adam, adamW, clipByGlobalNorm, type Optimizer, program, sgd } from './index.js';
import { evaluate } from './testing.js';

const n = 7;
const steps = 200;
const rate = (step: number) => 0.05 / (1 + 0.01 * step); // a schedule
/** Gradient of sum((p - target)^2 weight), with changing weight so that moments matter. */
const gradientOf = (p: ArrayLike<number>, step: number): Float64Array =>
  Float64Array.from(p, (v, i) => 2 * (v - Math.sin(i)) * (1 + Math.cos(step + i)));

/** Parameters after all steps in the graph. */
async function optimize(optimizer: Optimizer): Promise<Float64Array> {
  const executable = await nodeRuntime.compile(
    program(
      'step',
      (g) => {
        const slots = optimizer.slots.map((name) => g.input(name, [n]));
        const scalars = g.input('scalars', [optimizer.scalarCount]);
        const next = optimizer.apply(g.input('params', [n]), g.input('gradient', [n]), slots, scalars);
        return {
          next: next.params,
          ...Object.fromEntries(next.slots.map((t, i) => [`next_${optimizer.slots[i]}`, t])),
        };
      },
      { dtype: 'float64' },
    ),
  );
  const state: Record<string, Float64Array> = { params: new Float64Array(n).fill(1) };
  for (const name of optimizer.slots) state[name] = new Float64Array(n);
  const scalars = new Float64Array(optimizer.scalarCount);
  for (let step = 1; step <= steps; step++) {
    optimizer.scalars(step, rate(step), scalars);
    const results = await executable.run({ ...state, scalars, gradient: gradientOf(state.params, step) });
    state.params = results.next as Float64Array;
    for (const name of optimizer.slots) state[name] = results[`next_${name}`] as Float64Array;
  }
  return state.params;
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  for (let i = 0; i < n; i++) expect(Math.abs(actual[i] - expected[i])).toBeLessThan(1e-12);
}

/** Adam as in the paper's algorithm 1, with decoupled decay. */
function textbookAdam(weightDecay: number, [beta1, beta2, epsilon]: number[]): Float64Array {
  const p = new Float64Array(n).fill(1);
  const m = new Float64Array(n);
  const v = new Float64Array(n);
  for (let t = 1; t <= steps; t++) {
    const g = gradientOf(p, t);
    for (let i = 0; i < n; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2;
      const mHat = m[i] / (1 - beta1 ** t);
      const vHat = v[i] / (1 - beta2 ** t);
      p[i] -= rate(t) * (mHat / (Math.sqrt(vHat) + epsilon) + weightDecay * p[i]);
    }
  }
  return p;
}

describe('Adam', () => {
  test('is the paper', async () => expectClose(await optimize(adam()), textbookAdam(0, [0.9, 0.999, 1e-8])));
  test('with other settings, a large epsilon included', async () =>
    expectClose(await optimize(adam({ beta1: 0.5, beta2: 0.9, epsilon: 0.1 })), textbookAdam(0, [0.5, 0.9, 0.1])));
  test('with decoupled weight decay', async () =>
    expectClose(await optimize(adamW({ weightDecay: 0.1 })), textbookAdam(0.1, [0.9, 0.999, 1e-8])));
});

describe('SGD', () => {
  const textbook = (momentum: number, nesterov: boolean) => {
    const p = new Float64Array(n).fill(1);
    const velocity = new Float64Array(n);
    for (let t = 1; t <= steps; t++) {
      const g = gradientOf(p, t);
      for (let i = 0; i < n; i++) {
        velocity[i] = momentum * velocity[i] + g[i];
        p[i] -= rate(t) * (nesterov ? g[i] + momentum * velocity[i] : velocity[i]);
      }
    }
    return p;
  };
  test('plain', async () => expectClose(await optimize(sgd()), textbook(0, false)));
  test('with momentum', async () => expectClose(await optimize(sgd({ momentum: 0.8 })), textbook(0.8, false)));
  test('with Nesterov momentum', async () =>
    expectClose(await optimize(sgd({ momentum: 0.8, nesterov: true })), textbook(0.8, true)));
});

test('clipping by the global norm scales long gradients and leaves short ones', async () => {
  const clipped = async (data: number[]) =>
    (await evaluate((_, [g]) => ({ y: clipByGlobalNorm(g, 5) }), [{ shape: [2], data }])).y;
  expect(await clipped([3, 4])).toEqual([3, 4]);
  expect(await clipped([0, 0])).toEqual([0, 0]);
  const [a, b] = await clipped([30, 40]);
  expect([a, b].map((v) => v.toFixed(12))).toEqual(['3.000000000000', '4.000000000000']);
});
