// Every operation against plain typed-array code: all runtimes, both float types, optimised and plain emission.
import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '../runtime/node.js';
import { plainRuntime } from '../runtime/plain/index.js';
import { webRuntime } from '../runtime/web.js';
import { concat, type Graph, stack, type Tensor } from './index.js';
import { sizeOf } from './shape.js';
import { evaluate, type Values } from './testing.js';

/** Row-major numbers by index. */
const at = (x: Values, index: readonly number[]): number =>
  x.data[index.reduce((flat, i, axis) => flat * x.shape[axis] + i, 0)];

/** An array of a shape from a function of the index. */
function fill(shape: readonly number[], f: (index: number[]) => number): Values {
  const data = Array.from({ length: sizeOf(shape) }, (_, flat) => {
    const index: number[] = [];
    let rest = flat;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return f(index);
  });
  return { shape, data };
}

/** An array whose elements an index of a broadcast result picks. */
const spread = (x: Values, index: readonly number[]): number =>
  at(
    x,
    index.slice(index.length - x.shape.length).map((i, axis) => (x.shape[axis] === 1 ? 0 : i)),
  );

/** Replaces each line along an axis by a function of it. */
function lines(x: Values, axis: number, f: (line: number[]) => number[]): Values {
  const n = f(Array.from({ length: x.shape[axis] }, (_, i) => i)).length;
  return fill(x.shape.with(axis, n), (index) => {
    const line = Array.from({ length: x.shape[axis] }, (_, i) => at(x, index.with(axis, i)));
    return f(line)[index[axis]];
  });
}

const sum = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0);

