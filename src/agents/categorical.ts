// Critics as distributions over fixed returns (C51: Bellemare et al. 2017, arXiv 1707.06887; in the soft form of BRC, 2505.23150).
import type { Graph, Tensor } from '../tensor/index.js';

/** `bins` returns at equal distances from -limit to limit. */
export interface Support {
  readonly bins: number;
  readonly limit: number;
}

/** The returns z [bins]. */
export const binsOf = (graph: Graph, { bins, limit }: Support): Tensor =>
  graph.constant(Array.from({ length: bins }, (_, i) => limit * ((2 * i) / (bins - 1) - 1)));

/** Mean return [B, 1] of logits [B, bins]. */
export const meanOf = (logits: Tensor, support: Support): Tensor =>
  logits.softmax(1).mul(binsOf(logits.graph, support)).sum([1], { keepDims: true });

/**
 * Probabilities p [B, bins] of returns that were moved to y [B, bins], put back on the bins: each goes to the two next to
 * it, in proportion to how near they are; what lies beyond the ends goes to the ends (C51, algorithm 1).
 */
export function project(p: Tensor, y: Tensor, support: Support): Tensor {
  const { bins, limit } = support;
  const [rows] = y.shape;
  const perBin = (bins - 1) / (2 * limit);
  const z = binsOf(p.graph, support).mul(perBin).reshape([bins, 1]);
  const at = y.clip(-limit, limit).mul(perBin).reshape([rows, 1, bins]);
  const near = at.sub(z).abs().neg().add(1).relu(); // [B, to, from]
  return near.matmul(p.reshape([rows, bins, 1])).reshape([rows, bins]);
}

/** Cross-entropy [B, 1] of logits against probabilities, both [B, bins]. */
export const crossEntropy = (logits: Tensor, probabilities: Tensor): Tensor =>
  logits.logSoftmax(1).mul(probabilities).sum([1], { keepDims: true }).neg();
