// An input as tokens through a small Transformer: the patches of a picture, or the rows of a list of vectors.
import type { EncoderOf } from './encoder.js';
import { joinLayouts } from './layout.js';
import { initDense, mlpLayout } from './mlp.js';
import { transformer } from './transformer.js';

export interface TokenEncoderSettings {
  /** Pixels along each side of a picture's patches; what does not fill a patch at the right and at the bottom is not seen. */
  readonly patch: number;
  /** Numbers per token, a multiple of `heads`; also what comes out. */
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
}

/**
 * Tokens of a picture [H, W, C], its patches (Dosovitskiy et al. 2020, arXiv 2010.11929), or of a list [T, d], its rows;
 * each through one dense layer to `width`, then the blocks, then the mean over tokens.
 */
export const tokenEncoder =
  ({ patch, width, heads, blocks }: TokenEncoderSettings): EncoderOf =>
  ({ shape }) => {
    const isPicture = shape.length === 3;
    const [high, wide] = isPicture ? [Math.floor(shape[0] / patch), Math.floor(shape[1] / patch)] : [shape[0], 1];
    const numbers = isPicture ? patch * patch * shape[2] : shape[1];
    const tokens = high * wide;
    const input = mlpLayout([numbers, width]);
    const over = transformer({ tokens, width, heads, blocks, hidden: 4 * width });
    return {
      size: width,
      layout: joinLayouts({ input, blocks: over.layout }),
      init: (random) => Float32Array.from([...initDense(input, random), ...over.init(random)]),
      apply([weight, bias, ...rest], x) {
        const rows = x.shape[0];
        const parts = isPicture
          ? x
              .reshape([rows, ...shape])
              .slice(1, 0, high * patch)
              .slice(2, 0, wide * patch)
              .sub(0.5)
              .reshape([rows, high, patch, wide, patch, shape[2]])
              .transpose([0, 1, 3, 2, 4, 5])
          : x;
        return over
          .apply(rest, parts.reshape([rows, tokens, numbers]).dense(weight, bias))
          .mean([1])
          .reshape([rows, width]);
      },
    };
  };
