// Milliseconds of the processor for a sentence, by encoder, in Node's native code and in WebAssembly as pages have it.
// npx tsx bench/text/speed.ts [--folder FOLDER ...] [--record]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { nodeRuntime } from '../../src/runtime/node.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import { webRuntime } from '../../src/runtime/web.js';
import { encodeSafetensors } from '../../src/safetensors.js';
import { type EncoderFiles, folderEncoder, openEncoder, type SentenceEncoder } from '../../src/text/index.js';
import { recordRows, table } from '../record.js';
import { median } from '../update/measure.js';

const { values: options } = parseArgs({
  options: { folder: { type: 'string', multiple: true, default: [] }, record: { type: 'boolean', default: false } },
});

/** All of eight words; none twice, for vectors are kept. */
const sentences = ['red', 'blue', 'green', 'grey', 'yellow', 'purple'].flatMap((colour) =>
  ['cup', 'block', 'plate', 'ball'].map((thing) => `please pick up the ${colour} ${thing} now`),
);

const repeated = (n: number, of: (i: number) => Record<string, number[]>) =>
  Object.assign({}, ...Array.from({ length: n }, (_, i) => of(i))) as Record<string, number[]>;

/** CLIP ViT-B/32's text encoder, but for the size of its vocabulary. */
const clipShapes = {
  'text_model.embeddings.token_embedding.weight': [63, 512],
  'text_model.embeddings.position_embedding.weight': [77, 512],
  ...repeated(12, (i) => {
    const layer = `text_model.encoder.layers.${i}`;
    const square = ['q_proj', 'k_proj', 'v_proj', 'out_proj'].map((name) => `${layer}.self_attn.${name}`);
    return {
      ...Object.fromEntries(
        square.flatMap((name) => [
          [`${name}.weight`, [512, 512]],
          [`${name}.bias`, [512]],
        ]),
      ),
      ...Object.fromEntries(
        ['layer_norm1', 'layer_norm2'].flatMap((name) =>
          ['weight', 'bias'].map((part) => [`${layer}.${name}.${part}`, [512]]),
        ),
      ),
      [`${layer}.mlp.fc1.weight`]: [2048, 512],
      [`${layer}.mlp.fc1.bias`]: [2048],
      [`${layer}.mlp.fc2.weight`]: [512, 2048],
      [`${layer}.mlp.fc2.bias`]: [512],
    };
  }),
  'text_model.final_layer_norm.weight': [512],
  'text_model.final_layer_norm.bias': [512],
  'text_projection.weight': [512, 512],
};

/** T5-small's encoder, but for the size of its vocabulary. */
const t5Shapes = {
  'shared.weight': [20, 512],
  'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight': [32, 8],
  ...repeated(6, (i) => {
    const block = `encoder.block.${i}.layer`;
    const square = ['q', 'k', 'v', 'o'].map((name) => [`${block}.0.SelfAttention.${name}.weight`, [512, 512]]);
    return {
      ...Object.fromEntries(square),
      [`${block}.0.layer_norm.weight`]: [512],
      [`${block}.1.layer_norm.weight`]: [512],
      [`${block}.1.DenseReluDense.wi.weight`]: [2048, 512],
      [`${block}.1.DenseReluDense.wo.weight`]: [512, 2048],
    };
  }),
  'encoder.final_layer_norm.weight': [512],
};

/** A folder in the layout of `example`, of weights that do not matter, with its small tokenizer. */
function ofShapes(example: string, config: object, shapes: Record<string, number[]>): EncoderFiles {
  const file = (name: string) => readFileSync(new URL(`../../test/text/models/${example}/${name}`, import.meta.url));
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return [name, { shape, data: Float32Array.from({ length: size }, (_, i) => ((i * 7919) % 101) / 5050 - 0.01) }];
  });
  const settings = { ...JSON.parse(file('config.json').toString()), ...config };
  return {
    'config.json': new TextEncoder().encode(JSON.stringify(settings)),
    'tokenizer.json': new Uint8Array(file('tokenizer.json')),
    'model.safetensors': encodeSafetensors(Object.fromEntries(tensors)),
  };
}

const clip = { hidden_size: 512, num_hidden_layers: 12, num_attention_heads: 8, max_position_embeddings: 77 };
const t5 = {
  d_model: 512,
  num_layers: 6,
  num_heads: 8,
  relative_attention_num_buckets: 32,
  relative_attention_max_distance: 128,
};
const contenders: [string, (runtime: Runtime) => Promise<SentenceEncoder>][] = [
  ['embedded', (runtime) => openEncoder('embedded', async () => runtime)],
  ...options.folder.map((folder): (typeof contenders)[number] => [
    folder.split('/').at(-1) ?? folder,
    (runtime) => folderEncoder(folder, runtime),
  ]),
  ["CLIP ViT-B/32's layout", (runtime) => folderEncoder(ofShapes('clip', clip, clipShapes), runtime)],
  ["T5-small's layout", (runtime) => folderEncoder(ofShapes('t5', t5, t5Shapes), runtime)],
];

const rows: { name: string; node: number; webAssembly?: number }[] = [];
for (const [name, open] of contenders) {
  const medians: number[] = [];
  // The embedded one is plain code, the same everywhere, and keeps its vectors for the process.
  for (const runtime of name === 'embedded' ? [nodeRuntime] : [nodeRuntime, webRuntime]) {
    const encoder = await open(runtime);
    const times: number[] = [];
    for (const sentence of sentences) {
      const before = process.cpuUsage();
      await encoder.encode(sentence);
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
    }
    // The first of each length compiles, and is not the median.
    medians.push(Number(median(times).toPrecision(3)));
    await encoder.dispose?.();
  }
  rows.push({ name, node: medians[0], webAssembly: medians[1] });
}
console.log(
  table([['', 'Node', 'WebAssembly'], ...rows.map(({ name, node, webAssembly = node }) => [name, node, webAssembly])]),
);
if (options.record) recordRows('text-speed', rows);
