// The convolutions that encoders of pictures begin with.
import type { Tensor } from '../tensor/index.js';
import type { LayoutEntry } from './layout.js';

export interface ConvolutionSettings {
  /** Channels after each convolution. */
  readonly channels: readonly number[];
  /** Width of the square kernels, and steps between their places, of each convolution. */
  readonly kernels: readonly number[];
  readonly strides: readonly number[];
}

export interface Convolutions {
  /** Kernel [out, in, k, k] and bias of each. */
  readonly tensors: readonly Omit<LayoutEntry, 'offset'>[];
  /** Channels and places that are left, [C, h, w]. */
  readonly out: readonly [channels: number, high: number, wide: number];
  /** Pictures [B, H, W, C] from 0 to 1, as they are seen (input.ts), to [B, ...out]; they are centred first. */
  apply(parameters: readonly Tensor[], pictures: Tensor): Tensor;
}

/** `shape` is [H, W, C]; with ReLU between the convolutions. */
export function convolutions(shape: readonly number[], settings: ConvolutionSettings): Convolutions {
  const [height, width, channels] = shape;
  const { kernels, strides } = settings;
  const inputs = [channels, ...settings.channels];
  let size = [height, width];
  const tensors = settings.channels.flatMap((out, i) => {
    size = size.map((n) => Math.floor((n - kernels[i]) / strides[i]) + 1);
    return [
      { name: `conv${i}.weight`, shape: [out, inputs[i], kernels[i], kernels[i]] },
      { name: `conv${i}.bias`, shape: [out] },
    ];
  });
  return {
    tensors,
    out: [inputs[inputs.length - 1], size[0], size[1]],
    apply(parameters, pictures) {
      let y = pictures.sub(0.5).reshape([pictures.shape[0], height, width, channels]).transpose([0, 3, 1, 2]);
      strides.forEach((stride, i) => {
        y = (i > 0 ? y.relu() : y).conv2d(parameters[2 * i], parameters[2 * i + 1], { stride });
      });
      return y;
    },
  };
}
