// Operations that ONNX, or ONNX Runtime in double precision, does not have, in terms of those it has.
import type { Node } from '../graph.js';
import { plainGeluGate } from '../ops/elementwise.js';
import { sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';

// Chebyshev coefficients of erfc(z) exp(z^2) / t, t = 2 / (2 + z); Press et al., Numerical Recipes, 3rd ed., 6.2.2.
const erfcCoefficients = [
  -1.3026537197817094, 0.6419697923564902, 1.9476473204185836e-2, -9.561514786808631e-3, -9.46595344482036e-4,
  3.66839497852761e-4, 4.2523324806907e-5, -2.0278578112534e-5, -1.62429000464e-6, 1.30365583558e-6, 1.5626441722e-8,
  -8.5238095915e-8, 6.529054439e-9, 5.059343495e-9, -9.91364156e-10, -2.27365122e-10, 9.6467911e-11, 2.394038e-12,
  -6.886027e-12, 8.94487e-13, 3.13092e-13, -1.12708e-13, 3.81e-16, 7.106e-15, -1.523e-15, -9.4e-17, 1.21e-16, -2.8e-17,
];

/** erf to about 1e-15 by Clenshaw's recurrence: ONNX Runtime has it in single precision only. */
function erf(x: Tensor): Tensor {
  const { graph } = x;
  const z = x.abs();
  const t = graph.constant(2, undefined, x.dtype).div(z.add(2));
  const y = t.mul(4).sub(2);
  let [d, before] = [t.mul(0), t.mul(0)];
  for (const c of erfcCoefficients.slice(1).reverse()) [d, before] = [y.mul(d).sub(before).add(c), d];
  const exponent = y.mul(d).add(erfcCoefficients[0]).mul(0.5).sub(before).sub(z.mul(z));
  return x.sign().mul(t.mul(exponent.exp()).neg().add(1));
}

interface Geometry {
  readonly stride: number;
  readonly dilation: number;
  readonly padding: number;
}

/** For every kernel element and every place, the element of the padded picture: [C kh kw, places], in a flat picture. */
function patches(picture: readonly number[], kernel: readonly number[], places: readonly number[], g: Geometry) {
  const [channels, height, width] = picture;
  const indices: number[] = [];
  for (let c = 0; c < channels; c++)
    for (let k = 0; k < kernel[0]; k++)
      for (let l = 0; l < kernel[1]; l++)
        for (let i = 0; i < places[0]; i++)
          for (let j = 0; j < places[1]; j++)
            indices.push((c * height + i * g.stride + k * g.dilation) * width + j * g.stride + l * g.dilation);
  return indices;
}

const padded = (shape: readonly number[], padding: number) => shape.map((n) => n + 2 * padding);

/** A convolution as a product with patches: ONNX Runtime has convolutions in single precision only. */
function conv([x, weight]: readonly Tensor[], { attributes, outputs: [y] }: Node): Tensor {
  const geometry = attributes as unknown as Geometry;
  const { padding } = geometry;
  const [out, channels, ...kernel] = weight.shape;
  const [, , ...places] = y.shape;
  const size = padded(x.shape.slice(2), padding);
  const indices = patches([channels, ...size], kernel, places, geometry);
  const flat = x.pad(2, padding, padding).pad(3, padding, padding).reshape([x.shape[0], -1]);
  const columns = [channels * sizeOf(kernel), sizeOf(places)];
  const picked = flat.gather(x.graph.constant(indices, columns, 'int64'), 1);
  return weight.reshape([1, out, -1]).matmul(picked).reshape(y.shape);
}

/** Its adjoint: products added where the patches were. */
function convTranspose([dy, weight]: readonly Tensor[], { attributes, outputs: [y] }: Node): Tensor {
  const geometry = attributes as unknown as Geometry;
  const { padding } = geometry;
  const [out, channels, ...kernel] = weight.shape;
  const [batch, , ...places] = dy.shape;
  const size = padded(y.shape.slice(2), padding);
  const indices = patches([channels, ...size], kernel, places, geometry);
  const products = weight
    .reshape([1, out, -1])
    .transpose([0, 2, 1])
    .matmul(dy.reshape([batch, out, -1]));
  const { graph } = dy;
  const flat = [batch, channels * sizeOf(size)];
  const at = graph.constant(indices, [1, indices.length], 'int64').expand([batch, indices.length]);
  const updates = products.reshape([batch, indices.length]);
  const whole = graph.make('ScatterElements', [graph.constant(0, flat, dy.dtype), at, updates], { axis: 1 }, [
    { shape: flat, dtype: dy.dtype },
  ])[0];
  return whole
    .reshape([batch, channels, ...size])
    .slice(2, padding, size[0] - padding)
    .slice(3, padding, size[1] - padding);
}

/** By operation: the same in others, or undefined where it can stay. */
export const decompositions: Record<
  string,
  (inputs: readonly Tensor[], node: Node) => Tensor | readonly Tensor[] | undefined
> = {
  Conv: (inputs, node) => (inputs[0].dtype === 'float64' ? conv(inputs, node) : undefined),
  ConvTranspose: (inputs, node) => (inputs[0].dtype === 'float64' ? convTranspose(inputs, node) : undefined),
  // log(u) x / (u - 1) with u = 1 + x as rounded: the rounding errors cancel (Kahan).
  Log1p([x]) {
    const u = x.add(1);
    const d = u.sub(1);
    return d.equal(0).where(x, u.log().mul(x).div(d));
  },
  // Its statistics are float32 in ONNX.
  LayerNormalization([x, scale, bias], { attributes }) {
    if (x.dtype !== 'float64') return undefined;
    const epsilon = attributes.epsilon as number;
    const mean = x.mean(-1, { keepDims: true });
    const variance = x.sub(mean).square().mean(-1, { keepDims: true });
    return [x.layerNorm(scale, bias, epsilon), mean, variance.add(epsilon).sqrt().pow(-1)];
  },
  GeluGate: ([x]) => plainGeluGate(x),
  Erf: ([x]) => (x.dtype === 'float64' ? erf(x) : undefined),
};
