// Matrix products and dense layers, and their gradients.
import { broadcast, formatShape, isFloat, sameShape, tensorError } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { Gradients } from './gradients.js';
import { unbroadcast } from './shape.js';

/** [..., m, k] times [..., k, n]; leading axes broadcast. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const shapes = `${formatShape(a.shape)} and ${formatShape(b.shape)}`;
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw tensorError('MatMul', `shapes ${shapes}: both need at least two axes; reshape vectors to [1, n] or [n, 1]`);
  }
  if (a.dtype !== b.dtype || !isFloat(a.dtype)) {
    throw tensorError('MatMul', `element types ${a.dtype} and ${b.dtype}: both must be the same float type`);
  }
  const [m, k] = a.shape.slice(-2);
  const [rows, n] = b.shape.slice(-2);
  if (k !== rows) throw tensorError('MatMul', `shapes ${shapes}: inner sizes ${k} and ${rows} differ`);
  // A plain matrix on the right: one large product instead of a batch of small ones.
  if (a.shape.length > 2 && b.shape.length === 2) {
    return matmul(a.reshape([-1, k]), b).reshape([...a.shape.slice(0, -1), n]);
  }
  const leading = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (leading === undefined) throw tensorError('MatMul', `shapes ${shapes}: leading axes do not broadcast`);
  return a.graph.make('MatMul', [a, b], {}, [{ shape: [...leading, m, n], dtype: a.dtype }])[0];
}

/** x [..., in] times weight [in, out] plus bias [out]. */
export function dense(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  if (x.shape.length < 2 || weight.shape.length !== 2 || !sameShape(bias.shape, [weight.shape[1]])) {
    const shapes = [x, weight, bias].map((t) => formatShape(t.shape)).join(', ');
    throw tensorError('Dense', `shapes ${shapes} are not [..., in], [in, out], [out]`);
  }
  const rows = x.shape.length === 2 ? x : x.reshape([-1, x.shape.at(-1)!]);
  return matmul(rows, weight)
    .add(bias)
    .reshape([...x.shape.slice(0, -1), weight.shape[1]]);
}

/** Swaps the last two axes. */
function swap(x: Tensor): Tensor {
  const rank = x.shape.length;
  return x.transpose(x.shape.map((_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i)));
}

export const linearGradients: Gradients = {
  MatMul: ({ inputs: [a, b], dy, needs }) => [
    needs[0] ? unbroadcast(dy.matmul(swap(b)), a.shape) : undefined,
    needs[1] ? unbroadcast(swap(a).matmul(dy), b.shape) : undefined,
  ],
};
