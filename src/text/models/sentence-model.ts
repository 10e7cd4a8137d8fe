// What a folder's model is to a sentence encoder: tensor programs from token embeddings to one vector, and what they read.
import * as z from 'zod';
import { UsageError } from '../../errors.js';
import type { NamedTensor } from '../../safetensors.js';
import type { Graph, Program, Tensor } from '../../tensor/index.js';

export interface SentenceModel {
  /** Numbers of a sentence's vector. */
  readonly size: number;
  /** The most tokens that a sentence may have, ends included. */
  readonly maxTokens: number;
  /** For sentences of so many tokens; its output `vector` [size] is not yet of unit length. */
  program(tokens: number): Program;
  /** All that such a program may read for a sentence, by the names of its inputs. */
  inputs(ids: readonly number[]): Readonly<Record<string, Float32Array>>;
}

export type Weights = Readonly<Record<string, NamedTensor>>;

/** A file's tensors, without what stands before their names where `prefix` matches. */
export const withoutPrefix = (tensors: Weights, prefix: RegExp): Weights =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name.replace(prefix, ''), tensor]));

/** Matrices are [out, in] in the files of torch, and [in, out] here. `isMatrix`: whether a name is one's. */
export const turned = (tensors: Weights, isMatrix: (name: string) => boolean): Weights =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, isMatrix(name) ? transposed(tensor) : tensor]),
  );

function transposed({ shape: [rows, columns], data }: NamedTensor): NamedTensor {
  const values = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) values[j * rows + i] = data[i * columns + j];
  return { shape: [columns, rows], data: values };
}

/** The tensor of a name. @throws UsageError naming it where the file has none */
export function requireTensor(weights: Weights, name: string, kind: string): NamedTensor {
  const found = weights[name];
  if (!found) throw new UsageError(`the encoder's safetensors file has no tensor "${name}"; it is no ${kind} model.`);
  return found;
}

/** Weights as inputs of a program, by their names. */
export const weightsOf =
  (g: Graph, weights: Weights, kind: string) =>
  (name: string): Tensor =>
    g.input(name, requireTensor(weights, name, kind).shape);

/** Weights as inputs of a program, and the layers with biases that BERT and CLIP are made of. */
export function layersOf(g: Graph, weights: Weights, kind: string, epsilon: number) {
  const weight = weightsOf(g, weights, kind);
  return {
    weight,
    norm: (x: Tensor, name: string) => x.layerNorm(weight(`${name}.weight`), weight(`${name}.bias`), epsilon),
    linear: (x: Tensor, name: string) => x.dense(weight(`${name}.weight`), weight(`${name}.bias`)),
  };
}

/** Rows of tables of `width` columns, added up: for each place of a sentence the rows that `rows` names, [places, width]. */
export function embed(
  width: number,
  places: number,
  rows: readonly (readonly [table: Float32Array, row: (place: number) => number])[],
): Float32Array {
  const out = new Float32Array(places * width);
  for (const [table, row] of rows) {
    for (let at = 0; at < places; at++) {
      const from = row(at) * width;
      for (let i = 0; i < width; i++) out[at * width + i] += table[from + i];
    }
  }
  return out;
}

/** What config.json says, checked. @throws UsageError naming the first field that is missing or of another kind */
export function readConfig<T>(schema: z.ZodType<T>, config: unknown, where: string): T {
  const { data, error } = schema.safeParse(config);
  if (error) {
    const [{ path, message }] = error.issues;
    throw new UsageError(`${where}/config.json: ${path.join('.')}: ${message}.`);
  }
  return data as T;
}

/** A size in a config.json. */
export const whole = z.int().min(1);

/** softmax(Q K^T scale + mask) V over heads: q, k, v [T, heads size] to the same. `mask` broadcasts to [heads, T, T]. */
export function attention(
  [q, k, v]: readonly Tensor[],
  { heads, scale, mask }: { heads: number; scale: number; mask?: Tensor },
): Tensor {
  const [tokens, all] = q.shape;
  const [queries, keys, values] = [q, k, v].map((x) => x.reshape([tokens, heads, all / heads]).transpose([1, 0, 2]));
  const scores = queries.matmul(keys.transpose([0, 2, 1])).mul(scale);
  const shares = (mask === undefined ? scores : scores.add(mask)).softmax(2);
  return shares.matmul(values).transpose([1, 0, 2]).reshape([tokens, all]);
}

/** Arrays of weights by their names. */
export const arraysOf = (weights: Weights): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(weights).map(([name, { data }]) => [name, data]));
