// Distances that need not be the same both ways but keep the triangle inequality, between vectors [B, n].
import { concat, type Tensor } from '../tensor/index.js';

/** Numbers of a component of IQE (Wang & Isola 2022: 8). */
export const COMPONENT = 8;

/**
 * Interval quasimetric embeddings (Wang & Isola 2022, arXiv 2211.15120). Each component is the length that the intervals
 * from x_i to y_i > x_i cover together; `mixing` [1] weighs their mean, sigmoid(mixing), against their maximum. [B, 1].
 */
export function iqe(x: Tensor, y: Tensor, mixing: Tensor): Tensor {
  const [rows, n] = x.shape;
  const shape = [rows, n / COMPONENT, COMPONENT];
  const [from, to] = [x.reshape(shape), y.reshape(shape)];
  const opens = from.less(to).cast(x.dtype);
  // Ends of intervals in ascending order; before each, how many intervals are open.
  const { values, indices } = concat([from, to], 2).topK(2 * COMPONENT, 2, { largest: false });
  const steps = concat([opens, opens.neg()], 2).gatherElements(indices, 2);
  const covered = steps.cumsum(2).greater(0.5).cast(x.dtype);
  const before = covered.pad(2, 1, 0).slice(2, 0, 2 * COMPONENT);
  const lengths = values.mul(before.sub(covered).stopGradient()).sum([2]);
  const share = mixing.sigmoid();
  const mean = lengths.mean([1], { keepDims: true });
  const most = lengths.amax([1], { keepDims: true });
  return share.mul(mean).add(share.neg().add(1).mul(most));
}

/**
 * Metric residual networks (Liu et al. 2023, arXiv 2208.08133): the Euclidean distance of the first halves, and the largest
 * positive difference x_i - y_i of the second. [B, 1].
 */
export function mrn(x: Tensor, y: Tensor): Tensor {
  const half = x.shape[1] / 2;
  const [symmetric, other] = x.sub(y).split([half, half], 1);
  const squares = symmetric.square().sum([1], { keepDims: true });
  return squares
    .max(1e-12)
    .sqrt()
    .add(other.amax([1], { keepDims: true }).relu());
}
