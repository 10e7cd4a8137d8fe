// What tests of encoders have in common: an encoder as a tensor program, in both runtimes.
import { expect } from 'vitest';
import { nodeRuntime } from '../runtime/node.js';
import { webRuntime } from '../runtime/web.js';
import { program } from '../tensor/index.js';
import { type Encoder, views } from './index.js';

/** Features of rows, the same in both runtimes; bytes are pictures. `said`: another input by this name, one row. */
export async function features(
  encoder: Encoder,
  flat: Float32Array,
  input: Float32Array | Uint8Array,
  rows: number,
  said?: Float32Array,
) {
  const dtype = input instanceof Uint8Array ? 'uint8' : 'float32';
  const built = program('features', (g) => {
    const x = g.input('x', [rows, input.length / rows], dtype);
    const parameters = encoder.layout.size > 0 ? views(g.input('p', [flat.length]), encoder.layout) : [];
    const seen = said && { said: g.input('said', [rows, said.length / rows]) };
    return { y: encoder.apply(parameters, dtype === 'uint8' ? x.cast('float32').mul(1 / 255) : x, seen) };
  });
  const all = [nodeRuntime, webRuntime].map(async (runtime) => {
    const executable = await runtime.compile(built);
    const { y } = await executable.run({ x: input, ...(flat.length > 0 && { p: flat }), ...(said && { said }) });
    await executable.dispose();
    return Array.from(y as Float32Array);
  });
  const [native, wasm] = await Promise.all(all);
  for (const [i, value] of wasm.entries()) expect(value).toBeCloseTo(native[i], 5);
  return native;
}