/** erf by its Taylor series: exact enough for |x| up to 3. */
function erf(x: number): number {
  let [term, total] = [x, x];
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

const wave = (shape: readonly number[], frequency: number, scale = 1): Values =>
  fill(shape, (index) => scale * Math.sin(frequency * (1 + index.reduce((flat, i, k) => flat * shape[k] + i, 0))));

const x = wave([2, 3, 4], 1.3, 2.5);
const y = wave([3, 1], 2.1, 1.5);
const positive = fill([2, 3, 4], (i) => 0.1 + Math.abs(at(x, i)));

type Case = readonly [name: string, f: (x: Tensor, y: Tensor, p: Tensor, g: Graph) => Tensor, expected: Values];
const map = (f: (v: number) => number): Values => fill(x.shape, (i) => f(at(x, i)));
const mapPositive = (f: (v: number) => number): Values => fill(x.shape, (i) => f(at(positive, i)));
const zip = (f: (a: number, b: number) => number): Values => fill(x.shape, (i) => f(at(x, i), spread(y, i)));
const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
const flat = ({ shape, data }: Values, axis: number): Values => ({ shape: shape.toSpliced(axis, 1), data });

const cases: Case[] = [
  ['neg', (x) => x.neg(), map((v) => -v)],
  ['exp', (x) => x.exp(), map(Math.exp)],
  ['log', (_x, _y, p) => p.log(), mapPositive(Math.log)],
  ['log1p', (_x, _y, p) => p.log1p(), mapPositive(Math.log1p)],
  ['log1p of tiny', (_x, _y, p) => p.mul(1e-9).log1p().mul(1e9), mapPositive((v) => Math.log1p(v * 1e-9) * 1e9)],
  ['sin', (x) => x.sin(), map(Math.sin)],
  ['cos', (x) => x.cos(), map(Math.cos)],
  ['tanh', (x) => x.tanh(), map(Math.tanh)],
  ['sigmoid', (x) => x.sigmoid(), map(sigmoid)],
  ['softplus', (x) => x.softplus(), map((v) => Math.log1p(Math.exp(v)))],
  [
    'softplus of large',
    (x) => x.mul(100).softplus(),
    map((v) => (v > 0 ? 100 * v : 0) + Math.log1p(Math.exp(-100 * Math.abs(v)))),
  ],
  ['relu', (x) => x.relu(), map((v) => Math.max(v, 0))],
  ['elu', (x) => x.elu(), map((v) => (v > 0 ? v : Math.expm1(v)))],
  ['gelu', (x) => x.gelu(), map((v) => 0.5 * v * (1 + erf(v / Math.SQRT2)))],
  [
    'geluTanh',
    (x) => x.geluTanh(),
    map((v) => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)))),
  ],
  ['silu', (x) => x.silu(), map((v) => v * sigmoid(v))],
  ['erf', (x) => x.erf(), map(erf)],
  ['sqrt', (_x, _y, p) => p.sqrt(), mapPositive(Math.sqrt)],
  ['square', (x) => x.square(), map((v) => v * v)],
  ['abs', (x) => x.abs(), map(Math.abs)],
  ['sign', (x) => x.sign(), map(Math.sign)],
  ['floor', (x) => x.floor(), map(Math.floor)],
  ['clip', (x) => x.clip(-1, 0.5), map((v) => Math.min(Math.max(v, -1), 0.5))],
  ['clip from below', (x) => x.clip(-1), map((v) => Math.max(v, -1))],
  ['clip from above', (x) => x.clip(undefined, 0.5), map((v) => Math.min(v, 0.5))],
  ['add', (x, y) => x.add(y), zip((a, b) => a + b)],
  ['sub', (x, y) => x.sub(y), zip((a, b) => a - b)],
  ['mul', (x, y) => x.mul(y), zip((a, b) => a * b)],
  ['div', (x, y) => x.div(y), zip((a, b) => a / b)],
  ['pow', (_x, y, p) => p.pow(y), fill(x.shape, (i) => at(positive, i) ** spread(y, i))],
  ['pow with a number', (x) => x.pow(3), map((v) => v ** 3)],
  ['min', (x, y) => x.min(y), zip(Math.min)],
  ['max', (x, y) => x.max(y), zip(Math.max)],
  ['numbers', (x) => x.mul(2).add(3).div(4).sub(1), map((v) => (v * 2 + 3) / 4 - 1)],
  ['equal', (x) => x.equal(x.clip(-1, 1)).cast(x.dtype), map((v) => Number(Math.abs(v) <= 1))],
  ['greater', (x, y) => x.greater(y).cast(x.dtype), zip((a, b) => Number(a > b))],
  ['less', (x, y) => x.less(y).cast(x.dtype), zip((a, b) => Number(a < b))],
  ['greaterEqual', (x) => x.greaterEqual(x.clip(0)).cast(x.dtype), map((v) => Number(v >= 0))],
  ['lessEqual', (x) => x.lessEqual(x.clip(0)).cast(x.dtype), map(() => 1)],
  ['and', (x, y) => x.greater(0).and(y.greater(0)).cast(x.dtype), zip((a, b) => Number(a > 0 && b > 0))],
  ['or', (x, y) => x.greater(0).or(y.greater(0)).cast(x.dtype), zip((a, b) => Number(a > 0 || b > 0))],
  ['not', (x) => x.greater(0).not().cast(x.dtype), map((v) => Number(!(v > 0)))],
  ['where', (x, y) => x.greater(0).where(x, y), zip((a, b) => (a > 0 ? a : b))],
  ['where with numbers', (x) => x.greater(0).where(1, -1).cast(x.dtype), map((v) => (v > 0 ? 1 : -1))],
  ['cast', (x) => x.cast('int32').cast('int64').cast(x.dtype), map(Math.trunc)],
  ['integer arithmetic', (x) => x.cast('int64').mul(2).add(1).cast(x.dtype), map((v) => Math.trunc(v) * 2 + 1)],
  [
    'sum',
    (x) => x.sum(1),
    flat(
      lines(x, 1, (l) => [sum(l)]),
      1,
    ),
  ],
  [
    'sum of a matrix over rows',
    (x) => x.reshape([6, 4]).sum(0),
    flat(
      lines({ ...x, shape: [6, 4] }, 0, (l) => [sum(l)]),
      0,
    ),
  ],
  [
    'sum kept',
    (x) => x.sum([0, 2], { keepDims: true }),
    fill([1, 3, 1], ([, j]) => sum([0, 1].flatMap((i) => [0, 1, 2, 3].map((k) => at(x, [i, j, k]))))),
  ],
  [
    'mean',
    (x) => x.mean(-1),
    flat(
      lines(x, 2, (l) => [sum(l) / l.length]),
      2,
    ),
  ],
  ['mean of all', (x) => x.mean(), { shape: [], data: [sum(x.data) / 24] }],
  [
    'amax',
    (x) => x.amax(0),
    flat(
      lines(x, 0, (l) => [Math.max(...l)]),
      0,
    ),
  ],
  ['amin', (x) => x.amin(1, { keepDims: true }), lines(x, 1, (l) => [Math.min(...l)])],
  [
    'logSumExp',
    (x) => x.logSumExp(2),
    flat(
      lines(x, 2, (l) => [Math.log(sum(l.map(Math.exp)))]),
      2,
    ),
  ],
  [
    'logSumExp of large',
    (x) => x.add(1000).logSumExp(2),
    flat(
      lines(x, 2, (l) => [1000 + Math.log(sum(l.map(Math.exp)))]),
      2,
    ),
  ],
  [
    'argmax',
    (x) => x.argmax(1).cast(x.dtype),
    flat(
      lines(x, 1, (l) => [l.indexOf(Math.max(...l))]),
      1,
    ),
  ],
  [
    'argmax of equals',
    (x) => x.sign().argmax(2).cast(x.dtype),
    flat(
      lines(map(Math.sign), 2, (l) => [l.indexOf(Math.max(...l))]),
      2,
    ),
  ],
  ['cumsum', (x) => x.cumsum(1), lines(x, 1, (l) => l.map((_, i) => sum(l.slice(0, i + 1))))],
  [
    'cumsum reversed',
    (x) => x.cumsum(2, { reverse: true, exclusive: true }),
    lines(x, 2, (l) => l.map((_, i) => sum(l.slice(i + 1)))),
  ],
  ['topK', (x) => x.topK(2, 2).values, lines(x, 2, (l) => l.toSorted((a, b) => b - a).slice(0, 2))],
  [
    'topK indices',
    (x) => x.topK(2, 1, { largest: false }).indices.cast(x.dtype),
    lines(x, 1, (l) =>
      l
        .toSorted((a, b) => a - b)
        .slice(0, 2)
        .map((v) => l.indexOf(v)),
    ),
  ],
  [
    'topK in any order',
    (x) => x.topK(2, 1, { sorted: false }).values.sum(1, { keepDims: true }),
    lines(x, 1, (l) => [sum(l.toSorted((a, b) => b - a).slice(0, 2))]),
  ],
  ['sort', (x) => x.sort(1), lines(x, 1, (l) => l.toSorted((a, b) => a - b))],
  ['sort descending', (x) => x.sort(-1, true), lines(x, 2, (l) => l.toSorted((a, b) => b - a))],
  ['softmax', (x) => x.softmax(1), lines(x, 1, (l) => l.map((v) => Math.exp(v) / sum(l.map(Math.exp))))],
  ['logSoftmax', (x) => x.logSoftmax(-1), lines(x, 2, (l) => l.map((v) => v - Math.log(sum(l.map(Math.exp)))))],
  [
    'layerNorm',
    (x, _y, _p, g) => x.layerNorm(g.full([4], 2), g.ones([4]), 0.01),
    lines(x, 2, (l) => {
      const mean = sum(l) / l.length;
      const variance = sum(l.map((v) => (v - mean) ** 2)) / l.length;
      return l.map((v) => (2 * (v - mean)) / Math.sqrt(variance + 0.01) + 1);
    }),
  ],
  [
    'fusedLayerNorm',
    (x, _y, _p, g) => x.fusedLayerNorm(g.full([4], 2), g.ones([4]), 0.01),
    lines(x, 2, (l) => {
      const mean = sum(l) / l.length;
      const variance = sum(l.map((v) => (v - mean) ** 2)) / l.length;
      return l.map((v) => (2 * (v - mean)) / Math.sqrt(variance + 0.01) + 1);
    }),
  ],
  ['reshape', (x) => x.reshape([-1, 8]).mul(1), { shape: [3, 8], data: x.data }],
  ['transpose', (x) => x.transpose(), fill([4, 3, 2], ([k, j, i]) => at(x, [i, j, k]))],
  ['transpose by order', (x) => x.transpose([1, 0, 2]), fill([3, 2, 4], ([j, i, k]) => at(x, [i, j, k]))],
  ['expand', (_x, y) => y.expand([2, 3, 4]), fill([2, 3, 4], (i) => spread(y, i))],
  ['slice', (x) => x.slice(2, 1, -1), fill([2, 3, 2], ([i, j, k]) => at(x, [i, j, k + 1]))],
  ['pad', (x) => x.pad(1, 1, 2), fill([2, 6, 4], ([i, j, k]) => (j < 1 || j > 3 ? 0 : at(x, [i, j - 1, k])))],
  [
    'split and concat',
    (x) => concat(x.split([1, 3], 2).reverse(), 2),
    fill(x.shape, ([i, j, k]) => at(x, [i, j, (k + 1) % 4])),
  ],
  ['one piece of a split', (x) => x.split([1, 2, 1], -1)[1], fill([2, 3, 2], ([i, j, k]) => at(x, [i, j, k + 1]))],
  [
    'stack',
    (x, y) => stack([x.sum(2).sum(0), y.reshape([3])], 1),
    fill([3, 2], ([j, n]) =>
      n === 1 ? y.data[j] : sum([0, 1].flatMap((i) => [0, 1, 2, 3].map((k) => at(x, [i, j, k])))),
    ),
  ],
  [
    'gather',
    (x, _y, _p, g) => x.gather(g.constant([2, 0, 2, 1], [2, 2]), 1),
    fill([2, 2, 2, 4], ([i, a, b, k]) => at(x, [i, [2, 0, 2, 1][2 * a + b], k])),
  ],
  ['takeAlong', (x) => x.takeAlong(x.argmax(2).reshape([2, 3, 1]), 2), lines(x, 2, (l) => [Math.max(...l)])],
  [
    'oneHot',
    (x) => x.argmax(2).oneHot(4).cast(x.dtype),
    lines(x, 2, (l) => l.map((v) => Number(v === Math.max(...l)))),
  ],
  [
    'matmul',
    (x) => x.reshape([6, 4]).matmul(x.reshape([4, 6])),
    fill([6, 6], ([i, j]) => sum([0, 1, 2, 3].map((k) => x.data[4 * i + k] * x.data[6 * k + j]))),
  ],
  [
    'batched matmul',
    (x) => x.matmul(x.transpose([0, 2, 1])),
    fill([2, 3, 3], ([b, i, j]) => sum([0, 1, 2, 3].map((k) => at(x, [b, i, k]) * at(x, [b, j, k])))),
  ],
  [
    'matmul of a batch and a matrix',
    (x, y) => x.transpose([0, 2, 1]).matmul(y),
    fill([2, 4, 1], ([b, i]) => sum([0, 1, 2].map((k) => at(x, [b, k, i]) * y.data[k]))),
  ],
  [
    'matmul of a matrix and a batch',
    (x, y) => y.transpose().matmul(x),
    fill([2, 1, 4], ([b, , j]) => sum([0, 1, 2].map((k) => y.data[k] * at(x, [b, k, j])))),
  ],
  [
    'dense',
    (x, y, _p, g) => x.transpose([0, 2, 1]).dense(y, g.constant([0.5])),
    fill([2, 4, 1], ([b, i]) => 0.5 + sum([0, 1, 2].map((k) => at(x, [b, k, i]) * y.data[k]))),
  ],
  [
    'scaled product plus a matrix',
    (x) =>
      x
        .reshape([6, 4])
        .transpose()
        .matmul(x.reshape([6, 4]))
        .mul(0.5)
        .add(1),
    fill([4, 4], ([i, j]) => 1 + 0.5 * sum([0, 1, 2, 3, 4, 5].map((k) => x.data[4 * k + i] * x.data[4 * k + j]))),
  ],
  ['stopGradient', (x) => x.stopGradient(), x],
  [
    'zeros, ones and full',
    (_x, _y, _p, g) =>
      g
        .zeros([2, 2])
        .add(g.ones([2]))
        .add(g.full([2, 1], 3)),
    fill([2, 2], () => 4),
  ],
];

