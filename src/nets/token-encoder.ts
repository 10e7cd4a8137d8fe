// An input as tokens: the patches of a picture or of frames, or the rows of a list; through a small Transformer or as they are.
import type { Tensor } from '../tensor/index.js';
import { type Convolutions, convolutions } from './convolutions.js';
import type { EncoderOf } from './encoder.js';
import { joinLayouts, layout } from './layout.js';
import { initDense, mlpLayout } from './mlp.js';
import { transformer } from './transformer.js';

/** Where a picture's patches lie: how many below and beside each other, pixels along a side, channels. */
interface Patches {
  readonly high: number;
  readonly wide: number;
  readonly side: number;
  readonly channels: number;
}

/** What does not fill a patch at the right and at the bottom is not seen. */
const patchesOf = ([height, width, channels]: readonly number[], side: number): Patches => ({
  high: Math.floor(height / side),
  wide: Math.floor(width / side),
  side,
  channels,
});

/** Pictures [B, H, W, C] to [B, patches, numbers], row by row from the top. */
const cut = (x: Tensor, { high, wide, side, channels }: Patches): Tensor =>
  x
    .slice(1, 0, high * side)
    .slice(2, 0, wide * side)
    .reshape([x.shape[0], high, side, wide, side, channels])
    .transpose([0, 1, 3, 2, 4, 5])
    .reshape([x.shape[0], high * wide, side * side * channels]);

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
    const places = patchesOf(shape, patch);
    const numbers = isPicture ? patch * patch * shape[2] : shape[1];
    const tokens = isPicture ? places.high * places.wide : shape[0];
    const input = mlpLayout([numbers, width]);
    const over = transformer({ tokens, width, heads, blocks, hidden: 4 * width });
    return {
      size: width,
      layout: joinLayouts({ input, blocks: over.layout }),
      init: (random) => Float32Array.from([...initDense(input, random), ...over.init(random)]),
      apply([weight, bias, ...rest], x) {
        const rows = x.shape[0];
        const parts = isPicture ? cut(x.reshape([rows, ...shape]).sub(0.5), places) : x;
        return over
          .apply(rest, parts.reshape([rows, tokens, numbers]).dense(weight, bias))
          .mean([1])
          .reshape([rows, width]);
      },
    };
  };

export interface TokensSettings {
  /** Pixels along each side of a patch; after convolutions, of what these leave. */
  readonly patch: number;
  /** Channels of convolutions of 3 x 3, 2 apart, with ReLU, that pictures go through first; none: patches of pixels. */
  readonly channels: readonly number[];
}

/** The convolutions that pictures go through first, and what they leave [H, W, C]; none where there are no channels. */
export function stemOf(
  shape: readonly number[],
  { channels }: Pick<TokensSettings, 'channels'>,
): { readonly stem?: Convolutions; readonly left: readonly number[] } {
  if (channels.length === 0) return { left: shape };
  const stem = convolutions(shape, { channels, kernels: channels.map(() => 3), strides: channels.map(() => 2) });
  const [depth, high, wide] = stem.out;
  return { stem, left: [high, wide, depth] };
}

/**
 * Tokens for the Transformer that also has the other inputs' tokens: patches of a picture [H, W, C] or of each of the frames
 * [L, H, W, C], or the rows of a list [T, d], such as the words of a sentence. Convolutions before the patches learn sooner
 * than patches of pixels (Xiao et al. 2021, arXiv 2106.14881; Octo's stem, arXiv 2405.12213).
 */
export const tokens =
  (settings: TokensSettings): EncoderOf =>
  ({ shape, size }) => {
    if (shape.length < 3) {
      const none = { entries: [], size: 0 };
      const init = () => new Float32Array(0);
      return { size, tokens: shape[0], layout: none, init, apply: (_, x) => x.reshape([x.shape[0], size]) };
    }
    const picture = shape.slice(-3);
    const frames = shape.length > 3 ? shape[0] : 1;
    const { stem, left } = stemOf(picture, settings);
    const places = patchesOf(left, settings.patch);
    const count = frames * places.high * places.wide;
    const all = layout(stem?.tensors ?? []);
    return {
      size: count * settings.patch ** 2 * left[2],
      tokens: count,
      layout: all,
      init: (random) => initDense(all, random),
      apply(parameters, x) {
        const pictures = x.reshape([x.shape[0] * frames, ...picture]);
        const seen = stem ? stem.apply(parameters, pictures).relu().transpose([0, 2, 3, 1]) : pictures.sub(0.5);
        return cut(seen, places).reshape([x.shape[0], -1]);
      },
    };
  };
