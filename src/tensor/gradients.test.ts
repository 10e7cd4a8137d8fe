// Every gradient rule against central finite differences in double precision, over random shapes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { concat, grad, stack, type Tensor } from './index.js';
import { evaluate, gradientError, type Values } from './testing.js';

/** Distinct values, at least `gap` apart from each other and from multiples of 1/2, where kinks of the tests lie. */
function values(shape: readonly number[], seed: number, low = -2, high = 2): Values {
  const n = shape.reduce((a, b) => a * b, 1);
  const random = createRandom(seed);
  const order = Array.from({ length: n }, (_, i) => [random.uniform(), i]).sort(([a], [b]) => a - b);
  const data = new Array<number>(n);
  order.forEach(([, at], i) => {
    const x = low + ((high - low) * (i + 0.3 + 0.4 * random.uniform())) / n;
    data[at] = Math.abs(x * 2 - Math.round(x * 2)) < 0.01 ? x + 0.013 : x;
  });
  return { shape, data };
}

const runs = { numRuns: 10, seed: 3 };
const dims = (min: number, max: number) => fc.array(fc.integer({ min: 1, max: 4 }), { minLength: min, maxLength: max });
const seed = fc.integer({ min: 0, max: 1e6 });

async function check(f: (xs: readonly Tensor[]) => Tensor, inputs: Values[], tolerance = 1e-6): Promise<void> {
  expect(await gradientError(f, inputs)).toBeLessThan(tolerance);
}

/** Shapes of 2 or 3 operands that broadcast, with axes dropped or set to 1. */
const broadcasting = (count: number) =>
  dims(1, 3).chain((shape) =>
    fc.tuple(
      ...Array.from({ length: count }, () =>
        fc
          .tuple(fc.integer({ min: 0, max: shape.length }), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }))
          .map(([drop, ones]) => shape.map((n, i) => (ones[i] ? 1 : n)).slice(drop)),
      ),
    ),
  );

describe('elementwise', () => {
  const everywhere: Record<string, (x: Tensor) => Tensor> = {
    neg: (x) => x.neg(),
    exp: (x) => x.exp(),
    sin: (x) => x.sin(),
    cos: (x) => x.cos(),
    tanh: (x) => x.tanh(),
    sigmoid: (x) => x.sigmoid(),
    softplus: (x) => x.softplus(),
    relu: (x) => x.relu(),
    elu: (x) => x.elu(),
    gelu: (x) => x.gelu(),
    geluTanh: (x) => x.geluTanh(),
    silu: (x) => x.silu(),
    erf: (x) => x.erf(),
    square: (x) => x.square(),
    abs: (x) => x.abs(),
    sign: (x) => x.sign().mul(x),
    floor: (x) => x.mul(2).floor().mul(x),
    clip: (x) => x.clip(-0.5, 1),
    'clip from below': (x) => x.clip(0),
    'clip from above': (x) => x.clip(undefined, 0.5),
    'pow with a number': (x) => x.pow(3),
    'min and max with a number': (x) => x.min(1).add(x.max(0.5)),
  };
  const positive: Record<string, (x: Tensor) => Tensor> = {
    log: (x) => x.log(),
    log1p: (x) => x.log1p(),
    sqrt: (x) => x.sqrt(),
    'pow with a fraction': (x) => x.pow(1.7),
    'pow special cases': (x) => x.pow(2).add(x.pow(0.5)).add(x.pow(-1)).add(x.pow(1)).add(x.pow(0)),
  };
  for (const [name, f] of [...Object.entries(everywhere), ...Object.entries(positive)]) {
    test(name, () =>
      fc.assert(
        fc.asyncProperty(dims(0, 3), seed, (shape, s) =>
          check(([x]) => f(x), [name in positive ? values(shape, s, 0.2, 3) : values(shape, s)]),
        ),
        runs,
      ),
    );
  }

  const pairs: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
    add: (a, b) => a.add(b),
    sub: (a, b) => a.sub(b),
    mul: (a, b) => a.mul(b),
    div: (a, b) => a.div(b),
    pow: (a, b) => a.pow(b),
    min: (a, b) => a.min(b),
    max: (a, b) => a.max(b),
  };
  for (const [name, f] of Object.entries(pairs)) {
    test(`${name} with broadcasting`, () =>
      fc.assert(
        fc.asyncProperty(broadcasting(2), seed, ([a, b], s) =>
          check(([x, y]) => f(x, y), [values(a, s, 0.4, 2.6), values(b, s + 1, 0.61, 2.1)]),
        ),
        runs,
      ));
  }

  test('where with broadcasting', () =>
    fc.assert(
      fc.asyncProperty(broadcasting(3), seed, ([c, a, b], s) =>
        check(
          ([x, y, z]) => x.greater(0).and(x.less(1)).where(y, z.mul(2)),
          [c, a, b].map((n, i) => values(n, s + i)),
        ),
      ),
      runs,
    ));
});

