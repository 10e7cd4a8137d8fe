// Networks with GELU: the function against its definition, initial values, what layer normalisation does.
import { expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { webRuntime } from '../runtime/web.js';
import { program } from '../tensor/index.js';
import { gelu, geluNet, views } from './index.js';

it('gelu is its approximation by tanh, as JAX has it', async () => {
  const x = Float32Array.from({ length: 41 }, (_, i) => (i - 20) / 4);
  const executable = await nodeRuntime.compile(program('gelu', (g) => ({ y: gelu(g.input('x', [x.length])) })));
  const { y } = await executable.run({ x });
  await executable.dispose();
  x.forEach((value, i) => {
    const inner = Math.sqrt(2 / Math.PI) * (value + 0.044715 * value ** 3);
    const exact = 0.5 * value * (1 + Math.tanh(inner));
    expect(Math.abs(Number(y[i]) - exact)).toBeLessThan(5e-7 * Math.max(1, Math.abs(exact)));
  });
});

it('begins with uniform weights of variance scale / mean(inputs, outputs), no biases, and norms that change nothing', () => {
  const core = geluNet({ hidden: [300], layerNorm: true, lastScale: 0.01 })({
    observation: 200,
    goal: 100,
    outputs: 50,
  });
  const values = core.init?.(createRandom(1)) ?? new Float32Array(0);
  expect(core.layout.entries.map(({ name }) => name)).toEqual([
    '0.weight',
    '0.bias',
    '0.scale',
    '0.shift',
    '1.weight',
    '1.bias',
  ]);
  const part = (name: string) => {
    const { offset, shape } = core.layout.entries.find((entry) => entry.name === name)!;
    return values.subarray(offset, offset + shape.reduce((a, b) => a * b, 1));
  };
  const variance = (of: Float32Array) => of.reduce((sum, x) => sum + x * x, 0) / of.length;
  // 90,000 and 15,000 squares of uniform numbers: standard deviations of 0.3% and 0.7%.
  expect(variance(part('0.weight')) * 300).toBeCloseTo(1, 1);
  expect(variance(part('1.weight')) * 175).toBeCloseTo(0.01, 3);
  for (const name of ['0.bias', '0.shift', '1.bias']) expect(new Set(part(name))).toEqual(new Set([0]));
  expect(new Set(part('0.scale'))).toEqual(new Set([1]));
});

it('normalises after the activation: scale 0 and shift 1 leave the next layer with ones', async () => {
  const core = geluNet({ hidden: [4], layerNorm: true })({ observation: 2, outputs: 1 });
  const p = Float32Array.of(...new Array(12).fill(0.3), 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 4, 0.5);
  const built = program('net', (g) => ({
    y: core.apply(views(g.input('p', [core.layout.size]), core.layout), g.input('x', [3, 2])),
  }));
  for (const runtime of [nodeRuntime, webRuntime]) {
    const executable = await runtime.compile(built);
    const { y } = await executable.run({ p, x: Float32Array.of(1, 2, 3, 4, 5, 6) });
    await executable.dispose();
    expect([...y].map(Number)).toEqual([10.5, 10.5, 10.5]);
  }
});
