// Runtimes: bindings, checks with clear messages, element types, and agreement of native code and WebAssembly.
import { describe, expect, test } from 'vitest';
import { program } from '../tensor/index.js';
import { nodeRuntime } from './node.js';
import { plainRuntime } from './plain/index.js';
import type { NumericArray } from './runtime.js';
import { webRuntime } from './web.js';

const affine = program('affine', (g) => {
  const x = g.input('x', [2, 3]);
  return { y: x.mul(2).add(g.input('shift', [3])), total: x.sum() };
});

describe.each([nodeRuntime, webRuntime, plainRuntime])('$name', (runtime) => {
  test('a binding reads the inputs as they are and fills the outputs in place', async () => {
    const executable = await runtime.compile(affine);
    expect(executable.inputs.map((spec) => spec.name)).toEqual(['x', 'shift']);
    expect(executable.outputs).toEqual([
      { name: 'y', shape: [2, 3], dtype: 'float32' },
      { name: 'total', shape: [], dtype: 'float32' },
    ]);
    const x = new Float32Array(6);
    const shift = Float32Array.of(1, 2, 3);
    const y = new Float32Array(6);
    const total = new Float32Array(1);
    const binding = executable.bind({ x, shift }, { y, total });
    for (let round = 0; round < 3; round++) {
      x.fill(round);
      await binding.run();
      expect([...y]).toEqual([1, 2, 3, 1, 2, 3].map((v) => v + 2 * round));
      expect(total[0]).toBe(6 * round);
    }
    await executable.dispose();
  });

  test('windows into one buffer, and outputs left out', async () => {
    const executable = await runtime.compile(affine);
    const memory = new Float32Array(32).fill(-1);
    const x = memory.subarray(2, 8).fill(3);
    const y = memory.subarray(10, 16);
    await executable.bind({ x, shift: new Float32Array(3) }, { y }).run();
    expect([...memory.slice(8, 18)]).toEqual([-1, -1, 6, 6, 6, 6, 6, 6, -1, -1]);
    await executable.dispose();
  });

  test('all element types', async () => {
    const types = program('types', (g) => {
      const wide = g.input('wide', [2], 'int64');
      const narrow = g.input('narrow', [2], 'int32');
      const flag = g.input('flag', [2], 'bool');
      const double = g.input('double', [2], 'float64');
      return { wide: wide.add(1), narrow: narrow.mul(3), flag: flag.not(), double: double.div(3) };
    });
    const executable = await runtime.compile(types);
    const results = await executable.run({
      wide: BigInt64Array.of(1n, -5n),
      narrow: Int32Array.of(2, -7),
      flag: Uint8Array.of(1, 0),
      double: Float64Array.of(1, 2),
    });
    expect(results).toEqual({
      wide: BigInt64Array.of(2n, -4n),
      narrow: Int32Array.of(6, -21),
      flag: Uint8Array.of(0, 1),
      double: Float64Array.of(1 / 3, 2 / 3),
    });
    await executable.dispose();
  });

  test('errors name the field, the value and the fix', async () => {
    const executable = await runtime.compile(affine);
    const x = new Float32Array(6);
    const shift = new Float32Array(3);
    const bad = (given: Record<string, NumericArray>, results: Record<string, NumericArray> = {}) =>
      expect(() => executable.bind(given, results));
    bad({ x, shfit: shift }).toThrow('unknown input "shfit"; did you mean "shift"?');
    bad({ x }).toThrow('input "shift" (float32 [3]) needs a Float32Array, not nothing');
    bad({ x, shift: new Float32Array(4) }).toThrow('input "shift" (float32 [3]) needs 3 values, not 4');
    bad({ x, shift: new Float64Array(3) }).toThrow(
      'input "shift" (float32 [3]) needs a Float32Array, not Float64Array',
    );
    bad({ x, shift }, { z: x }).toThrow('unknown output "z"');
    bad({ x, shift }, { y: x }).toThrow('output "y" shares memory with input "x"; use two arrays in turn');
    bad({ x, shift }, { y: new Float32Array(5) }).toThrow('output "y" (float32 [2, 3]) needs 6 values, not 5');
    await executable.dispose();
  });
});

