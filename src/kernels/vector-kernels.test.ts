// The kernels against the same formulas elsewhere: Adam as a tensor program, averages number by number.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { adam, adamDefaults, program } from '../tensor/index.js';
import { createKernels, createMemory } from './vector-kernels.js';

const n = 32;
const BYTES = 4 * n;

it('more memory than there can be is refused, with what would need less', () => {
  expect(() => createMemory(5 * 2 ** 30, false)).toThrow(/take 5\.0 GiB .*4\.0 GiB .*agent\.hidden/);
});

describe.each([false, true])('in memory that is shared: %s', (shared) => {
  /** Vectors of normals one after the other in a memory larger than a page, and one behind them that nobody may touch. */
  function vectors(count: number, seed: number) {
    const memory = createMemory(70_000, shared);
    const random = createRandom(seed);
    const all = Array.from({ length: count + 1 }, (_, i) => new Float32Array(memory.buffer, i * BYTES, n));
    for (const vector of all) random.fillNormal(vector);
    return { kernels: createKernels(memory), all, last: all[count].slice() };
  }

  it('adam is the tensor program of tensor/optimizers.ts, bit for bit', async () => {
    const { kernels, all, last } = vectors(4, 1);
    const [params, m, v, gradient] = all;
    v.forEach((value, i) => {
      v[i] = value * value;
    });
    const optimizer = adam();
    const executable = await nodeRuntime.compile(
      program('adam', (g) => {
        const [p, d, first, second] = ['p', 'd', 'm', 'v'].map((name) => g.input(name, [n]));
        const scale = g.input('scale', []);
        const next = optimizer.apply(p, d.mul(scale), [first, second], g.input('scalars', [2]));
        return { params: next.params, m_: next.slots[0], v_: next.slots[1] };
      }),
    );
    const scalars = new Float32Array(2);
    for (const [step, scale] of [1, 0.25, 1 / 3].entries()) {
      optimizer.scalars(step + 1, 0.01, scalars);
      const given = { p: params, m, v, d: gradient, scale: Float32Array.of(scale), scalars };
      const copies = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, Float32Array.from(value)]));
      const wanted = await executable.run(copies);
      const { beta1, beta2 } = adamDefaults;
      kernels.adam(BYTES, 0, BYTES, 2 * BYTES, 3 * BYTES, scale, beta1, beta2, scalars[0], scalars[1]);
      expect([[...params], [...m], [...v]]).toEqual([[...wanted.params], [...wanted.m_], [...wanted.v_]]);
    }
    expect([...all[4]]).toEqual([...last]);
    await executable.dispose();
  });

  it('products are the sums of four pairs, by place modulo four', () => {
    const { kernels, all, last } = vectors(6, 3);
    const [x, a, b, c, d, out] = all;
    kernels.products(BYTES, 0, BYTES, 2 * BYTES, 3 * BYTES, 4 * BYTES, 5 * BYTES);
    for (const [k, y] of [a, b, c, d].entries()) {
      for (let lane = 0; lane < 4; lane++) {
        let sum = 0;
        for (let i = lane; i < n; i += 4) sum = Math.fround(sum + Math.fround(x[i] * y[i]));
        expect(out[4 * k + lane]).toBe(sum);
      }
    }
    expect([...all[6]]).toEqual([...last]);
  });

  it('follow and accumulate, each operation rounded by itself', () => {
    const { kernels, all, last } = vectors(2, 2);
    const [target, online] = all;
    const before = target.slice();
    const round = Math.fround;
    kernels.average(BYTES, 0, BYTES, 0.9, 0.1);
    const followed = before.map((value, i) => round(round(value * round(0.9)) + round(online[i] * round(0.1))));
    expect([...target]).toEqual([...followed]);
    kernels.accumulate(BYTES / 2, 0, BYTES);
    const half = followed.map((value, i) => (i < n / 2 ? round(value + online[i]) : value));
    expect([...target]).toEqual([...half]);
    expect([...all[2]]).toEqual([...last]);
  });
});
