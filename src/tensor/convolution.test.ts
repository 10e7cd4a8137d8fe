// Convolutions against plain loops in all runtimes, their gradients of first and second order, and their errors.
import { describe, expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { plainRuntime } from '../runtime/plain/index.js';
import { webRuntime } from '../runtime/web.js';
import { grad, program, type Tensor } from './index.js';
import { evaluate, gradientError, type Values } from './testing.js';

const random = createRandom(4);
const values = (shape: readonly number[]): Values => ({
  shape,
  data: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
});

interface Case {
  readonly x: readonly number[];
  readonly weight: readonly number[];
  readonly stride: number;
  readonly padding: number;
}

const cases: Case[] = [
  { x: [2, 3, 5, 6], weight: [4, 3, 3, 3], stride: 1, padding: 0 },
  { x: [2, 3, 7, 6], weight: [2, 3, 3, 2], stride: 2, padding: 0 }, // a rest of the picture that no place reaches
  { x: [1, 2, 5, 5], weight: [3, 2, 3, 3], stride: 2, padding: 1 },
  { x: [2, 1, 4, 4], weight: [2, 1, 4, 4], stride: 3, padding: 2 },
  { x: [3, 2, 3, 3], weight: [2, 2, 1, 1], stride: 1, padding: 0 },
];

/** y[b, o, i, j] = bias[o] + sum x[b, c, i s + k - p, j s + l - p] w[o, c, k, l], zeros outside. */
function byHand(x: Values, weight: Values, bias: Values, { stride, padding }: Case): number[] {
  const [batch, channels, height, width] = x.shape;
  const [out, , kh, kw] = weight.shape;
  const size = [height - kh, width - kw].map((n) => Math.floor((n + 2 * padding) / stride) + 1);
  const y: number[] = [];
  for (let b = 0; b < batch; b++)
    for (let o = 0; o < out; o++)
      for (let i = 0; i < size[0]; i++)
        for (let j = 0; j < size[1]; j++) {
          let sum = bias.data[o];
          for (let c = 0; c < channels; c++)
            for (let k = 0; k < kh; k++)
              for (let l = 0; l < kw; l++) {
                const [row, column] = [i * stride + k - padding, j * stride + l - padding];
                if (row < 0 || column < 0 || row >= height || column >= width) continue;
                const w = weight.data[((o * channels + c) * kh + k) * kw + l];
                sum += x.data[((b * channels + c) * height + row) * width + column] * w;
              }
          y.push(sum);
        }
  return y;
}

const convolved =
  ({ stride, padding }: Case) =>
  ([x, weight, bias]: readonly Tensor[]) =>
    x.conv2d(weight, bias, { stride, padding });

describe.each(cases)('x $x, weight $weight, stride $stride, padding $padding', (one) => {
  const inputs = [values(one.x), values(one.weight), values([one.weight[0]])];

  test.each([
    ['native, double', 'float64', nodeRuntime],
    ['native', 'float32', nodeRuntime],
    ['WebAssembly', 'float32', webRuntime],
  ] as const)('is the sum of products: %s', async (_, dtype, runtime) => {
    const { y } = await evaluate((_g, xs) => ({ y: convolved(one)(xs) }), inputs, { dtype, runtime });
    const expected = byHand(inputs[0], inputs[1], inputs[2], one);
    expect(y.length).toBe(expected.length);
    for (const [i, value] of y.entries()) expect(value).toBeCloseTo(expected[i], dtype === 'float64' ? 12 : 4);
  });

  test('has the gradients of finite differences', async () => {
    expect(await gradientError(convolved(one), inputs)).toBeLessThan(1e-6);
  });

  test('has the second derivatives of finite differences', async () => {
    const slope = (xs: readonly Tensor[]) => {
      const y = convolved(one)(xs);
      const [dx, dw] = grad(y.mul(y).mul(y).sum(), [xs[0], xs[1]]);
      return dx.square().sum().add(dw.square().sum()).mul(1e-3);
    };
    expect(await gradientError(slope, inputs)).toBeLessThan(1e-5);
  });

  test('has the same gradients in single precision, in all runtimes', async () => {
    const gradients = (_g: unknown, xs: readonly Tensor[]) => {
      const [dx, dw] = grad(convolved(one)(xs).sin().sum(), [xs[0], xs[1]]);
      return { dx, dw };
    };
    const exact = await evaluate(gradients, inputs);
    for (const runtime of [nodeRuntime, webRuntime, plainRuntime]) {
      const single = await evaluate(gradients, inputs, { dtype: 'float32', runtime });
      for (const name of ['dx', 'dw']) {
        for (const [i, value] of single[name].entries()) expect(value).toBeCloseTo(exact[name][i], 3);
      }
    }
  });
});

test('what does not fit names both shapes', () => {
  const build = (x: readonly number[], w: readonly number[], options = {}, bias?: readonly number[]) =>
    program('bad', (g) => ({
      y: g.input('x', x).conv2d(g.input('w', w), bias && g.input('b', bias), options),
    }));
  expect(() => build([1, 3, 4], [1, 3, 2, 2])).toThrow('shapes [1, 3, 4] and weight [1, 3, 2, 2]');
  expect(() => build([1, 3, 4, 4], [1, 2, 2, 2])).toThrow('3 channels of the input, 2 of the weight');
  expect(() => build([1, 3, 4, 4], [1, 3, 5, 2])).toThrow('the kernel is larger than the picture');
  expect(() => build([1, 3, 4, 4], [1, 3, 2, 2], { stride: 0 })).toThrow('stride 0 and padding 0');
  expect(() => build([1, 3, 4, 4], [1, 3, 2, 2], {}, [2])).toThrow('bias [2] is not [1]');
});

test('bytes enter as uint8, and are not bool', async () => {
  for (const runtime of [nodeRuntime, webRuntime, plainRuntime]) {
    const executable = await runtime.compile(
      program('bytes', (g) => ({
        y: g
          .input('x', [3], 'uint8')
          .cast('float32')
          .mul(1 / 255),
      })),
    );
    const { y } = await executable.run({ x: Uint8Array.of(0, 51, 255) });
    expect([...(y as Float32Array)].map((v) => Math.round(v * 100) / 100)).toEqual([0, 0.2, 1]);
    await executable.dispose();
  }
});
