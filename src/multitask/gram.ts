// Small pieces of what is done with the Gram matrix of K tasks' gradients.
import type { Graph, Tensor } from '../tensor/index.js';

/** The unit matrix [n, n]. */
export const identity = (graph: Graph, n: number): Tensor =>
  graph.constant(
    Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
    [n, n],
  );

/** The squared lengths [K] of the gradients. */
export const diagonal = (gram: Tensor): Tensor => gram.mul(identity(gram.graph, gram.shape[0])).sum([1]);

/** a / b where b is above 0, and 0 where b is 0. */
export const quotient = (a: Tensor, b: Tensor): Tensor => b.greater(0).where(a.div(b.max(SMALLEST)), 0);

/** The smallest normal float32: a divisor that is not 0. */
const SMALLEST = 1.1754944e-38;