describe('along axes', () => {
  /** A shape and one of its axes. */
  const axis = dims(1, 3).chain((shape) =>
    fc.tuple(fc.constant(shape), fc.integer({ min: -1, max: shape.length - 1 })),
  );
  const cases: Record<string, (x: Tensor, axis: number) => Tensor> = {
    sum: (x, a) => x.sum(a),
    'sum of all': (x) => x.sum(),
    'sum of several, kept': (x, a) => x.sum([0, a], { keepDims: true }),
    mean: (x, a) => x.mean(a, { keepDims: true }),
    'mean of all': (x) => x.mean(),
    amax: (x, a) => x.amax(a),
    amin: (x, a) => x.amin(a, { keepDims: true }),
    logSumExp: (x, a) => x.logSumExp(a),
    softmax: (x, a) => x.softmax(a),
    logSoftmax: (x, a) => x.logSoftmax(a),
    cumsum: (x, a) => x.cumsum(a),
    'cumsum from the back, exclusive': (x, a) => x.cumsum(a, { reverse: true, exclusive: true }),
    sort: (x, a) => x.sort(a),
    'sort descending': (x, a) => x.sort(a, true),
    'top-1': (x, a) => x.topK(1, a).values,
    smallest: (x, a) => x.topK(1, a, { largest: false }).values,
    'take the argmax': (x, a) => {
      const { indices } = x.topK(1, a);
      return x.square().takeAlong(indices, a);
    },
    layerNorm: (x) => x.mul(2).layerNorm(undefined, undefined, 0.1),
  };
  for (const [name, f] of Object.entries(cases)) {
    test(name, () =>
      fc.assert(
        fc.asyncProperty(axis, seed, ([shape, a], s) => check(([x]) => f(x, a), [values(shape, s)])),
        runs,
      ),
    );
  }

  test('extrema share the gradient among equals', async () => {
    const build = (_: unknown, [x]: readonly Tensor[]) => ({ d: grad(x.amax(1).sum(), [x])[0] });
    expect((await evaluate(build, [{ shape: [2, 3], data: [1, 4, 4, 5, 0, 2] }])).d).toEqual([0, 0.5, 0.5, 1, 0, 0]);
  });

  test('layerNorm with scale and bias', () =>
    check(([x, s, b]) => x.layerNorm(s, b), [values([3, 4], 1), values([4], 2), values([4], 3)], 1e-5));

  test('fusedLayerNorm', () =>
    check(
      ([x, s, b]) => x.fusedLayerNorm(s, b, 0.1).square(),
      [values([2, 3, 4], 1), values([4], 2), values([4], 3)],
      1e-5,
    ));
});

describe('shapes', () => {
  const cases: Record<string, (x: Tensor) => Tensor> = {
    reshape: (x) => x.reshape([4, -1]),
    transpose: (x) => x.transpose(),
    'transpose twice': (x) => x.transpose([1, 2, 0]).square().transpose([1, 0, 2]),
    expand: (x) => x.reshape([2, 1, 3, 4]).expand([2, 2, 3, 4]).square(),
    'expand from a scalar': (x) => x.sum().expand([2, 2]),
    slice: (x) => x.slice(1, 1, 3).mul(x.slice(-2, 0, -1)),
    pad: (x) => x.pad(2, 1, 2).square().pad(0, 0, 1),
    split: (x) => {
      const [a, b, c] = x.split([1, 2, 1], 2);
      return concat([c.mul(a), b, a], -1);
    },
    'split with an unused piece': (x) => x.split([1, 2, 1], 2)[1].square(),
    concat: (x) => concat([x, x.square(), x.slice(1, 0, 1)], 1),
    stack: (x) => stack([x, x.square()], 1),
    gather: (x) => x.square().gather(x.graph.constant([2, 0, 2, 2], [2, 2]), 1),
    'gather with negative axis and int32': (x) => x.gather(x.graph.constant([3, 3, 0], [3], 'int32'), -1),
    takeAlong: (x) => x.takeAlong(x.graph.constant([2, 0, 2, 1, 1, 1, 0, 2], [2, 1, 4]), 1),
    cast: (x) => x.cast('float32').cast('float64').sub(x.cast('float32').cast('float64')).add(x),
  };
  for (const [name, f] of Object.entries(cases)) {
    test(name, () => check(([x]) => f(x), [values([2, 3, 4], 5)], name === 'cast' ? 0.1 : 1e-6));
  }
});

