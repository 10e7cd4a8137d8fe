// Records what Minari reads of a data set that was written here: npx tsx test/datasets/read-back.ts PYTHON, a Python with minari[hdf5] and pillow.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convertData } from '../../src/datasets/index.js';
import { richData } from '../../src/datasets/testing.js';

const [python = 'python3'] = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), 'anygoal-read-back-'));
try {
  await convertData(await richData(), join(root, 'read-rich-v0'));
  const script = fileURLToPath(new URL('samples.py', import.meta.url));
  const read = JSON.parse(execFileSync(python, [script, 'read', root], { encoding: 'utf8' }));
  writeFileSync(new URL('read-back.json', import.meta.url), `${JSON.stringify(read)}\n`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
