// T5's encoder as a tensor program: relative positions, root-mean-square norms, the mean of the last layer (Raffel et al. 2019, arXiv 1910.10683).
import * as z from 'zod';
import { program, type Tensor } from '../../tensor/index.js';
import {
  arraysOf,
  attention,
  embed,
  readConfig,
  requireTensor,
  type SentenceModel,
  turned,
  type Weights,
  weightsOf,
  whole,
} from './sentence-model.js';

const configSchema = z.object({
  d_model: whole,
  num_layers: whole,
  num_heads: whole,
  layer_norm_epsilon: z.number().default(1e-6),
  relative_attention_num_buckets: whole.default(32),
  relative_attention_max_distance: whole.default(128),
  feed_forward_proj: z.enum(['relu', 'gated-gelu']).default('relu'),
});

const isMatrix = (name: string) =>
  /(SelfAttention|DenseReluDense)\.[^.]+\.weight$/.test(name) && !/relative/.test(name);

/** The longest sentence; relative positions set no limit of their own. */
const MAX_TOKENS = 512;

/**
 * With mean pooling, as sentence encoders of T5's family have it.
 * @throws UsageError for other settings and missing tensors
 */
export function t5Model(config: unknown, tensors: Weights, where: string): SentenceModel {
  const {
    d_model: width,
    num_layers: layers,
    num_heads: heads,
    layer_norm_epsilon: epsilon,
    relative_attention_num_buckets: buckets,
    relative_attention_max_distance: farthest,
    feed_forward_proj: feed,
  } = readConfig(configSchema, config, where);
  const weights = turned(tensors, isMatrix);
  const arrays = arraysOf(weights);
  const words = (weights['shared.weight'] ?? requireTensor(weights, 'encoder.embed_tokens.weight', 'T5')).data;
  const biasName = 'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight';
  const bias = requireTensor(weights, biasName, 'T5').data;
  return {
    size: width,
    maxTokens: MAX_TOKENS,
    program: (tokens) =>
      program(`t5 ${tokens}`, (g) => {
        const weight = weightsOf(g, weights, 'T5');
        const norm = (x: Tensor, name: string) =>
          x.div(x.square().mean(1, { keepDims: true }).add(epsilon).sqrt()).mul(weight(`${name}.weight`));
        const linear = (x: Tensor, name: string) => x.matmul(weight(`${name}.weight`));
        const mask = g.input('distances', [heads, tokens, tokens]);
        let x = g.input('embedded', [tokens, width]);
        for (let i = 0; i < layers; i++) {
          const [first, second] = [`encoder.block.${i}.layer.0`, `encoder.block.${i}.layer.1`];
          const normed = norm(x, `${first}.layer_norm`);
          const parts = ['q', 'k', 'v'].map((name) => linear(normed, `${first}.SelfAttention.${name}`));
          // T5 folds the scale of its scores into its weights.
          const seen = attention(parts, { heads, scale: 1, mask });
          x = x.add(linear(seen, `${first}.SelfAttention.o`));
          const dense = `${second}.DenseReluDense`;
          const y = norm(x, `${second}.layer_norm`);
          const hidden =
            feed === 'relu'
              ? linear(y, `${dense}.wi`).relu()
              : linear(y, `${dense}.wi_0`)
                  .geluTanh()
                  .mul(linear(y, `${dense}.wi_1`));
          x = x.add(linear(hidden, `${dense}.wo`));
        }
        return { vector: norm(x, 'encoder.final_layer_norm').mean(0) };
      }),
    inputs: (ids) => ({
      ...arrays,
      embedded: embed(width, ids.length, [[words, (at) => ids[at]]]),
      distances: distanceBiases(ids.length),
    }),
  };

  /** What each head adds to its scores for how far a token is from another, [heads, tokens, tokens]. */
  function distanceBiases(tokens: number): Float32Array {
    const out = new Float32Array(heads * tokens * tokens);
    for (let from = 0; from < tokens; from++) {
      for (let to = 0; to < tokens; to++) {
        const bucket = bucketOf(to - from, buckets, farthest);
        for (let head = 0; head < heads; head++) {
          out[(head * tokens + from) * tokens + to] = bias[bucket * heads + head];
        }
      }
    }
    return out;
  }
}

/** Buckets of distances: half for tokens behind, half for those ahead; near ones have each their own, far ones share by logarithm. */
export function bucketOf(distance: number, buckets: number, farthest: number): number {
  const half = Math.floor(buckets / 2);
  const start = distance > 0 ? half : 0;
  const away = Math.abs(distance);
  const exact = Math.floor(half / 2);
  if (away < exact) return start + away;
  // In single precision, as the files' authors computed it: on a bound the other way of rounding is another bucket.
  const share = Math.fround(Math.fround(Math.log(away / exact)) / Math.fround(Math.log(farthest / exact)));
  return start + Math.min(exact + Math.floor(Math.fround(share * (half - exact))), half - 1);
}
