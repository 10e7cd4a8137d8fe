// What turns one input of a network into features: a part of the network's parameters, and how it is applied.
import type { Random } from '../random.js';
import { concat, type Tensor } from '../tensor/index.js';
import { type Layout, layout } from './layout.js';
import { initDense } from './mlp.js';

export interface Encoder {
  readonly layout: Layout;
  /** Numbers of features per row. */
  readonly outputs: number;
  init(random: Random): Float32Array;
  /** From the layout's tensors and an input [B, ...] to features [B, outputs]. */
  apply(parameters: readonly Tensor[], input: Tensor): Tensor;
}

/** An encoder without parameters: whole numbers 0 to n - 1, [B, 1] of any type, as one-hot rows [B, n]. */
export const oneHotEncoder = (n: number): Encoder => ({
  layout: layout([]),
  outputs: n,
  init: () => new Float32Array(0),
  apply: (_, index) => index.reshape([index.shape[0]]).oneHot(n),
});

/**
 * A table of n learned rows of `width` numbers, of which a whole number 0 to n - 1 ([B, 1] of any type) chooses one. Rows
 * begin as standard normals divided by sqrt(width), so that they have about unit length.
 */
export function embeddingEncoder(n: number, width: number): Encoder {
  const table = layout([{ name: 'table', shape: [n, width] }]);
  return {
    layout: table,
    outputs: width,
    init(random) {
      const values = new Float32Array(table.size);
      random.fillNormal(values);
      return values.map((value) => value / Math.sqrt(width));
    },
    apply: ([rows], index) => rows.gather(index.reshape([index.shape[0]]), 0),
  };
}

export interface ImageEncoderSettings {
  /** Channels after each convolution. */
  readonly channels: readonly number[];
  /** Width of the square kernels, and steps between their places, of each convolution. */
  readonly kernels: readonly number[];
  readonly strides: readonly number[];
  readonly features: number;
}

/** For pictures of 32 x 32: 15 x 15, then 7 x 7 places. */
export const smallImages: ImageEncoderSettings = { channels: [16, 32], kernels: [3, 3], strides: [2, 2], features: 50 };
/** For pictures of 84 x 84, as DrQ has it (Kostrikov et al. 2020, arXiv 2004.13649, appendix). */
export const largeImages: ImageEncoderSettings = {
  channels: [32, 32, 32, 32],
  kernels: [3, 3, 3, 3],
  strides: [2, 1, 1, 1],
  features: 50,
};

/**
 * Pictures of bytes [B, H W C] (or [B, H, W, C], or floats from 0 to 255) through convolutions with ReLU, a dense layer,
 * layer normalisation and tanh, as DrQ has it. `shape` is [H, W, C]. Scaling to [-0.5, 0.5] is part of the graph.
 */
export function imageEncoder(shape: readonly number[], settings: ImageEncoderSettings): Encoder {
  const [height, width, channels] = shape;
  const { kernels, strides, features } = settings;
  const count = settings.channels.length;
  let size = [height, width];
  const inputs = [channels, ...settings.channels];
  const convolutions = settings.channels.flatMap((out, i) => {
    size = size.map((n) => Math.floor((n - kernels[i]) / strides[i]) + 1);
    return [
      { name: `conv${i}.weight`, shape: [out, inputs[i], kernels[i], kernels[i]] },
      { name: `conv${i}.bias`, shape: [out] },
    ];
  });
  const flat = inputs[count] * size[0] * size[1];
  const all = layout([
    ...convolutions,
    { name: 'head.weight', shape: [flat, features] },
    { name: 'head.bias', shape: [features] },
  ]);
  return {
    layout: all,
    outputs: features,
    init: (random) => initDense(all, random),
    apply(parameters, input) {
      const rows = input.shape[0];
      let y = input
        .cast(input.graph.dtype)
        .mul(1 / 255)
        .sub(0.5);
      y = y.reshape([rows, height, width, channels]).transpose([0, 3, 1, 2]);
      for (let i = 0; i < count; i++) {
        y = y.conv2d(parameters[2 * i], parameters[2 * i + 1], { stride: strides[i] }).relu();
      }
      const [weight, bias] = parameters.slice(2 * count);
      return y.reshape([rows, flat]).dense(weight, bias).layerNorm().tanh();
    },
  };
}

/** An encoder whose parameters no loss moves: gradients stop at its features. */
export const frozen = (encoder: Encoder): Encoder => ({
  ...encoder,
  apply: (parameters, input) => encoder.apply(parameters, input).stopGradient(),
});

/** Features of several inputs side by side [B, sum of outputs]. */
export const joinFeatures = (features: readonly Tensor[]): Tensor => concat(features, 1);
