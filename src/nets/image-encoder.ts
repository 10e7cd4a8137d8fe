// Pictures as features: convolutions, a dense layer and layer normalisation.
import type { Encoder, EncoderOf } from './encoder.js';
import { layout } from './layout.js';
import { initDense, mlp, mlpLayout } from './mlp.js';

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
 * Pictures [B, H, W, C] from 0 to 1, as they are seen (input.ts), through convolutions with ReLU, a dense layer,
 * layer normalisation and tanh, as DrQ has it. `shape` is [H, W, C]. They are centred first.
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
    size: features,
    init: (random) => initDense(all, random),
    apply(parameters, input) {
      const rows = input.shape[0];
      let y = input.sub(0.5).reshape([rows, height, width, channels]).transpose([0, 3, 1, 2]);
      for (let i = 0; i < count; i++) {
        y = y.conv2d(parameters[2 * i], parameters[2 * i + 1], { stride: strides[i] }).relu();
      }
      const [weight, bias] = parameters.slice(2 * count);
      return y.reshape([rows, flat]).dense(weight, bias).layerNorm().tanh();
    },
  };
}

/** Numbers that a picture too small for convolutions becomes. */
const TINY = 64;

/** One layer over all numbers of a picture. */
export const flatDense: EncoderOf = ({ size }) => {
  const layers = mlpLayout([size, TINY]);
  return {
    size: TINY,
    layout: layers,
    init: (random) => initDense(layers, random),
    apply: (parameters, x) => mlp(parameters, x.reshape([x.shape[0], size])).relu(),
  };
};

/** What networks do with a picture unless their settings say otherwise: by its smaller side, in pixels. */
export const picture: EncoderOf = (input) => {
  const side = Math.min(input.shape[0], input.shape[1]);
  if (side < 16) return flatDense(input);
  return imageEncoder(input.shape, side < 64 ? smallImages : largeImages);
};
