// Multi-layer perceptrons over a flat parameter vector: layout, initial values, forward pass.
import type { Random } from '../random.js';
import type { Tensor } from '../tensor/index.js';
import { type Layout, layout } from './layout.js';

/** What happens between two layers, elementwise or by row: [B, n] to [B, n]. */
export type Activation = (y: Tensor) => Tensor;

export const relu: Activation = (y) => y.relu();
/**
 * Layer normalisation before the activation (Ba et al. 2016, arXiv 1607.06450), without learned scale and shift: the
 * next layer's weights can do most of what they do, and nothing depends on them.
 */
export const layerNormRelu: Activation = (y) => y.layerNorm().relu();

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
    // Matrices are [in, out], kernels of convolutions [out, in, height, width].
    if (shape.length === 2) bound = 1 / Math.sqrt(shape[0]);
    else if (shape.length === 4) bound = 1 / Math.sqrt(shape[1] * shape[2] * shape[3]);
    const end = i + 1 < entries.length ? entries[i + 1].offset : size;
    random.fillUniform(flat.subarray(offset, end), -bound, bound);
  });
  return flat;
}

/** x [B, in] through the layers [weight, bias, weight, bias, ...], activation between them: [B, out]. */
export function mlp(parameters: readonly Tensor[], x: Tensor, activation = relu): Tensor {
  let y = x;
  for (let i = 0; i < parameters.length; i += 2) {
    y = y.dense(parameters[i], parameters[i + 1]);
    if (i + 2 < parameters.length) y = activation(y);
  }
  return y;
}
