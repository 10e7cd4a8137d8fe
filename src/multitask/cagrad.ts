// CAGrad (Liu et al. 2021, arXiv 2110.14048): the step near the mean gradient that helps the worst-off task most.
import type { Tensor } from '../tensor/index.js';
import { diagonal, identity, quotient } from './gram.js';

/**
 * Coefficients [K] of d = g_0 + c |g_0| g_w / |g_w|, where g_0 is the mean of the gradients, g_w = sum_i w_i g_i, and w in
 * the simplex has the least
 *
 *     F(w) = g_w . g_0 + c |g_0| |g_w|                                                       (equation 4, algorithm 1)
 *
 * so that d has the largest min_i g_i . d within c |g_0| of g_0. `radius` is c, 0 to 1 (paper: 0.4 to 0.5); 0: the mean.
 *
 * F is convex. Weight moves between pairs of tasks, each time the pair that promises most, by Newton's step along that
 * edge: unlike gradients along the whole simplex this does not mind that some tasks' gradients are a hundred times longer.
 */
export function cagrad(gram: Tensor, radius: number): Tensor {
  const { graph } = gram;
  const [tasks] = gram.shape;
  // In units of the mean squared length.
  const a = gram.mul(quotient(graph.constant([1]), diagonal(gram).mean([0], { keepDims: true })));
  const withMean = a.mean([1]);
  const reach = withMean.mean([0], { keepDims: true }).max(0).sqrt().mul(radius);
  const squares = diagonal(a);
  const units = identity(graph, tasks);
  const times = (w: Tensor) => a.matmul(w.reshape([tasks, 1])).reshape([tasks]);
  const length = (w: Tensor, aw: Tensor) => w.mul(aw).sum([0], { keepDims: true }).max(LEAST).sqrt();

  let w = graph.constant(new Array(tasks).fill(1 / tasks));
  for (let step = 0; step < STEPS_PER_TASK * tasks; step++) {
    const aw = times(w);
    const norm = length(w, aw);
    const slope = withMean.add(quotient(reach.mul(aw), norm));
    // From every task j to the one that gains most.
    const to = slope.neg().argmax(0).reshape([1]);
    const gain = slope.sub(slope.gather(to, 0));
    const along = aw.sub(aw.gather(to, 0));
    const across = squares.add(squares.gather(to, 0)).sub(a.gather(to, 0).reshape([tasks]).mul(2));
    const curvature = quotient(reach.mul(across.sub(along.square().div(norm.square()))), norm).max(LEAST);
    const share = gain.div(curvature).min(w);
    const promise = share.mul(gain).sub(share.square().mul(curvature).mul(0.5));
    const from = promise.argmax(0).reshape([1]);
    const moved = share.gather(from, 0);
    const unit = (at: Tensor) => units.gather(at, 0).reshape([tasks]);
    w = w.add(unit(to).sub(unit(from)).mul(moved));
  }
  const scale = quotient(reach, length(w, times(w)));
  return w.mul(scale).add(1 / tasks);
}

/** 50 steps for ten tasks end within 1e-3 of d in the worst of the cases of cagrad.test.ts, mostly within 1e-5. */
const STEPS_PER_TASK = 5;
/** A squared length, in units of the mean one, that counts as 0. */
const LEAST = 1e-12;
