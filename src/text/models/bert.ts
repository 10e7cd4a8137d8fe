// BERT as a tensor program: token embeddings to the mean of the last layer (Devlin et al. 2018, arXiv 1810.04805).
import * as z from 'zod';
import { program } from '../../tensor/index.js';
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

const configSchema = z.object({
  hidden_size: whole,
  num_hidden_layers: whole,
  num_attention_heads: whole,
  layer_norm_eps: z.number(),
  max_position_embeddings: whole,
  hidden_act: z.literal('gelu'),
});

const isMatrix = (name: string) =>
  name.startsWith('encoder.') && name.endsWith('.weight') && !name.includes('LayerNorm');

/** A BERT with mean pooling, as sentence-transformers has them. @throws UsageError for other settings and missing tensors */
export function bertModel(config: unknown, tensors: Weights, where: string): SentenceModel {
  const {
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    layer_norm_eps: epsilon,
    max_position_embeddings: maxTokens,
  } = readConfig(configSchema, config, where);
  const weights = turned(withoutPrefix(tensors, /^(bert|model)\./), isMatrix);
  const arrays = arraysOf(weights);
  const table = (name: string) => requireTensor(weights, `embeddings.${name}_embeddings.weight`, 'BERT').data;
  const [words, positions, segments] = ['word', 'position', 'token_type'].map(table);
  return {
    size: width,
    maxTokens,
    program: (tokens) =>
      program(`bert ${tokens}`, (g) => {
        const { norm, linear } = layersOf(g, weights, 'BERT', epsilon);
        let x = norm(g.input('embedded', [tokens, width]), 'embeddings.LayerNorm');
        for (let i = 0; i < layers; i++) {
          const layer = `encoder.layer.${i}`;
          const parts = ['query', 'key', 'value'].map((name) => linear(x, `${layer}.attention.self.${name}`));
          const seen = attention(parts, { heads, scale: 1 / Math.sqrt(width / heads) });
          x = norm(x.add(linear(seen, `${layer}.attention.output.dense`)), `${layer}.attention.output.LayerNorm`);
          const hidden = linear(x, `${layer}.intermediate.dense`).gelu();
          x = norm(x.add(linear(hidden, `${layer}.output.dense`)), `${layer}.output.LayerNorm`);
        }
        return { vector: x.mean(0) };
      }),
    inputs: (ids) => ({
      ...arrays,
      embedded: embed(width, ids.length, [
        [words, (at) => ids[at]],
        [positions, (at) => at],
        [segments, () => 0],
      ]),
    }),
  };
}
