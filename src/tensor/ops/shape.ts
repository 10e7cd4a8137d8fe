// Operations that move values without changing them, and their gradients.
import { axisOf, broadcast, formatShape, type Shape, sameShape, sizeOf, tensorError } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { Gradients } from './gradients.js';

export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = sizeOf(shape.filter((n) => n !== -1));
  const dims = shape.map((n) => (n === -1 ? sizeOf(x.shape) / known : n));
  if (shape.filter((n) => n === -1).length > 1 || sizeOf(dims) !== sizeOf(x.shape) || !dims.every(Number.isInteger)) {
    throw tensorError('Reshape', `shape ${formatShape(x.shape)} cannot become ${formatShape(shape)}`);
  }
  return sameShape(dims, x.shape) ? x : x.graph.make('Reshape', [x], {}, [{ shape: dims, dtype: x.dtype }])[0];
}

/** Reorders axes; without `permutation` they are reversed. */
export function transpose(x: Tensor, permutation?: readonly number[]): Tensor {
  const order = permutation ?? x.shape.map((_, i) => x.shape.length - 1 - i);
  const axes = order.map((axis) => axisOf('Transpose', axis, x.shape));
  if (axes.length !== x.shape.length || new Set(axes).size !== axes.length) {
    throw tensorError('Transpose', `[${order}] is not an order of the axes of shape ${formatShape(x.shape)}`);
  }
  if (axes.every((axis, i) => axis === i)) return x;
  const shape = axes.map((axis) => x.shape[axis]);
  return x.graph.make('Transpose', [x], { perm: axes }, [{ shape, dtype: x.dtype }])[0];
}

/** Repeats along axes of size 1 and along new leading axes. */
export function expand(x: Tensor, shape: Shape): Tensor {
  const result = broadcast(x.shape, shape);
  if (result === undefined || !sameShape(result, shape)) {
    throw tensorError('Expand', `shape ${formatShape(x.shape)} does not expand to ${formatShape(shape)}`);
  }
  return sameShape(x.shape, shape) ? x : x.graph.make('Expand', [x], {}, [{ shape: result, dtype: x.dtype }])[0];
}

/** The adjoint of broadcasting: sums over the axes that were repeated. */
export function unbroadcast(dy: Tensor, shape: Shape): Tensor {
  if (sameShape(dy.shape, shape)) return dy;
  const extra = dy.shape.length - shape.length;
  const axes = dy.shape.map((_, i) => i).filter((i) => i < extra || (shape[i - extra] === 1 && dy.shape[i] !== 1));
  return dy.sum(axes).reshape(shape);
}

/** Elements start to end - 1 along an axis; negative positions count from the back. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const at = axisOf('Slice', axis, x.shape);
  const n = x.shape[at];
  const [from, to] = [start < 0 ? start + n : start, end < 0 ? end + n : end];
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= n)) {
    throw tensorError('Slice', `[${start}, ${end}) is not inside axis ${at} of shape ${formatShape(x.shape)}`);
  }
  if (from === 0 && to === n) return x;
  const shape = x.shape.with(at, to - from);
  return x.graph.make('Slice', [x], { axis: at, start: from, end: to }, [{ shape, dtype: x.dtype }])[0];
}

/** Adds `before` and `after` zeros along an axis. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  const at = axisOf('Pad', axis, x.shape);
  if (before === 0 && after === 0) return x;
  const shape = x.shape.with(at, x.shape[at] + before + after);
  return x.graph.make('Pad', [x], { axis: at, before, after }, [{ shape, dtype: x.dtype }])[0];
}

/** Cuts an axis into consecutive pieces. */
export function split(x: Tensor, sizes: readonly number[], axis: number): readonly Tensor[] {
  const at = axisOf('Split', axis, x.shape);
  if (sizes.reduce((sum, n) => sum + n, 0) !== x.shape[at] || !sizes.every((n) => Number.isInteger(n) && n > 0)) {
    const total = sizes.reduce((sum, n) => sum + n, 0);
    throw tensorError('Split', `sizes [${sizes}] (sum ${total}) do not cut axis ${at} of ${formatShape(x.shape)}`);
  }
  if (sizes.length === 1) return [x];
  const specs = sizes.map((n) => ({ shape: x.shape.with(at, n), dtype: x.dtype }));
  return x.graph.make('Split', [x], { axis: at, sizes: [...sizes] }, specs);
}

/** Joins tensors along an axis; the other axes agree. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  if (tensors.length === 0) throw tensorError('Concat', 'needs at least one tensor');
  const [first, ...rest] = tensors;
  const at = axisOf('Concat', axis, first.shape);
  for (const t of rest) {
    if (t.shape.length !== first.shape.length || !sameShape(t.shape.with(at, 1), first.shape.with(at, 1))) {
      const shapes = `${formatShape(first.shape)} and ${formatShape(t.shape)}`;
      throw tensorError('Concat', `shapes ${shapes} differ outside axis ${at}`);
    }
    if (t.dtype !== first.dtype) throw tensorError('Concat', `element types ${first.dtype} and ${t.dtype} differ`);
  }
  if (tensors.length === 1) return first;
  const shape = first.shape.with(
    at,
    tensors.reduce((sum, t) => sum + t.shape[at], 0),
  );
  return first.graph.make('Concat', tensors, { axis: at }, [{ shape, dtype: first.dtype }])[0];
}

/** Joins tensors of equal shape along a new axis. */
export function stack(tensors: readonly Tensor[], axis: number): Tensor {
  if (tensors.length === 0) throw tensorError('Stack', 'needs at least one tensor');
  const rank = tensors[0].shape.length;
  const at = axis < 0 ? axis + rank + 1 : axis;
  if (!(Number.isInteger(at) && at >= 0 && at <= rank)) throw tensorError('Stack', `axis ${axis} of rank ${rank + 1}`);
  return concat(
    tensors.map((t) => reshape(t, t.shape.toSpliced(at, 0, 1))),
    at,
  );
}

/** Passes values and stops gradients. */
export const stopGradient = (x: Tensor): Tensor => x.graph.make('StopGradient', [x], {}, [x])[0];

export const shapeGradients: Gradients = {
  Reshape: ({ inputs: [x], dy }) => [dy.reshape(x.shape)],
  Transpose: ({ attributes, dy }) => {
    const perm = attributes.perm as readonly number[];
    return [dy.transpose(perm.map((_, i) => perm.indexOf(i)))];
  },
  Expand: ({ inputs: [x], dy }) => [unbroadcast(dy, x.shape)],
  Slice: ({ inputs: [x], attributes, dy }) => {
    const axis = attributes.axis as number;
    return [pad(dy, axis, attributes.start as number, x.shape[axis] - (attributes.end as number))];
  },
  Pad: ({ inputs: [x], attributes, dy }) => {
    const { axis, before } = attributes as { axis: number; before: number };
    return [dy.slice(axis, before, before + x.shape[axis])];
  },
  Split: ({ inputs: [x], outputs, attributes, dys }) => {
    const pieces = outputs.map((t, i) => dys[i] ?? x.graph.constant(0, t.shape, t.dtype));
    return [concat(pieces, attributes.axis as number)];
  },
  Concat: ({ inputs, attributes, dy }) => {
    const axis = attributes.axis as number;
    return split(
      dy,
      inputs.map((t) => t.shape[axis]),
      axis,
    );
  },
};
