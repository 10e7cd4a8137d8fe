// Pictures moved by a part of their width: the augmentation of DrQ, as matrices.
import type { Tensor } from '../tensor/index.js';

/**
 * Moves each picture [B, H, W, C] by its own offset [B, 2] in pixels, down and to the right; what comes in at an edge
 * repeats the edge's pixels, and between whole pixels it is linear (Kostrikov et al. 2020, arXiv 2004.13649; between
 * pixels as in DrQ-v2, arXiv 2107.09645).
 */
export function shiftPictures(pictures: Tensor, offsets: Tensor): Tensor {
  const [rows, high, wide, channels] = pictures.shape;
  const [down, right] = offsets.split([1, 1], 1);
  const vertical = shares(down, high).matmul(pictures.reshape([rows, high, wide * channels]));
  const turned = vertical.reshape([rows, high, wide, channels]).transpose([0, 2, 1, 3]);
  const both = shares(right, wide).matmul(turned.reshape([rows, wide, high * channels]));
  return both.reshape([rows, wide, high, channels]).transpose([0, 2, 1, 3]);
}

/** [B, n, n]: what share of a line each line of the moved picture has. */
function shares(offset: Tensor, n: number): Tensor {
  const lines = offset.graph.constant(
    Array.from({ length: n }, (_, i) => i),
    [n],
    offset.dtype,
  );
  const from = lines
    .reshape([1, n, 1])
    .sub(offset.reshape([offset.shape[0], 1, 1]))
    .clip(0, n - 1);
  return from
    .sub(lines.reshape([1, 1, n]))
    .abs()
    .neg()
    .add(1)
    .relu();
}
