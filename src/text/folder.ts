// Sentence encoders of a local Hugging Face folder: tokenizer.json, config.json and model.safetensors of a BERT-family model.
import { Tokenizer } from '@huggingface/tokenizers';
import { UsageError } from '../errors.js';
import type { Executable, Runtime } from '../runtime/runtime.js';
import { decodeSafetensors } from '../safetensors.js';
import { type BertConfig, bertProgram, bertWeights, embedTokens } from './bert.js';
import { checksumOf, type SentenceEncoder } from './encoder.js';

/** Contents of the folder's files by their names, for pages. */
export type EncoderFiles = Readonly<Record<string, Uint8Array>>;

const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'] as const;
/** Sentences whose vectors are kept. */
const KEPT = 20_000;

/** Reads the files in Node; in pages they are given. @throws UsageError naming the file that is missing */
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

/**
 * A BERT-family encoder with mean pooling, as sentence-transformers has them (all-MiniLM-L6-v2 and its like). Programs run
 * in `runtime`, one for each number of tokens.
 * @throws UsageError for files that are missing or of another kind
 */
export async function folderEncoder(from: string | EncoderFiles, runtime: Runtime): Promise<SentenceEncoder> {
  const files = typeof from === 'string' ? await readFolder(from) : from;
  const where = typeof from === 'string' ? from : 'the given files';
  const missing = FILES.filter((name) => name !== 'tokenizer_config.json' && !files[name]);
  if (missing.length > 0) {
    throw new UsageError(
      `${where}: ${missing.join(', ')} not found; name a Hugging Face folder of a BERT-family model, such as all-MiniLM-L6-v2.`,
    );
  }
  const json = (name: string) => JSON.parse(new TextDecoder().decode(files[name] ?? new TextEncoder().encode('{}')));
  const config = json('config.json') as BertConfig & { model_type?: string; hidden_act?: string };
  if (config.model_type !== 'bert' || config.hidden_act !== 'gelu') {
    throw new UsageError(
      `${where}: the model is of type "${config.model_type}" with activation "${config.hidden_act}"; supported is "bert" with "gelu".`,
    );
  }
  const tokenizer = new Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'));
  const weights = bertWeights(
    decodeSafetensors(files['model.safetensors'], `${where}/model.safetensors`, { convert: true }).tensors,
  );
  const arrays = Object.fromEntries(Object.entries(weights).map(([name, { data }]) => [name, data]));
  const checksum = await checksumOf(files['model.safetensors'], files['tokenizer.json']);
  const programs = new Map<number, Promise<Executable>>();
  const kept = new Map<string, Promise<Float32Array>>();

  const compiled = (tokens: number) => {
    const known = programs.get(tokens) ?? runtime.compile(bertProgram(config, weights, tokens), { threads: 1 });
    programs.set(tokens, known);
    return known;
  };

  async function compute(sentence: string): Promise<Float32Array> {
    const { ids } = tokenizer.encode(sentence);
    if (ids.length > config.max_position_embeddings) {
      throw new UsageError(`an instruction has ${ids.length} tokens; ${config.max_position_embeddings} are the most.`);
    }
    const executable = await compiled(ids.length);
    const all = { ...arrays, embedded: embedTokens(config, weights, ids) };
    const given = Object.fromEntries(executable.inputs.map(({ name }) => [name, all[name as keyof typeof all]]));
    const { mean } = (await executable.run(given)) as { mean: Float32Array };
    const length = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0));
    return mean.map((value) => value / length);
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
    size: config.hidden_size,
    encode(sentence) {
      const known = kept.get(sentence) ?? compute(sentence);
      if (kept.size >= KEPT) kept.clear();
      kept.set(sentence, known);
      return known;
    },
    unknownWords: (sentence) =>
      sentence.split(/\s+/).filter((word) => word !== '' && tokenizer.encode(word).tokens.includes('[UNK]')),
    async dispose() {
      for (const executable of programs.values()) await (await executable).dispose();
    },
  };
}
