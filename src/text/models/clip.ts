// CLIP's text encoder as a tensor program: a causal Transformer whose last token is projected (Radford et al. 2021, arXiv 2103.00020).
import * as z from 'zod';
import { program, type Tensor } from '../../tensor/index.js';
import {
  arraysOf,
  attention,
  embed,
  layersOf,
  readConfig,
  requireTensor,
  type SentenceModel,
  turned,
  type Weights,
  whole,
  withoutPrefix,
} from './sentence-model.js';

const textSchema = z.object({
  hidden_size: whole.default(512),
  num_hidden_layers: whole.default(12),
  num_attention_heads: whole.default(8),
  layer_norm_eps: z.number().default(1e-5),
  max_position_embeddings: whole.default(77),
  hidden_act: z.enum(['quick_gelu', 'gelu']).default('quick_gelu'),
});
/** The text's settings are the whole, or a part where the file is of text and pictures. Files leave out what is usual. */
const configSchema = z.union([z.object({ text_config: textSchema }).transform((of) => of.text_config), textSchema]);

const isMatrix = (name: string) => /(_proj|fc\d|text_projection)\.weight$/.test(name);

/** So low that softmax makes 0 of it. */
const HIDDEN = -1e9;

const activations = { quick_gelu: (x: Tensor) => x.mul(x.mul(1.702).sigmoid()), gelu: (x: Tensor) => x.gelu() };

/**
 * Sentences end with the token whose features are the sentence's, so padding is not needed.
 * @throws UsageError for other settings and missing tensors
 */
export function clipModel(config: unknown, tensors: Weights, where: string): SentenceModel {
  const {
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    layer_norm_eps: epsilon,
    max_position_embeddings: maxTokens,
    hidden_act: act,
  } = readConfig(configSchema, config, where);
  const ofText = Object.fromEntries(Object.entries(tensors).filter(([name]) => /^text_|^embeddings\./.test(name)));
  const weights = turned(withoutPrefix(ofText, /^text_model\./), isMatrix);
  const arrays = arraysOf(weights);
  const table = (name: string) => requireTensor(weights, `embeddings.${name}_embedding.weight`, 'CLIP').data;
  const [words, positions] = ['token', 'position'].map(table);
  return {
    size: requireTensor(weights, 'text_projection.weight', 'CLIP').shape[1],
    maxTokens,
    program: (tokens) =>
      program(`clip ${tokens}`, (g) => {
        const { weight, norm, linear } = layersOf(g, weights, 'CLIP', epsilon);
        const ahead = Array.from({ length: tokens ** 2 }, (_, i) => (i % tokens > Math.floor(i / tokens) ? HIDDEN : 0));
        const mask = g.constant(ahead, [1, tokens, tokens]);
        let x = g.input('embedded', [tokens, width]);
        for (let i = 0; i < layers; i++) {
          const layer = `encoder.layers.${i}`;
          const normed = norm(x, `${layer}.layer_norm1`);
          const parts = ['q', 'k', 'v'].map((name) => linear(normed, `${layer}.self_attn.${name}_proj`));
          const seen = attention(parts, { heads, scale: 1 / Math.sqrt(width / heads), mask });
          x = x.add(linear(seen, `${layer}.self_attn.out_proj`));
          const hidden = activations[act](linear(norm(x, `${layer}.layer_norm2`), `${layer}.mlp.fc1`));
          x = x.add(linear(hidden, `${layer}.mlp.fc2`));
        }
        const last = norm(x.slice(0, tokens - 1, tokens), 'final_layer_norm');
        const vector = last.matmul(weight('text_projection.weight'));
        return { vector: vector.reshape([vector.shape[1]]) };
      }),
    inputs: (ids) => ({
      ...arrays,
      embedded: embed(width, ids.length, [
        [words, (at) => ids[at]],
        [positions, (at) => at],
      ]),
    }),
  };
}
