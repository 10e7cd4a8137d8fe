// Plain inverse norms: every task's gradient has the same length before they are put together.
import type { Tensor } from '../tensor/index.js';
import { diagonal, quotient } from './gram.js';

/**
 * Coefficients [K] proportional to 1 / |g_i|, of which the sum is 1: what GradNorm with alpha = 0 tends to, at once and
 * without anything learned. A task whose gradient is 0 has coefficient 0; where all are 0, so is everything.
 */
export function inverseNorm(gram: Tensor): Tensor {
  const norms = diagonal(gram).sqrt();
  const inverse = quotient(norms.mul(0).add(1), norms);
  return quotient(inverse, inverse.sum([0], { keepDims: true }));
}