test('what cannot be compiled is refused', async () => {
  for (const runtime of [nodeRuntime, webRuntime]) {
    await expect(runtime.compile(affine, { threads: 0 })).rejects.toThrow('threads is 0');
    await expect(runtime.compile(Uint8Array.of(1, 2, 3))).rejects.toThrow(/model does not load: /);
  }
  await expect(plainRuntime.compile(Uint8Array.of(1, 2, 3))).rejects.toThrow('takes programs only');
});

test('parts of a vector are windows into it: nothing is copied', async () => {
  const parts = program('parts', (g) => {
    const [a, b] = g.input('x', [6]).split([4, 2], 0);
    return { y: a.reshape([2, 2]).matmul(b.reshape([2, 1])) };
  });
  const executable = await plainRuntime.compile(parts);
  const [x, y] = [Float32Array.of(1, 2, 3, 4, 1, 1), new Float32Array(2)];
  const binding = executable.bind({ x }, { y });
  await binding.run();
  expect([...y]).toEqual([3, 7]);
  x.set([0, 2], 4);
  await binding.run();
  expect([...y]).toEqual([4, 8]);
});

test('native code refuses shared memory by name, WebAssembly takes it', async () => {
  const x = new Float32Array(new SharedArrayBuffer(24)).fill(1);
  const given = { x, shift: new Float32Array(3) };
  const y = new Float32Array(6);
  const [native, web] = await Promise.all([nodeRuntime.compile(affine), webRuntime.compile(affine)]);
  expect(() => native.bind(given, { y })).toThrow('input "x" (float32 [2, 3]) lies in shared memory');
  await web.bind(given, { y }).run();
  expect([...y]).toEqual([2, 2, 2, 2, 2, 2]);
});

test('native code and WebAssembly agree to rounding', async () => {
  const x = Float32Array.from({ length: 6 }, (_, i) => Math.sin(i));
  const shift = Float32Array.of(0.1, 0.2, 0.3);
  const [a, b] = await Promise.all(
    [nodeRuntime, webRuntime].map(async (runtime) => (await runtime.compile(affine)).run({ x, shift })),
  );
  for (let i = 0; i < 6; i++) expect(Math.abs(Number(a.y[i]) - Number(b.y[i]))).toBeLessThan(1e-6);
});

test('calls of one thread that are made at once are done one after the other', async () => {
  // ONNX Runtime's WebAssembly has one stack for all calls: those with many inputs lost theirs to shorter ones.
  const names = Array.from({ length: 40 }, (_, i) => `x${i}`);
  const long = program('long', (g) => {
    const sum = names.map((name) => g.input(name, [4])).reduce((a, b) => a.add(b));
    return { sum, ...Object.fromEntries(names.map((_, i) => [`y${i}`, sum.mul(i)])) };
  });
  const [wide, short] = await Promise.all([webRuntime.compile(long), webRuntime.compile(affine)]);
  const given = Object.fromEntries(names.map((name, i) => [name, new Float32Array(4).fill(i)]));
  const again = async (times: number) => {
    const total = new Float32Array(1);
    const binding = short.bind({ x: new Float32Array(6).fill(2), shift: new Float32Array(3) }, { total });
    for (let i = 0; i < times; i++) {
      await binding.run();
      expect(total[0]).toBe(12);
    }
  };
  const results = await Promise.all([again(40), wide.run(given), again(40), wide.run(given), webRuntime.compile(long)]);
  for (const result of [results[1], results[3]]) {
    for (let i = 0; i < names.length; i++) expect([...result[`y${i}`]]).toEqual(new Array(4).fill(780 * i));
  }
  await Promise.all([short.dispose(), again(1).catch(() => undefined), wide.dispose(), results[4].dispose()]);
});
