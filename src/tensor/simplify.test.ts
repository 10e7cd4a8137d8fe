// Simplification: random expressions keep their values and gradients, and each rule leaves what it should.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, grad, program, type Tensor, toModel } from './index.js';
import { evaluate } from './testing.js';

/** Operations of the nodes that remain of an expression over x [2, 3], y [3], m [3, 2]. */
function operations(f: (x: Tensor, y: Tensor, m: Tensor) => Tensor): string[] {
  const made = program('test', (g) => ({ out: f(g.input('x', [2, 3]), g.input('y', [3]), g.input('m', [3, 2])) }));
  return toModel(made).nodes.map((node) => node.op);
}

describe('rules', () => {
  const cases: [string, (x: Tensor, y: Tensor, m: Tensor) => Tensor, string[]][] = [
    ['x + 0', (x, y) => x.add(0).mul(y), ['Mul']],
    ['x 1', (x, y) => x.mul(1).add(y), ['Add']],
    ['x - 0 and x / 1', (x, y) => x.sub(0).div(1).mul(y), ['Mul']],
    ['0 x', (x, y) => x.mul(0).add(x).mul(y), ['Mul']],
    ['scalars of products', (x) => x.mul(2).div(4).mul(3).neg(), ['Mul']],
    ['scalars of sums', (x) => x.add(2).sub(4).add(3), ['Add']],
    ['scalars above a quotient', (x, y) => y.mul(3).div(x).neg().mul(2), ['Mul', 'Div']],
    ['gradient of a square', (x) => grad(x.square().sum(), [x])[0], ['Mul']],
    ['sums of constants', (x) => x.mul(x.graph.constant(2).add(3).exp().log()), ['Mul']],
    ['x + x', (x) => x.add(x), ['Mul']],
    ['negations', (x, y) => x.sub(y.neg()).add(y.mul(x).neg()), ['Add', 'Mul', 'Sub']],
    ['powers', (x) => x.pow(2).add(x.pow(0.5)).add(x.pow(1)), ['Mul', 'Sqrt', 'Add', 'Add']],
    [
      'reshapes',
      (x, _, m) => x.reshape([6]).reshape([3, 2]).reshape([1, 3, 2]).reshape([3, 2]).mul(m),
      ['Reshape', 'Mul'],
    ],
    ['reshape and back', (x, y) => x.reshape([6]).reshape([2, 3]).mul(y), ['Mul']],
    ['transposes', (x, y) => x.transpose().transpose().mul(y), ['Mul']],
    ['an Expand that broadcasts anyway', (x, y) => y.expand([2, 3]).mul(x), ['Mul']],
    ['a function of an Expand', (x, y) => y.expand([2, 3]).tanh().add(x), ['Tanh', 'Add']],
    ['concat of a whole split', (x) => concat(x.split([1, 2], 1), 1).tanh(), ['Tanh']],
    ['split of a concat', (x, _, m) => concat([x, m.transpose()], 0).split([2, 2], 0)[1].tanh(), ['Transpose', 'Tanh']],
    ['nested concat', (x) => concat([concat([x, x], 1), x.tanh()], 1), ['Tanh', 'Concat']],
    ['one piece of a split', (x) => x.split([1, 2], 1)[1].tanh(), ['Slice', 'Tanh']],
    ['reduction of an axis of size 1', (x) => x.reshape([2, 1, 3]).sum(1).tanh(), ['Tanh']],
    ['a reshape that keeps a reduced axis', (x) => x.amax(1).reshape([2, 1]), ['ReduceMax']],
    ['scalars leave sums', (x) => x.mul(0.5).sum(1), ['ReduceSum', 'Mul']],
    [
      'factors that do not vary along the axis',
      (x) =>
        x
          .mul(x.slice(1, 0, 1))
          .sum(1, { keepDims: true })
          .tanh(),
      ['Slice', 'ReduceSum', 'Mul', 'Tanh'],
    ],
    [
      'a divisor that does not vary along the axis',
      (x) =>
        x
          .exp()
          .div(x.slice(1, 0, 1))
          .mean(1, { keepDims: true }),
      ['Exp', 'Slice', 'ReduceMean', 'Div'],
    ],
    [
      'factors of two terms',
      (x, y) =>
        x
          .exp()
          .mul(y.sum())
          .add(x.mul(x.slice(1, 0, 1)))
          .sum(1, { keepDims: true }),
      ['Exp', 'ReduceSum', 'Slice', 'ReduceSum', 'Mul', 'ReduceSum', 'Mul', 'Add'],
    ],
    ['stopGradient', (x) => x.stopGradient().tanh(), ['Tanh']],
    [
      'matmul, transpose and bias',
      (x, y) => x.matmul(x.tanh().transpose().transpose().transpose()).add(y.sum()),
      ['Tanh', 'ReduceSum', 'Gemm'],
    ],
    ['equal rows in a product', (_, y, m) => y.expand([2, 3]).matmul(m).tanh(), ['Gemm', 'Tanh', 'Expand']],
    [
      'the gradient of a mean through a last layer',
      (x, y) => x.mul(grad(x.matmul(y.reshape([3, 1])).mean(), [x])[0]),
      ['Reshape', 'Mul', 'Mul'],
    ],
    ['a dense layer', (x, y, m) => x.matmul(m.matmul(m.transpose())).add(y), ['Gemm', 'Gemm']],
    [
      'one part of an input gradient',
      (x, _, m) => x.matmul(m).matmul(m.transpose()).add(x.tanh().matmul(m).matmul(m.transpose())).split([1, 2], 1)[1],
      ['Gemm', 'Tanh', 'Gemm', 'Slice', 'Gemm', 'Gemm'],
    ],
    [
      'the whole of an input gradient, which something else reads too',
      (x, _, m) => {
        const dx = x.matmul(m).matmul(m.transpose());
        return concat([dx, dx.slice(1, 0, 1)], 1);
      },
      ['Gemm', 'Gemm', 'Slice', 'Concat'],
    ],
    ['sum over the batch', (x) => x.sum(0, { keepDims: true }), ['Gemm']],
    ['shared expressions', (x, y) => x.add(y).tanh().mul(y.add(x).tanh()), ['Add', 'Tanh', 'Mul']],
  ];
  test.each(cases)('%s', (_name, f, expected) => {
    // The expansion of ones, which ONNX Runtime folds when it loads the model, does not count.
    const ops = operations(f).filter((op, i, all) => !(op === 'Expand' && all.includes('Gemm') && i === 0));
    expect(ops).toEqual(expected);
  });
});

