// Multi-layer perceptrons over a flat parameter vector: layout, initial values, forward pass.
import type { Random } from '../random.js';
import type { Tensor } from '../tensor/index.js';
import { type Layout, layout } from './layout.js';

export type Activation = 'relu' | 'tanh' | 'elu' | 'silu' | 'gelu';

/** Weights [in, out] and biases [out] of dense layers through the given sizes: `mlpLayout([10, 256, 256, 4])`. */
export function mlpLayout(sizes: readonly number[]): Layout {
  return layout(
    sizes.slice(1).flatMap((out, i) => [
      { name: `${i}.weight`, shape: [sizes[i], out] },
      { name: `${i}.bias`, shape: [out] },
    ]),
  );
}

/**
 * Uniform in +-1/sqrt(inputs) for weights and biases: PyTorch's default, which the SAC and TD3 results that others
 * publish were made with. Works on joined layouts too; each bias takes the inputs of the weight before it.
 */
export function initDense({ entries, size }: Layout, random: Random): Float32Array {
  const flat = new Float32Array(size);
  let bound = 0;
  entries.forEach(({ shape, offset }, i) => {
    if (shape.length === 2) bound = 1 / Math.sqrt(shape[0]);
    const end = i + 1 < entries.length ? entries[i + 1].offset : size;
    random.fillUniform(flat.subarray(offset, end), -bound, bound);
  });
  return flat;
}

/** x [B, in] through the layers [weight, bias, weight, bias, ...], activation between them: [B, out]. */
export function mlp(parameters: readonly Tensor[], x: Tensor, activation: Activation = 'relu'): Tensor {
  let y = x;
  for (let i = 0; i < parameters.length; i += 2) {
    y = y.dense(parameters[i], parameters[i + 1]);
    if (i + 2 < parameters.length) y = y[activation]();
  }
  return y;
}
