// Programs and their emission: names, dead code, sharing, freezing, determinism, and errors that say where.
import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '../runtime/node.js';
import { concat, encodeModel, type Graph, grad, program, type Tensor, toModel, toOnnx } from './index.js';

/** A regression step of a two-layer network with its parameters in one vector. */
function regression(g: Graph): Record<string, Tensor> {
  const x = g.input('x', [8, 3]);
  const params = g.input('params', [3 * 5 + 5 + 5 + 1]);
  const [w1, b1, w2, b2] = params.split([15, 5, 5, 1], 0);
  const y = x
    .dense(w1.reshape([3, 5]), b1)
    .relu()
    .dense(w2.reshape([5, 1]), b2);
  const loss = y
    .sub(g.input('target', [8, 1]))
    .square()
    .mean();
  return { loss, gradient: grad(loss, [params])[0] };
}

describe('emission', () => {
  test('a regression step has the nodes that one would write by hand', () => {
    const counts: Record<string, number> = {};
    for (const { op } of toModel(program('regression', regression)).nodes) counts[op] = (counts[op] ?? 0) + 1;
    expect(counts).toEqual({
      Split: 1,
      Reshape: 2 + 2 + 2, // weights, their gradients, bias gradients
      Gemm: 2 + 2 + 2 + 1, // layers, weight gradients, bias gradients, hidden gradient
      Relu: 1,
      Cast: 2, // the mask
      Mul: 3, // mask, square, 2 / 8
      Sub: 1,
      ReduceMean: 1,
      Expand: 1, // ones for the bias gradients
      Concat: 1, // the gradient
    });
  });

  test('constants have names that no input has', async () => {
    const names = ['c0', 'c1', 'c0_'];
    const executable = await nodeRuntime.compile(
      program('named', (g) => ({
        y: concat(
          names.map((name) =>
            g
              .input(name, [2])
              .reshape([1, 2])
              .mul(g.constant([2, 3], [1, 2])),
          ),
          0,
        ),
      })),
    );
    const { y } = await executable.run(Object.fromEntries(names.map((name, i) => [name, Float32Array.of(i, 1)])));
    expect(Array.from(y as Float32Array)).toEqual([0, 3, 2, 3, 4, 3]);
    await executable.dispose();
  });

  test('the gradient of a split vector is one Concat of the pieces', () => {
    const { nodes } = toModel(program('regression', regression));
    const last = nodes.find((node) => node.outputs[0] === 'gradient');
    expect(last?.op).toBe('Concat');
    expect(last?.inputs.length).toBe(4);
  });

  test('what no output needs is left out, inputs too', async () => {
    const made = program('dead', (g) => {
      const x = g.input('x', [2]);
      x.exp().add(g.input('unused', [3]).sum());
      return { y: x.mul(2), z: g.input('cancelled', [2]).mul(0).add(x) };
    });
    expect(made.inputs.map((spec) => [spec.name, spec.unused ?? false])).toEqual([
      ['x', false],
      ['unused', true],
      ['cancelled', true],
    ]);
    const { nodes, inputs } = toModel(made);
    expect(nodes.map((node) => node.op)).toEqual(['Mul', 'Identity']);
    expect(inputs.map((spec) => spec.name)).toEqual(['x']);
    const executable = await nodeRuntime.compile(made);
    const { y, z } = await executable.run({ x: Float32Array.of(1, 2), unused: new Float32Array(3) });
    expect([...y, ...z]).toEqual([2, 4, 1, 2]);
  });

  test('outputs carry their names; inputs, constants and repeats as outputs too, and an output may be named as an input', async () => {
    const made = program('names', (g) => {
      const x = g.input('x', [2]);
      const y = x.add(1);
      const [first, second] = x.split([1, 1], 0);
      return { x: y, again: y, same: x, v1: x.exp(), fixed: g.constant([5, 6]), full: g.ones([2]), first, second };
    });
    expect(toModel(made).nodes.filter((node) => node.op === 'Identity').length).toBe(3);
    const executable = await nodeRuntime.compile(made);
    const results = await executable.run({ x: Float32Array.of(0, 1) });
    expect(Object.keys(results)).toEqual(['x', 'again', 'same', 'v1', 'fixed', 'full', 'first', 'second']);
    expect([results.x, results.again, results.same, results.fixed, results.full].map((a) => [...a])).toEqual([
      [1, 2],
      [1, 2],
      [0, 1],
      [5, 6],
      [1, 1],
    ]);
    expect(results.v1[1]).toBeCloseTo(Math.E, 6);
    expect([results.first[0], results.second[0]]).toEqual([0, 1]);
  });

  test('frozen inputs become constants', async () => {
    const made = program('regression', regression);
    const params = Float32Array.from({ length: 26 }, (_, i) => Math.sin(i));
    const x = Float32Array.from({ length: 24 }, (_, i) => Math.cos(i));
    const target = new Float32Array(8);
    const free = await (await nodeRuntime.compile(made)).run({ x, target, params });
    const model = toModel(made, { freeze: { params } });
    expect(model.inputs.map((spec) => spec.name)).toEqual(['x', 'target']);
    expect(model.nodes.some((node) => node.op === 'Split')).toBe(false);
    const fixed = await (await nodeRuntime.compile(toOnnx(made, { freeze: { params } }))).run({ x, target });
    expect(Number(fixed.loss[0])).toBeCloseTo(Number(free.loss[0]), 5);
    expect(() => toOnnx(made, { freeze: { parms: params } })).toThrow(/did you mean "params"/);
    expect(() => toOnnx(made, { freeze: { params: [1, 2] } })).toThrow(/shape \[26\]; 2 values/);
  });

  test('the same program gives the same bytes, and the same inputs the same bits', async () => {
    const bytes = toOnnx(program('regression', regression));
    expect(toOnnx(program('regression', regression))).toEqual(bytes);
    const inputs = {
      x: Float32Array.from({ length: 24 }, (_, i) => Math.cos(i)),
      target: new Float32Array(8),
      params: Float32Array.from({ length: 26 }, (_, i) => Math.sin(i)),
    };
    const first = await nodeRuntime.compile(bytes);
    const second = await nodeRuntime.compile(bytes);
    expect(await second.run(inputs)).toEqual(await first.run(inputs));
  });

  test('a model written by hand, with metadata', async () => {
    const bytes = encodeModel({
      nodes: [{ op: 'Gemm', inputs: ['x', 'w'], outputs: ['y'], attributes: { transB: 1, alpha: { float: 0.5 } } }],
      inputs: [{ name: 'x', shape: [1, 2], dtype: 'float32' }],
      outputs: [{ name: 'y', shape: [1, 3], dtype: 'float32' }],
      initializers: [{ name: 'w', shape: [3, 2], dtype: 'float32', data: [1, 2, 3, 4, 5, 6] }],
      metadata: { space: 'naïve' },
    });
    expect(new TextDecoder().decode(bytes)).toContain('naïve');
    const { y } = await (await nodeRuntime.compile(bytes)).run({ x: Float32Array.of(1, 10) });
    expect([...y]).toEqual([10.5, 21.5, 32.5]);
  });

  test('sharing: equal expressions are one tensor, whatever the order of commutative operands', () => {
    program('shared', (g) => {
      const [x, y] = [g.input('x', [2]), g.input('y', [2])];
      expect(x.add(y)).toBe(y.add(x));
      expect(x.sub(y)).not.toBe(y.sub(x));
      expect(x.mul(2).tanh()).toBe(x.mul(2).tanh());
      expect(x.split([1, 1], 0)[1]).toBe(x.split([1, 1], 0)[1]);
      expect(g.constant(0)).not.toBe(g.constant(-0));
      expect(g.input('x', [2])).toBe(x);
      return { x };
    });
  });
});

