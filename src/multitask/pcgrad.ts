// PCGrad (Yu et al. 2020, arXiv 2001.06782): each task's gradient loses what conflicts with the others' gradients.
import { noiseInput } from '../nets/noise.js';
import type { Tensor } from '../tensor/index.js';
import { diagonal, identity, quotient } from './gram.js';

/**
 * Coefficients [K] of the tasks' gradients, from their Gram matrix [K, K] (algorithm 1). For each task i, over the other
 * tasks j in an order drawn anew for it:
 *
 *     g_i' = g_i' - min(0, g_i' . g_j) / |g_j|^2 g_j,   g_j as it was
 *
 * and the mean of all g_i'. (The paper takes their sum; with Adam that is the same step, and without conflicts the mean is
 * the plain one.) g_i' stays a combination of the gradients, so that its coefficients, row i of `own`, tell all of it.
 * A gradient of length 0 conflicts with nothing. Exactly opposite gradients lose everything and stay where they are.
 */
export function pcgrad(gram: Tensor): Tensor {
  const { graph } = gram;
  const [tasks] = gram.shape;
  if (tasks === 1) return graph.constant([1]);
  const eye = identity(graph, tasks);
  const squares = diagonal(gram);
  // Of each row's normals the largest comes first; its own task comes last and is left out.
  const draw = noiseInput(graph, 'order', [tasks, tasks], 'update').sub(eye.mul(1e6));
  const order = draw.topK(tasks - 1, 1).indices;

  let own = eye;
  for (let turn = 0; turn < tasks - 1; turn++) {
    const others = order.slice(1, turn, turn + 1).reshape([tasks]);
    const other = others.oneHot(tasks);
    const product = own.mul(gram.gather(others, 0)).sum([1], { keepDims: true });
    const square = squares.gather(others, 0).reshape([tasks, 1]);
    own = own.sub(other.mul(quotient(product.min(0), square)));
  }
  return own.mean([0]);
}
