// Pictures as features: convolutions, and a dense layer over what they give or the places where they respond.
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

/**
 * Where each channel of the last convolution responds, its mean place (x to the right, y down, from -1 to 1) under a
 * softmax over places: "keypoints", the spatial softmax of Levine et al. 2015 (arXiv 1504.00702) and Finn et al. 2015
 * (arXiv 1509.06113). What is where comes out to a fraction of a pixel even before anything is learned; what is not a
 * place is not told. Responses are normalised over places first, so that the softmax is neither flat nor a maximum at
 * the start, and have a learned scale per channel.
 */
export function keypointEncoder(shape: readonly number[], settings: ConvolutionSettings): Encoder {
  const { tensors, out, apply } = convolutions(shape, settings);
  const [channels, high, wide] = out;
  const all = layout([...tensors, { name: 'scale', shape: [channels] }]);
  const along = (n: number, i: number) => (n > 1 ? (2 * i) / (n - 1) - 1 : 0);
  const places = Array.from({ length: high * wide }, (_, i) => [
    along(wide, i % wide),
    along(high, Math.floor(i / wide)),
  ]);
  return {
    layout: all,
    size: 2 * channels,
    init(random) {
      const values = initDense(all, random);
      return values.fill(1, values.length - channels);
    },
    apply(parameters, input) {
      const rows = input.shape[0];
      const responses = apply(parameters, input).reshape([rows, channels, places.length]).layerNorm();
      const scale = parameters[tensors.length].reshape([1, channels, 1]);
      const weights = responses
        .mul(scale)
        .softmax(2)
        .reshape([rows * channels, places.length]);
      return weights.matmul(input.graph.constant(places.flat(), [places.length, 2])).reshape([rows, 2 * channels]);
    },
  };
}
