// Tables of sentences: what an encoder gives, read back at once; what is not in them is told.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { embeddedEncoder } from './embedded.js';
import { readSentenceTable, sentenceTable, vectorIn } from './sentence-table.js';

const folder = mkdtempSync(join(tmpdir(), 'anygoal sentences '));
afterAll(() => rmSync(folder, { recursive: true }));

test('a table has the vectors of its encoder within 1e-6', async () => {
  const encoder = embeddedEncoder();
  const path = join(folder, 'table.json');
  writeFileSync(path, JSON.stringify(await sentenceTable(encoder, ['go to the red ball', 'open the door'])));
  const table = readSentenceTable(path);
  expect(table).toMatchObject({ encoder: 'embedded', checksum: encoder.checksum, size: encoder.size });
  const [ours, theirs] = [vectorIn(table, 'open the door'), encoder.encodeNow('open the door')];
  expect(Math.max(...ours.map((value, i) => Math.abs(value - theirs[i])))).toBeLessThan(1e-6);
  expect(() => vectorIn(table, 'close the door')).toThrow('"close the door" is not among the 2 sentences');
});

test('other files are refused', () => {
  writeFileSync(join(folder, 'other.json'), '{}');
  const read = (name: string) => () => readSentenceTable(join(folder, name));
  expect(read('other.json')).toThrow('is no table of sentences; give embedded, none, or a file');
  expect(read('nowhere.json')).toThrow(/nowhere\.json cannot be read \(ENOENT\); give embedded/);
});