describe('errors name the operation, the shapes and the place', () => {
  const build = (f: (x: Tensor, g: Graph) => Tensor) => () =>
    program('wrong', (g) => ({ y: f(g.input('x', [2, 3]), g) }));
  const cases: [string, (x: Tensor, g: Graph) => Tensor, RegExp][] = [
    ['broadcast', (x, g) => x.add(g.input('z', [2])), /Add: shapes \[2, 3\] and \[2\] do not broadcast/],
    ['matmul', (x) => x.matmul(x), /MatMul: shapes \[2, 3\] and \[2, 3\]: inner sizes 3 and 2 differ/],
    ['vector', (x, g) => x.matmul(g.input('z', [3])), /MatMul: shapes \[2, 3\] and \[3\]: both need at least two axes/],
    ['dense', (x, g) => x.dense(g.input('w', [3, 4]), g.input('b', [3])), /Dense: shapes \[2, 3\], \[3, 4\], \[3\]/],
    ['reshape', (x) => x.reshape([4, -1]), /Reshape: shape \[2, 3\] cannot become \[4, -1\]/],
    ['split', (x) => x.split([1, 1], 1)[0], /Split: sizes \[1,1\] \(sum 2\) do not cut axis 1 of \[2, 3\]/],
    ['slice', (x) => x.slice(1, 2, 5), /Slice: \[2, 5\) is not inside axis 1 of shape \[2, 3\]/],
    ['concat', (x) => concat([x, x.transpose()], 0), /Concat: shapes \[2, 3\] and \[3, 2\] differ outside axis 0/],
    ['axis', (x) => x.sum(2), /ReduceSum: axis 2 of shape \[2, 3\]: use -2 to 1/],
    ['expand', (x) => x.expand([4, 3]), /Expand: shape \[2, 3\] does not expand to \[4, 3\]/],
    ['permutation', (x) => x.transpose([0, 0]), /Transpose: \[0,0\] is not an order of the axes/],
    ['element types', (x) => x.add(x.cast('int32')), /Add: element types float32 and int32 differ; cast/],
    ['integers', (x) => x.cast('int32').exp(), /Exp: needs float32 or float64, not int32/],
    ['logic', (x) => x.and(x), /And: needs bool, not float32/],
    ['condition', (x) => x.where(1, 2), /Where: the condition is float32, not bool/],
    ['bounds', (x) => x.clip(1, 0), /Clip: low 1 is above high 0/],
    ['k', (x) => x.topK(4, 1).values, /TopK: k = 4 is not within 1 and axis 1 of shape \[2, 3\]/],
    ['loss', (x) => grad(x, [x])[0], /grad: the loss has shape \[2, 3\]; reduce it/],
    ['constant', (_, g) => g.constant([1, 2], [3]), /constant: 2 values do not fill shape \[3\]/],
    ['whole numbers', (x) => x.cast('int64').mul(0.5), /constant: int64 needs whole numbers, not 0.5; cast first/],
    ['input', (_, g) => g.input('x', [3]), /input: "x" is already float32 \[2, 3\]/],
    ['size', (_, g) => g.input('z', [0]), /input: "z" has shape \[0\]: sizes are whole numbers above 0/],
  ];
  test.each(cases)('%s', (_name, f, message) => {
    expect(build(f)).toThrow(message);
    expect(build(f)).toThrow(/program\.test\.ts:\d+/);
  });

  test('tensors of two programs do not mix', () => {
    let other: Tensor | undefined;
    program('one', (g) => {
      other = g.input('x', [2]);
      return { other };
    });
    expect(() => program('two', (g) => ({ y: g.input('y', [2]).add(other!) }))).toThrow(/another program/);
    expect(() => program('three', () => ({ y: other! }))).toThrow(/another program/);
    expect(() => program('four', () => ({}))).toThrow(/no outputs/);
  });
});

describe('axes', () => {
  const bad: Record<string, (x: Tensor) => unknown> = {
    sum: (x) => x.sum(2),
    argmax: (x) => x.argmax(2),
    cumsum: (x) => x.cumsum(2),
    topK: (x) => x.topK(1, 2),
    sort: (x) => x.sort(2),
    softmax: (x) => x.softmax(2),
    slice: (x) => x.slice(2, 0, 1),
    pad: (x) => x.pad(2, 1, 1),
    split: (x) => x.split([1], 2),
    gather: (x) => x.gather(x.graph.constant([0], [1], 'int64'), 2),
    takeAlong: (x) => x.takeAlong(x.cast('int64'), 2),
    transpose: (x) => x.transpose([0, 2]),
    concat: (x) => concat([x, x], 2),
  };
  test.each(Object.keys(bad))('%s names an axis that is not there', (name) => {
    const build = () =>
      program('axes', (g) => {
        bad[name](g.input('x', [2, 3]));
        return { y: g.input('x', [2, 3]) };
      });
    expect(build).toThrow('axis 2 of shape [2, 3]: use -2 to 1');
  });
});
