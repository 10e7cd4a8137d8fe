// Rows times matrices in WebAssembly: the bits of plain loops, whatever the size, and without WebAssembly where there is none.
import { afterEach, expect, it, vi } from 'vitest';
import { createRandom } from '../../random.js';
import { program } from '../../tensor/index.js';
import { nodeRuntime } from '../node.js';
import { plainRuntime } from './index.js';

/** [rows, k] x [k, n] twice over, as a policy does: parameters are one vector, of which w is a part. */
const layers = (rows: number, k: number, n: number) =>
  program('layers', (g) => {
    const [w, v] = g.input('parameters', [k * n + n * 3]).split([k * n, n * 3], 0);
    return {
      y: g
        .input('x', [rows, k])
        .matmul(w.reshape([k, n]))
        .relu()
        .matmul(v.reshape([n, 3])),
    };
  });

async function result(rows: number, k: number, n: number, quick: boolean, x: Float32Array, parameters: Float32Array) {
  const executable = await plainRuntime.compile(layers(rows, k, n));
  const placed = quick ? executable.inputArray?.('parameters') : new Float32Array(parameters.length);
  placed?.set(parameters);
  const y = new Float32Array(rows * 3);
  if (placed) await executable.bind({ x, parameters: placed }, { y }).run();
  return { y, inWebAssembly: placed !== undefined && placed.buffer.byteLength % 65536 === 0 };
}

/** Normals, some of them zero, one row all zero. */
function numbers(rows: number, k: number, n: number) {
  const random = createRandom(k + n);
  const [x, parameters] = [new Float32Array(rows * k), new Float32Array(k * n + n * 3)];
  random.fillNormal(x);
  random.fillNormal(parameters);
  for (let i = 0; i < x.length; i += 3) x[i] = 0;
  if (rows > 1) x.fill(0, k, 2 * k);
  return [x, parameters] as const;
}

afterEach(() => void vi.unstubAllGlobals());

it.each([
  [1, 13, 256],
  [1, 256, 256],
  [3, 50, 41],
  [2, 2000, 1],
  [1, 40, 48],
])('%d rows of [%d] times [%d]: the same bits', async (rows, k, n) => {
  const [x, parameters] = numbers(rows, k, n);
  const quick = await result(rows, k, n, true, x, parameters);
  expect(quick.inWebAssembly).toBe(true);
  expect(quick.y).toEqual((await result(rows, k, n, false, x, parameters)).y);
  const native = await (await nodeRuntime.compile(layers(rows, k, n))).run({ x, parameters });
  const scale = Math.max(1, ...quick.y.map(Math.abs));
  quick.y.forEach((value, i) => {
    expect(Math.abs(value - Number(native.y[i])) / scale).toBeLessThan(1e-6);
  });
});

it('what is too small to gain anything has no memory of its own', async () => {
  expect((await plainRuntime.compile(layers(1, 4, 4))).inputArray?.('parameters')).toBeUndefined();
});

it('where WebAssembly is forbidden or has no SIMD, or there is no memory, arrays are ordinary ones', async () => {
  const { Memory, Module, Instance } = WebAssembly;
  class Refused {
    constructor() {
      throw new RangeError('refused');
    }
  }
  for (const left of [
    { Memory, Instance, Module: Refused },
    { Module, Instance, Memory: Refused },
  ]) {
    vi.resetModules();
    vi.stubGlobal('WebAssembly', left);
    const { plainRuntime: without } = await import('./index.js');
    const executable = await without.compile(layers(1, 64, 64));
    expect(executable.inputArray?.('parameters')).toBeUndefined();
  }
});