/** One step of a random expression: takes earlier tensors [2, 3] and makes another. */
const step = fc.record({
  kind: fc.integer({ min: 0, max: 21 }),
  a: fc.nat(),
  b: fc.nat(),
  c: fc.constantFrom(0, 1, -1, 2, 0.5, -0.7),
});

function apply(kind: number, a: Tensor, b: Tensor, c: number): Tensor {
  const choices: (() => Tensor)[] = [
    () => a.add(b),
    () => a.sub(b),
    () => a.mul(b),
    () => a.div(b.square().add(1)),
    () => a.min(b),
    () => a.add(c),
    () => a.mul(c),
    () => a.graph.constant(c).sub(a),
    () => a.graph.constant(c).div(a.square().add(1)),
    () => a.neg(),
    () => a.tanh(),
    () => a.relu(),
    () => a.reshape([6]).reshape([3, 2]).transpose(),
    () => a.transpose().reshape([2, 3]),
    () => a.sum(0).expand([2, 3]).mul(0.3),
    () => a.mean(1, { keepDims: true }).expand([2, 3]).add(b),
    () => a.matmul(b.transpose()).mul(c).matmul(a).tanh(),
    () => a.transpose().matmul(b).add(b.sum(0)).slice(0, 1, 3).tanh(),
    () => concat(a.split([1, 2], 1).reverse(), 1),
    () => concat([a.slice(1, 0, 1), b.slice(1, 1, 3)], 1),
    () => a.greater(b).where(a, c),
    () => a.clip(-1, 1).square().neg().add(1).mul(b),
  ];
  return choices[kind]();
}

test('random expressions and their gradients keep their values', () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const inputs = [0, 1].map((s) => ({
        shape: [2, 3],
        data: Array.from({ length: 6 }, (_, i) => Math.sin(2.3 * i + 7 * s + 1)),
      }));
      const build = (_: unknown, xs: readonly Tensor[]) => {
        const made = [...xs, xs[0].graph.full([2, 3], 0.4)];
        for (const { kind, a, b, c } of steps) made.push(apply(kind, made[a % made.length], made[b % made.length], c));
        const y = made[made.length - 1];
        const [d0, d1] = grad(y.mul(y.add(0.3)).sum(), xs);
        return { y, d0, d1 };
      };
      const plain = await evaluate(build, inputs, { optimize: false });
      const optimized = await evaluate(build, inputs, { optimize: true });
      for (const name of ['y', 'd0', 'd1']) {
        plain[name].forEach((v, i) => {
          expect(Math.abs(optimized[name][i] - v) / (1 + Math.abs(v))).toBeLessThan(1e-9);
        });
      }
    }),
    { numRuns: 150, seed: 11 },
  ));
