// Sentence encoders as ONNX files: token numbers in, vectors of tokens or of the sentence out, run as they are.
import { UsageError } from '../../errors.js';
import type { Executable, NumericArray, Runtime } from '../../runtime/runtime.js';

/** How an ONNX file's tokens become one vector. */
export interface OnnxSentences {
  readonly size: number;
  vectorOf(ids: readonly number[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** What is known of a token, by the name of the input that wants it. */
const inputs: Readonly<Record<string, (ids: readonly number[]) => readonly number[]>> = {
  input_ids: (ids) => ids,
  attention_mask: (ids) => ids.map(() => 1),
  token_type_ids: (ids) => ids.map(() => 0),
  position_ids: (ids) => ids.map((_, at) => at),
};

/** Outputs that are a sentence's vector, the likeliest first. */
const OF_SENTENCE = ['sentence_embedding', 'text_embeds'];
/** Of tokens: their mean is taken. */
const OF_TOKENS = ['last_hidden_state', 'token_embeddings'];

/** Integers as an input takes them. */
const asIntegers = (values: readonly number[], dtype: string): NumericArray =>
  dtype === 'int64' ? BigInt64Array.from(values.map(BigInt)) : Int32Array.from(values);

/** @throws UsageError naming the input or output that is not known */
export async function onnxSentences(model: Uint8Array, runtime: Runtime, where: string): Promise<OnnxSentences> {
  const compiled = await runtime.compile(model, { threads: 1, rows: [1, 1] });
  const bySize = new Map<number, Executable>();
  const executableFor = (tokens: number) => {
    const known = bySize.get(tokens) ?? compiled.sized?.([1, tokens]) ?? compiled;
    bySize.set(tokens, known);
    return known;
  };
  const unknown = compiled.inputs.find(({ name }) => !inputs[name]);
  if (unknown) {
    throw new UsageError(
      `${where}: the ONNX file wants "${unknown.name}"; known are ${Object.keys(inputs).join(', ')}.`,
    );
  }
  const outputs = compiled.outputs.map(({ name }) => name);
  const chosen = [...OF_SENTENCE, ...OF_TOKENS].find((name) => outputs.includes(name));
  if (chosen === undefined) {
    throw new UsageError(
      `${where}: the ONNX file gives ${outputs.join(', ')}; one of ${[...OF_SENTENCE, ...OF_TOKENS].join(', ')} is needed.`,
    );
  }
  const output = compiled.outputs.find(({ name }) => name === chosen) as Executable['outputs'][number];
  const size = output.shape[output.shape.length - 1];
  return {
    size,
    async vectorOf(ids) {
      const executable = executableFor(ids.length);
      const given = Object.fromEntries(
        executable.inputs.map(({ name, dtype }) => [name, asIntegers(inputs[name](ids), dtype)]),
      );
      const found = Float32Array.from((await executable.run(given))[chosen] as Float32Array);
      const tokens = found.length / size;
      return Float32Array.from({ length: size }, (_, i) => {
        let sum = 0;
        for (let at = 0; at < tokens; at++) sum += found[at * size + i];
        return sum / tokens;
      });
    },
    dispose: () => compiled.dispose(),
  };
}
