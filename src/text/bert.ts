// BERT as a tensor program: token embeddings to the mean of the last layer, of unit length (Devlin et al. 2018, arXiv 1810.04805).
import { UsageError } from '../errors.js';
import type { NamedTensor } from '../safetensors.js';
import { type Graph, type Program, program, type Tensor } from '../tensor/index.js';

/** Of a model's config.json. */
export interface BertConfig {
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly layer_norm_eps: number;
  readonly max_position_embeddings: number;
}

type Weights = Readonly<Record<string, NamedTensor>>;

/** Matrices are [out, in] in the files of torch, and [in, out] here. */
const isMatrix = (name: string) =>
  name.startsWith('encoder.') && name.endsWith('.weight') && !name.includes('LayerNorm');

/** What the program reads besides a sentence, by the files' names, without a prefix that some models have. */
export function bertWeights(tensors: Weights): Weights {
  const read = Object.entries(tensors).flatMap(([name, tensor]) => {
    const plain = name.replace(/^(bert|model|roberta)\./, '');
    if (!/^(embeddings|encoder)\./.test(plain)) return [];
    return [[plain, isMatrix(plain) ? transposed(tensor) : tensor] as const];
  });
  return Object.fromEntries(read);
}

function transposed({ shape: [rows, columns], data }: NamedTensor): NamedTensor {
  const turned = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j];
  return { shape: [columns, rows], data: turned };
}

/** @throws UsageError naming the tensor that the layout needs and the file does not have */
export function bertProgram(config: BertConfig, weights: Weights, tokens: number): Program {
  const { hidden_size: width, num_attention_heads: heads, layer_norm_eps: epsilon } = config;
  const size = width / heads;
  return program(`bert ${tokens}`, (g: Graph) => {
    const weight = (name: string): Tensor => {
      const found = weights[name];
      if (!found) throw new UsageError(`the encoder's safetensors file has no tensor "${name}"; it is no BERT model.`);
      return g.input(name, found.shape);
    };
    const norm = (x: Tensor, name: string) => x.layerNorm(weight(`${name}.weight`), weight(`${name}.bias`), epsilon);
    const linear = (x: Tensor, name: string) => x.dense(weight(`${name}.weight`), weight(`${name}.bias`));
    let x = norm(g.input('embedded', [tokens, width]), 'embeddings.LayerNorm');
    for (let i = 0; i < config.num_hidden_layers; i++) {
      const layer = `encoder.layer.${i}`;
      const split = (name: string) =>
        linear(x, `${layer}.attention.self.${name}`).reshape([tokens, heads, size]).transpose([1, 0, 2]);
      const [q, k, v] = ['query', 'key', 'value'].map(split);
      const shares = q
        .matmul(k.transpose([0, 2, 1]))
        .mul(1 / Math.sqrt(size))
        .softmax(2);
      const seen = shares.matmul(v).transpose([1, 0, 2]).reshape([tokens, width]);
      x = norm(x.add(linear(seen, `${layer}.attention.output.dense`)), `${layer}.attention.output.LayerNorm`);
      const hidden = linear(x, `${layer}.intermediate.dense`).gelu();
      x = norm(x.add(linear(hidden, `${layer}.output.dense`)), `${layer}.output.LayerNorm`);
    }
    return { mean: x.mean(0) };
  });
}

/** Words, positions and the first segment, added up: what goes into the first layer norm, [tokens, width]. */
export function embedTokens(
  { hidden_size: width }: BertConfig,
  weights: Weights,
  ids: readonly number[],
): Float32Array {
  const table = (name: string) => weights[`embeddings.${name}.weight`].data;
  const [words, positions, segments] = ['word_embeddings', 'position_embeddings', 'token_type_embeddings'].map(table);
  const out = new Float32Array(ids.length * width);
  for (const [at, id] of ids.entries()) {
    for (let i = 0; i < width; i++)
      out[at * width + i] = words[id * width + i] + positions[at * width + i] + segments[i];
  }
  return out;
}
