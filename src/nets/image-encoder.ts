// Pictures as features: convolutions, and a dense layer over what they give.
import { type ConvolutionSettings, convolutions } from './convolutions.js';
import type { Encoder } from './encoder.js';
import { layout } from './layout.js';
import { initDense } from './mlp.js';

export interface ImageEncoderSettings extends ConvolutionSettings {
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

/** Convolutions with ReLU, a dense layer, layer normalisation and tanh, as DrQ has it. `shape` is [H, W, C]. */
export function imageEncoder(shape: readonly number[], settings: ImageEncoderSettings): Encoder {
  const { features } = settings;
  const { tensors, out, apply } = convolutions(shape, settings);
  const flat = out[0] * out[1] * out[2];
  const all = layout([
    ...tensors,
    { name: 'head.weight', shape: [flat, features] },
    { name: 'head.bias', shape: [features] },
  ]);
  return {
    layout: all,
    size: features,
    init: (random) => initDense(all, random),
    apply(parameters, input) {
      const y = apply(parameters, input).relu();
      const [weight, bias] = parameters.slice(tensors.length);
      return y.reshape([input.shape[0], flat]).dense(weight, bias).layerNorm().tanh();
    },
  };
}
