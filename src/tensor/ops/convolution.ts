// 2-D convolutions and their gradients, which are convolutions again.
import { formatShape, isFloat, tensorError } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { Gradients } from './gradients.js';

export interface ConvolutionOptions {
  /** Steps between places of the kernel, for both axes. */
  readonly stride?: number;
  /** Zeros around the picture. */
  readonly padding?: number;
}

/** Steps and zeros as the operations have them: places `stride` apart, kernel elements `dilation` apart. */
interface Geometry {
  readonly stride: number;
  readonly dilation: number;
  readonly padding: number;
}

/** x [B, C, H, W] and weight [out, C, kh, kw] to [B, out, H', W'] with H' = floor((H + 2 padding - kh) / stride) + 1. */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor, options: ConvolutionOptions = {}): Tensor {
  const { stride = 1, padding = 0 } = options;
  const shapes = `${formatShape(x.shape)} and weight ${formatShape(weight.shape)}`;
  if (x.shape.length !== 4 || weight.shape.length !== 4) {
    throw tensorError('Conv', `shapes ${shapes}: needs [B, C, H, W] and [out, C, kh, kw]`);
  }
  if (x.shape[1] !== weight.shape[1]) {
    throw tensorError(
      'Conv',
      `shapes ${shapes}: ${x.shape[1]} channels of the input, ${weight.shape[1]} of the weight`,
    );
  }
  if (x.dtype !== weight.dtype || !isFloat(x.dtype)) {
    throw tensorError('Conv', `element types ${x.dtype} and ${weight.dtype}: both must be the same float type`);
  }
  if (!(Number.isInteger(stride) && stride >= 1 && Number.isInteger(padding) && padding >= 0)) {
    throw tensorError('Conv', `stride ${stride} and padding ${padding}: whole numbers, from 1 and from 0`);
  }
  for (const axis of [2, 3]) {
    if (x.shape[axis] + 2 * padding < weight.shape[axis]) {
      throw tensorError('Conv', `shapes ${shapes}: the kernel is larger than the picture with padding ${padding}`);
    }
  }
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== weight.shape[0])) {
    throw tensorError('Conv', `shapes ${shapes}: bias ${formatShape(bias.shape)} is not [${weight.shape[0]}]`);
  }
  const y = convolve(x, weight, { stride, dilation: 1, padding });
  return bias === undefined ? y : y.add(bias.reshape([1, weight.shape[0], 1, 1]));
}

/** y[b, o, i] = sum over c, k of x[b, c, i stride + k dilation - padding] weight[o, c, k]. */
function convolve(x: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  const { stride, dilation, padding } = geometry;
  const places = [2, 3].map(
    (axis) => Math.floor((x.shape[axis] + 2 * padding - dilation * (weight.shape[axis] - 1) - 1) / stride) + 1,
  );
  const shape = [x.shape[0], weight.shape[0], ...places];
  return x.graph.make('Conv', [x, weight], { ...geometry }, [{ shape, dtype: x.dtype }])[0];
}

/** Its adjoint in x: dx[b, c, i stride + k dilation - padding] += dy[b, o, i] weight[o, c, k], in pictures of `size`. */
function spread(dy: Tensor, weight: Tensor, geometry: Geometry, size: readonly number[]): Tensor {
  const shape = [dy.shape[0], weight.shape[1], ...size];
  return dy.graph.make('ConvTranspose', [dy, weight], { ...geometry }, [{ shape, dtype: dy.dtype }])[0];
}

/**
 * The adjoint in the weight: a convolution of x with dy as kernel, channels and batch exchanged, where steps between
 * places and between kernel elements exchange their roles. Only the first kh x kw of its places are the kernel's.
 */
function ofWeight(x: Tensor, dy: Tensor, { stride, dilation, padding }: Geometry, kernel: readonly number[]): Tensor {
  const exchanged = (t: Tensor) => t.transpose([1, 0, 2, 3]);
  const all = convolve(exchanged(x), exchanged(dy), { stride: dilation, dilation: stride, padding });
  return exchanged(all).slice(2, 0, kernel[0]).slice(3, 0, kernel[1]);
}

export const convolutionGradients: Gradients = {
  Conv: ({ inputs: [x, weight], attributes, dy, needs }) => {
    const geometry = attributes as unknown as Geometry;
    return [
      needs[0] ? spread(dy, weight, geometry, x.shape.slice(2)) : undefined,
      needs[1] ? ofWeight(x, dy, geometry, weight.shape.slice(2)) : undefined,
    ];
  },
  ConvTranspose: ({ inputs: [x, weight], attributes, dy, needs }) => {
    const geometry = attributes as unknown as Geometry;
    // Pictures may be a little larger than their places reach: as many places as x has.
    const cut = (t: Tensor) => t.slice(2, 0, x.shape[2]).slice(3, 0, x.shape[3]);
    return [
      needs[0] ? cut(convolve(dy, weight, geometry)) : undefined,
      needs[1] ? ofWeight(dy, x, geometry, weight.shape.slice(2)) : undefined,
    ];
  },
};
