// Sentence encoders of a local Hugging Face folder: tokenizer.json and config.json, with model.safetensors of BERT, CLIP or T5, or an ONNX file.
import { Tokenizer } from '@huggingface/tokenizers';
import { UsageError } from '../errors.js';
import type { Executable, Runtime } from '../runtime/runtime.js';
import { decodeSafetensors } from '../safetensors.js';
import { checksumOf, type SentenceEncoder } from './encoder.js';
import { bertModel } from './models/bert.js';
import { clipModel } from './models/clip.js';
import { onnxSentences } from './models/onnx.js';
import type { SentenceModel, Weights } from './models/sentence-model.js';
import { t5Model } from './models/t5.js';

/** Contents of the folder's files by their names, for pages. */
export type EncoderFiles = Readonly<Record<string, Uint8Array>>;

/** What makes a model of config.json and tensors, by the config's `model_type`. */
const models: Readonly<Record<string, (config: unknown, tensors: Weights, where: string) => SentenceModel>> = {
  bert: bertModel,
  clip: clipModel,
  clip_text_model: clipModel,
  t5: t5Model,
};

const WEIGHTS = 'model.safetensors';
const ONNX = ['model.onnx', 'onnx/model.onnx'] as const;
const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', WEIGHTS, ...ONNX] as const;
/** Sentences whose vectors are kept. */
const KEPT = 20_000;

/** Reads the files in Node; in pages they are given. */
async function readFolder(folder: string): Promise<EncoderFiles> {
  const { process } = globalThis as { process?: NodeJS.Process };
  const fs = process?.getBuiltinModule?.('fs/promises');
  const path = process?.getBuiltinModule?.('path');
  if (!fs || !path) throw new UsageError(`the folder ${folder} cannot be read here; give its files' contents.`);
  const read = await Promise.all(
    FILES.map(async (name) => {
      const contents = await fs.readFile(path.join(folder, name)).catch(() => undefined);
      return [name, contents] as const;
    }),
  );
  return Object.fromEntries(read.flatMap(([name, contents]) => (contents ? [[name, contents] as const] : [])));
}

/** A model that computes, whatever its file is. */
interface Computing {
  readonly size: number;
  readonly maxTokens?: number;
  /** Not yet of unit length. */
  vectorOf(ids: readonly number[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Compiles a program for each number of tokens that comes. */
function computing(model: SentenceModel, runtime: Runtime): Computing {
  const programs = new Map<number, Promise<Executable>>();
  const compiled = (tokens: number) => {
    const known = programs.get(tokens) ?? runtime.compile(model.program(tokens), { threads: 1 });
    programs.set(tokens, known);
    return known;
  };
  return {
    size: model.size,
    maxTokens: model.maxTokens,
    async vectorOf(ids) {
      const executable = await compiled(ids.length);
      const all = model.inputs(ids);
      const given = Object.fromEntries(executable.inputs.map(({ name }) => [name, all[name]]));
      return (await executable.run(given)).vector as Float32Array;
    },
    async dispose() {
      for (const executable of programs.values()) await (await executable).dispose();
    },
  };
}

/**
 * A sentence encoder of the BERT family with mean pooling, as sentence-transformers has them (all-MiniLM-L6-v2 and its
 * like), CLIP's for text, or T5's, from safetensors (F32, F16, BF16); any other from an ONNX file. Programs run in
 * `runtime`, one for each number of tokens.
 * @throws UsageError for files that are missing or of another kind
 */
export async function folderEncoder(from: string | EncoderFiles, runtime: Runtime): Promise<SentenceEncoder> {
  const files = typeof from === 'string' ? await readFolder(from) : from;
  const where = typeof from === 'string' ? from : 'the given files';
  const onnx = ONNX.find((name) => files[name]);
  const missing = ['config.json', 'tokenizer.json'].filter((name) => !files[name]);
  if (!files[WEIGHTS] && !onnx) missing.push(`${WEIGHTS} (or ${ONNX.join(', ')})`);
  if (missing.length > 0) {
    throw new UsageError(
      `${where}: ${missing.join(', ')} not found; name a Hugging Face folder of an encoder, such as all-MiniLM-L6-v2, or the encoder that comes along, embedded.`,
    );
  }
  const json = (name: string) => parseJson(files[name], `${where}/${name}`);
  const tokenizerJson = json('tokenizer.json');
  const tokenizer = new Tokenizer(tokenizerJson, files['tokenizer_config.json'] ? json('tokenizer_config.json') : {});
  const config = json('config.json') as { model_type?: string };
  const kind = config.model_type ?? '';

  async function model(): Promise<[Computing, Uint8Array]> {
    const create = Object.hasOwn(models, kind) ? models[kind] : undefined;
    if (files[WEIGHTS] && create) {
      const { tensors } = decodeSafetensors(files[WEIGHTS], `${where}/${WEIGHTS}`, { convert: true });
      return [computing(create(config, tensors, where), runtime), files[WEIGHTS]];
    }
    if (onnx) return [await onnxSentences(files[onnx], runtime, where), files[onnx]];
    const known = Object.keys(models).join(', ');
    throw new UsageError(
      `${where}: the model is of type "${kind}"; from ${WEIGHTS} are read ${known}, others from an ONNX file (${ONNX.join(', ')}).`,
    );
  }
  const [computed, bytes] = await model();
  const { size, maxTokens = Number.POSITIVE_INFINITY } = computed;
  const checksum = await checksumOf(bytes, files['tokenizer.json']);
  const unknownId = unknownIdOf(tokenizerJson);
  const kept = new Map<string, Promise<Float32Array>>();

  async function compute(sentence: string): Promise<Float32Array> {
    const { ids } = tokenizer.encode(sentence);
    if (ids.length > maxTokens) {
      throw new UsageError(`an instruction has ${ids.length} tokens; ${maxTokens} are the most.`);
    }
    const vector = await computed.vectorOf(ids);
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    return vector.map((value) => value / length);
  }

  return {
    name:
      typeof from === 'string'
        ? (from
            .replace(/[\\/]+$/, '')
            .split(/[\\/]/)
            .pop() ?? from)
        : 'given',
    checksum,
    size,
    encode(sentence) {
      const known = kept.get(sentence) ?? compute(sentence);
      if (kept.size >= KEPT) kept.clear();
      kept.set(sentence, known);
      return known;
    },
    unknownWords: (sentence) =>
      sentence
        .split(/\s+/)
        .filter((word) => word !== '' && unknownId !== undefined && tokenizer.encode(word).ids.includes(unknownId)),
    dispose: computed.dispose,
  };
}

function parseJson(bytes: Uint8Array, file: string): Record<string, unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${(error as Error).message}`);
  }
}

/** The token that stands for what tokenizer.json has none for; CLIP's pieces of bytes have one for everything. */
function unknownIdOf(tokenizer: Record<string, unknown>): number | undefined {
  const { model = {} } = tokenizer as {
    model?: { type?: string; unk_token?: string; unk_id?: number; vocab?: Record<string, number> };
  };
  if (model.type === 'BPE') return undefined;
  return model.unk_id ?? model.vocab?.[model.unk_token ?? ''];
}