describe('matrix products', () => {
  const size = fc.integer({ min: 1, max: 4 });
  test('matmul of matrices, of batches, and broadcast', () =>
    fc.assert(
      fc.asyncProperty(size, size, size, size, fc.constantFrom(0, 1, 2, 3, 4), seed, (b, m, k, n, form, s) => {
        const left = [
          [m, k],
          [b, m, k],
          [b, m, k],
          [m, k],
          [2, 1, m, k],
        ][form];
        const right = [
          [k, n],
          [k, n],
          [b, k, n],
          [b, k, n],
          [b, k, n],
        ][form];
        return check(([x, y]) => x.matmul(y), [values(left, s), values(right, s + 1)]);
      }),
      { ...runs, numRuns: 25 },
    ));
  test('transposed factors, scaled and summed', () =>
    check(
      ([a, b, c]) => a.transpose().matmul(b.transpose()).mul(3).add(c.matmul(c.transpose())),
      [values([3, 2], 1), values([2, 3], 2), values([2, 2], 3)],
    ));
  test('two dense layers, also over three axes', () =>
    fc.assert(
      fc.asyncProperty(size, size, fc.boolean(), seed, (batch, width, deep, s) =>
        check(
          ([x, w1, b1, w2, b2]) => x.dense(w1, b1).tanh().dense(w2, b2),
          [deep ? [2, batch, 3] : [batch, 3], [3, width], [width], [width, 2], [2]].map((n, i) => values(n, s + i)),
        ),
      ),
      runs,
    ));
});

describe('grad', () => {
  test('second derivatives', () =>
    fc.assert(
      fc.asyncProperty(seed, fc.integer({ min: 1, max: 3 }), (s, n) =>
        check(
          ([x, w]) => {
            const y = x
              .matmul(w)
              .tanh()
              .add(x.square().sum(1, { keepDims: true }).log1p())
              .softmax(1);
            const [dx, dw] = grad(y.mul(y.exp()).sum(), [x, w]);
            return dx.square().sum().add(dw.sin().sum());
          },
          [values([n, 3], s), values([3, 2], s + 1)],
        ),
      ),
      runs,
    ));

  test('third derivative of sin is -cos', async () => {
    const build = (_: unknown, [x]: readonly Tensor[]) => {
      let y = x.sin();
      for (let i = 0; i < 3; i++) [y] = grad(y.sum(), [x]);
      return { y };
    };
    const { y } = await evaluate(build, [{ shape: [3], data: [0.1, 1, 2] }]);
    [0.1, 1, 2].forEach((x, i) => {
      expect(y[i]).toBeCloseTo(-Math.cos(x), 12);
    });
  });

  test('nothing flows through stopGradient, comparisons and indices', async () => {
    const build = (_: unknown, [x, unused]: readonly Tensor[]) => {
      const loss = x
        .stopGradient()
        .mul(x)
        .sum()
        .add(x.greater(0).cast('float64').sum())
        .add(x.argmax(0).cast('float64'));
      const [dx, du] = grad(loss, [x, unused]);
      return { dx, du };
    };
    const { dx, du } = await evaluate(build, [values([3], 1), values([2, 2], 2)]);
    expect(dx).toEqual(values([3], 1).data);
    expect(du).toEqual([0, 0, 0, 0]);
  });

  test('with respect to intermediate results, even those that simplification removes', async () => {
    // Per-sample gradients: the weights are expanded along the batch and the copies differentiated.
    const build = (_: unknown, [x, w]: readonly Tensor[]) => {
      const each = w.expand([4, 3]);
      const doubled = x.mul(2);
      const [dEach, dDoubled] = grad(each.mul(doubled.mul(3)).square().sum(), [each, doubled]);
      return { dEach, dDoubled };
    };
    const x = values([4, 3], 1);
    const w = values([3], 2);
    const { dEach, dDoubled } = await evaluate(build, [x, w]);
    x.data.forEach((v, i) => {
      expect(dEach[i]).toBeCloseTo(2 * w.data[i % 3] * (6 * v) ** 2, 9);
      expect(dDoubled[i]).toBeCloseTo(2 * (w.data[i % 3] * 3) ** 2 * 2 * v, 9);
    });
  });

  test('a use of one piece twice adds up', () =>
    check(
      ([x]) => {
        const [a, b] = x.split([2, 3], 0);
        return a.square().sum().add(a.sin().sum()).add(b.amax(0));
      },
      [values([5], 4)],
    ));
});
