// Operations along axes: sums, extrema, softmax, cumulative sums, order, and picking by index.
import { axisOf, formatShape, isFloat, type Shape, sizeOf, tensorError } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { Gradients, RuleContext } from './gradients.js';

export interface ReduceOptions {
  /** Keeps reduced axes with size 1. */
  readonly keepDims?: boolean;
}

export type Axes = number | readonly number[];

/** The shape with the given axes at size 1. */
const kept = (shape: Shape, axes: readonly number[]): number[] => shape.map((n, i) => (axes.includes(i) ? 1 : n));

/** ReduceSum, ReduceMean, ReduceMax, ReduceMin, ReduceLogSumExp; all axes unless some are named. */
export function reduce(op: string, x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  if (x.dtype === 'bool') throw tensorError(op, 'needs numbers, not bool; cast first');
  const list = axes === undefined ? x.shape.map((_, i) => i) : typeof axes === 'number' ? [axes] : axes;
  const sorted = [...new Set(list.map((axis) => axisOf(op, axis, x.shape)))].sort((a, b) => a - b);
  if (sorted.length === 0) return x;
  const keepDims = options.keepDims ?? false;
  const shape = keepDims ? kept(x.shape, sorted) : x.shape.filter((_, i) => !sorted.includes(i));
  return x.graph.make(op, [x], { axes: sorted, keepDims }, [{ shape, dtype: x.dtype }])[0];
}

/** Softmax or LogSoftmax. */
export function normalize(op: string, x: Tensor, axis: number): Tensor {
  return x.graph.make(op, [x], { axis: axisOf(op, axis, x.shape) }, [x])[0];
}

/** Position of the largest element (the first of equals), int64, without the axis. */
export function argmax(x: Tensor, axis: number): Tensor {
  const at = axisOf('ArgMax', axis, x.shape);
  return x.graph.make('ArgMax', [x], { axis: at }, [{ shape: x.shape.toSpliced(at, 1), dtype: 'int64' }])[0];
}

/** Running sum, from the back with `reverse`, without the element itself with `exclusive`. */
export function cumsum(x: Tensor, axis: number, options: { reverse?: boolean; exclusive?: boolean } = {}): Tensor {
  const { reverse = false, exclusive = false } = options;
  return x.graph.make('CumSum', [x], { axis: axisOf('CumSum', axis, x.shape), reverse, exclusive }, [x])[0];
}

export interface TopKOptions {
  /** The smallest instead, if false. */
  readonly largest?: boolean;
  /** Any order will do, if false: several times faster where k is most of the axis. */
  readonly sorted?: boolean;
}

/** The k largest (or smallest), in order unless that is waived, and their positions (int64). */
export function topK(
  x: Tensor,
  k: number,
  axis: number,
  { largest = true, sorted = true }: TopKOptions = {},
): { values: Tensor; indices: Tensor } {
  const at = axisOf('TopK', axis, x.shape);
  if (!(Number.isInteger(k) && k >= 1 && k <= x.shape[at])) {
    throw tensorError('TopK', `k = ${k} is not within 1 and axis ${at} of shape ${formatShape(x.shape)}`);
  }
  const shape = x.shape.with(at, k);
  const specs = [x, { dtype: 'int64' as const }].map(({ dtype }) => ({ shape, dtype }));
  const [values, indices] = x.graph.make('TopK', [x], { axis: at, k, largest, sorted }, specs);
  return { values, indices };
}

/** All elements of an axis in rising order, or in falling order. */
export function sort(x: Tensor, axis: number, descending = false): Tensor {
  const at = axisOf('Sort', axis, x.shape);
  return topK(x, x.shape[at], at, { largest: descending }).values;
}

/** Indices as int64; floats hold whole numbers. */
const asIndices = (indices: Tensor): Tensor => (indices.dtype === 'int32' ? indices : indices.cast('int64'));

/** Rows (along `axis`) by position: [..., n, ...] and [k...] give [..., k..., ...]. */
export function gather(x: Tensor, indices: Tensor, axis: number): Tensor {
  const at = axisOf('Gather', axis, x.shape);
  const shape = x.shape.toSpliced(at, 1, ...indices.shape);
  return x.graph.make('Gather', [x, asIndices(indices)], { axis: at }, [{ shape, dtype: x.dtype }])[0];
}

/** One element per index along `axis`; the other axes agree (NumPy's take_along_axis). */
export function takeAlong(x: Tensor, indices: Tensor, axis: number): Tensor {
  const at = axisOf('GatherElements', axis, x.shape);
  const fits = indices.shape.length === x.shape.length && x.shape.every((n, i) => i === at || n === indices.shape[i]);
  if (!fits) {
    const shapes = `${formatShape(x.shape)} and indices ${formatShape(indices.shape)}`;
    throw tensorError('GatherElements', `shapes ${shapes} differ outside axis ${at}`);
  }
  const spec = { shape: indices.shape, dtype: x.dtype };
  return x.graph.make('GatherElements', [x, asIndices(indices)], { axis: at }, [spec])[0];
}

/** Zeros of `shape` with `updates` added at `indices` along `axis`: the adjoint of `takeAlong`. */
function scatterAdd(shape: Shape, indices: Tensor, updates: Tensor, axis: number): Tensor {
  const zeros = updates.graph.constant(0, shape, updates.dtype);
  const spec = { shape: [...shape], dtype: updates.dtype };
  return updates.graph.make('ScatterElements', [zeros, indices, updates], { axis }, [spec])[0];
}

