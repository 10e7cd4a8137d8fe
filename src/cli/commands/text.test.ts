// `anygoal text map` and `text table`: cosines for people and as data, tables that environments take.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeEnv } from '../../envs/index.js';
import { parseArguments } from '../args.js';
import type { Command } from '../command.js';
import { createTerminal } from '../terminal.js';
import { textMap } from './text-map.js';
import { textTable } from './text-table.js';

const folder = mkdtempSync(join(tmpdir(), 'anygoal text '));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(command: Command, ...words: string[]): Promise<string> {
  const args = parseArguments(command.spec, words);
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text) };
  const json = args.has('json');
  const terminal = createTerminal({ stdout: output, stderr: json ? { write: () => true } : output, json });
  expect(await command.run(args, terminal, 'anygoal')).toBe(0);
  return written.join('');
}

test('the map shows that a cup and a mug are nearer than a push, and what is not known', async () => {
  const sentences = ['pick up the red cup', 'grab the red mug', 'push the florbic left'];
  writeFileSync(join(folder, 'more.txt'), `${sentences[1]}\n\n${sentences[2]}\n`);
  const words = ['--say', sentences[0], '--file', join(folder, 'more.txt')];
  expect(await run(textMap, ...words)).toMatch(
    /^Encoder embedded.*\n\ncosine .*\n1 +1\.00 +0\.63 .*pick up the red cup\n/,
  );
  expect(await run(textMap, ...words)).toContain('Unknown words: 3: florbic');
  const map = JSON.parse(await run(textMap, ...words, '--json'));
  expect(map.sentences).toEqual(sentences);
  expect(map.cosines[0][1]).toBeGreaterThan(map.cosines[0][2]);
  expect(map.places).toHaveLength(3);
  await expect(run(textMap, '--say', 'go')).rejects.toThrow('give at least two');
  await expect(run(textMap, '--file', join(folder, 'none.txt'))).rejects.toThrow('cannot be read (ENOENT)');
});

test("a table of a level's sentences is what its environment takes", async () => {
  const out = join(folder, 'local.json');
  expect(await run(textTable, '--env', 'babyai/go-to-local', '--out', out)).toContain('56 sentences, embedded');
  expect(Object.keys(JSON.parse(readFileSync(out, 'utf8')).vectors)).toContain('go to a red ball');
  const [own, ofTable] = await Promise.all([
    makeEnv('babyai/go-to-local'),
    makeEnv('babyai/go-to-local', { encoder: out }),
  ]);
  const [a, b] = [own, ofTable].map((env) => env.reset({ seed: 1 }).columns.instruction as Float32Array);
  expect(Math.max(...a.map((value, i) => Math.abs(value - b[i])))).toBeLessThan(1e-4);
  expect(() => ofTable.reset({ instruction: 'pick up the key' })).toThrow('is not among the 56 sentences');
  await expect(run(textTable, '--env', 'babyai/go-to-moon', '--out', out)).rejects.toThrow('did you mean');
  await expect(run(textTable, '--env', 'babyai/go-to-local')).rejects.toThrow('--out is missing');
});