describe.each([nodeRuntime, webRuntime, plainRuntime])('$name', (runtime) => {
  for (const dtype of ['float32', 'float64'] as const) {
    for (const optimize of [true, false]) {
      test(`${dtype}, ${optimize ? 'optimised' : 'plain'}`, async () => {
        const results = await evaluate(
          (g, [x, y, p]) => Object.fromEntries(cases.map(([name, f]) => [name, f(x, y, p, g).cast(dtype)])),
          [x, y, positive],
          { runtime, dtype, optimize },
        );
        for (const [name, , expected] of cases) {
          const error = Math.max(...expected.data.map((v, i) => Math.abs(results[name][i] - v) / (1 + Math.abs(v))));
          const limit = name.includes('large') && dtype === 'float32' ? 1e-4 : dtype === 'float32' ? 5e-6 : 1e-12;
          expect(results[name].length, name).toBe(expected.data.length);
          expect(error, name).toBeLessThan(limit);
        }
      });
    }
  }
});

test('shapes of results are those of the plain code', async () => {
  const shapes: Record<string, readonly number[]> = {};
  await evaluate(
    (g, [x, y, p]) => {
      for (const [name, f] of cases) shapes[name] = f(x, y, p, g).shape;
      return { x };
    },
    [x, y, positive],
  );
  for (const [name, , expected] of cases) expect(shapes[name], name).toEqual(expected.shape);
});