/** One-hot rows: [...] of whole numbers 0 to n - 1 gives [..., n]. */
export function oneHot(x: Tensor, n: number): Tensor {
  if (!(Number.isInteger(n) && n >= 1)) throw tensorError('OneHot', `n is ${n}; it must be a whole number from 1`);
  const { graph } = x;
  const float = isFloat(x.dtype) ? x : x.cast(graph.dtype);
  const positions = graph.constant(
    Array.from({ length: n }, (_, i) => i),
    [n],
    float.dtype,
  );
  return float
    .reshape([...x.shape, 1])
    .equal(positions)
    .cast(float.dtype);
}

/** Mean 0 and variance 1 along the last axis, then scaled and shifted (Ba et al., 2016). */
export function layerNorm(x: Tensor, scale?: Tensor, bias?: Tensor, epsilon = 1e-5): Tensor {
  const centered = x.sub(x.mean(-1, { keepDims: true }));
  const deviation = centered.square().mean(-1, { keepDims: true }).add(epsilon).sqrt();
  const normal = centered.div(deviation);
  const scaled = scale === undefined ? normal : normal.mul(scale);
  return bias === undefined ? scaled : scaled.add(bias);
}

/**
 * The same as one operation: runtimes take one pass over x in place of eight. The other form stays for what was made with
 * it, whose bytes are to stay the same.
 */
export function fusedLayerNorm(x: Tensor, scale: Tensor, bias: Tensor, epsilon: number): Tensor {
  const n = x.shape[x.shape.length - 1];
  for (const of of [scale, bias]) {
    if (of.shape.length !== 1 || of.shape[0] !== n) {
      throw tensorError('LayerNormalization', `scale and bias must be [${n}], not ${formatShape(of.shape)}`);
    }
  }
  const statistic = { shape: kept(x.shape, [x.shape.length - 1]), dtype: x.dtype };
  return x.graph.make('LayerNormalization', [x, scale, bias], { epsilon }, [x, statistic, statistic])[0];
}

/** The gradient, or the output, of a reduction with its axes back at size 1. */
const keepAxes = (t: Tensor, { inputs: [x], attributes }: RuleContext): Tensor =>
  t.reshape(kept(x.shape, attributes.axes as readonly number[]));

/** Extrema share their gradient among equals. */
function extremum(context: RuleContext): readonly Tensor[] {
  const [x] = context.inputs;
  const hit = x.equal(keepAxes(context.y, context)).cast(x.dtype);
  const count = hit.sum(context.attributes.axes as readonly number[], { keepDims: true });
  return [hit.mul(keepAxes(context.dy, context).div(count))];
}

export const reduceGradients: Gradients = {
  // From the mean and 1 / deviation that the forward pass has found; means of rows as products with the scales.
  LayerNormalization({ inputs: [x, scale], outputs: [, mean, inverse], dy, dys: [, dMean, dInverse] }) {
    const n = scale.shape[0];
    const rows = Array.from({ length: x.shape.length - 1 }, (_, i) => i);
    const weights = scale.reshape([n, 1]);
    const centered = x.sub(mean);
    const normal = centered.mul(inverse);
    const along = dy.mul(normal);
    const across = normal.mul(along.matmul(weights).div(n));
    let dx = dy.mul(scale).sub(dy.matmul(weights).div(n)).sub(across).mul(inverse);
    if (dMean !== undefined) dx = dx.add(dMean.div(n));
    if (dInverse !== undefined) dx = dx.sub(centered.mul(inverse.pow(3).mul(dInverse).div(n)));
    return [dx, along.sum(rows), dy.sum(rows)];
  },
  ReduceSum: (context) => [keepAxes(context.dy, context).expand(context.inputs[0].shape)],
  ReduceMean: (context) => {
    const { inputs, y, dy } = context;
    const share = sizeOf(y.shape) / sizeOf(inputs[0].shape);
    return [keepAxes(dy.mul(share), context).expand(inputs[0].shape)];
  },
  ReduceMax: extremum,
  ReduceMin: extremum,
  ReduceLogSumExp: (context) => {
    const softmax = context.inputs[0].sub(keepAxes(context.y, context)).exp();
    return [softmax.mul(keepAxes(context.dy, context))];
  },
  Softmax: ({ attributes, y, dy }) => {
    const weighted = dy.mul(y);
    return [weighted.sub(y.mul(weighted.sum(attributes.axis as number, { keepDims: true })))];
  },
  LogSoftmax: ({ attributes, y, dy }) => [dy.sub(y.exp().mul(dy.sum(attributes.axis as number, { keepDims: true })))],
  CumSum: ({ attributes, dy }) => {
    const { axis, reverse, exclusive } = attributes as { axis: number; reverse: boolean; exclusive: boolean };
    return [cumsum(dy, axis, { reverse: !reverse, exclusive })];
  },
  TopK: ({ inputs: [x], outputs: [, indices], attributes, dy }) => [
    scatterAdd(x.shape, indices, dy, attributes.axis as number),
  ],
  Gather: ({ inputs: [x, indices], attributes, dy }) => {
    const axis = attributes.axis as number;
    const n = sizeOf(indices.shape);
    const flat = dy.reshape(x.shape.with(axis, n));
    const positions = indices.reshape(x.shape.map((_, i) => (i === axis ? n : 1))).expand(flat.shape);
    return [scatterAdd(x.shape, positions, flat, axis), undefined];
  },
  GatherElements: ({ inputs: [x, indices], attributes, dy }) => [
    scatterAdd(x.shape, indices, dy, attributes.axis as number),
    undefined,
  ],
  ScatterElements: ({ inputs: [, indices], attributes, dy }) => [
    dy,
    undefined,
    takeAlong(dy, indices, attributes.axis as number),
  ],
};
