// A shell gives back every word as it was.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { summaryLines } from './cli/train-report.js';
import { quoted } from './quoted.js';
import type { TrainResult } from './training/types.js';

const words = [
  'runs/a b',
  "it's",
  'say "hi"',
  '$HOME',
  '`id`',
  'a;b',
  '*',
  '~/x',
  'back\\slash',
  'two\nlines',
  '#x',
  'ü',
  '',
  'a&b|c',
];

test.runIf(process.platform !== 'win32')('every odd word comes through a shell', () => {
  const line = words.map((word) => quoted(word, false)).join(' ');
  expect(execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })).toBe(`${words.join('\0')}\0`);
});

test('what needs no quotes has none, what begins like an option is a path', () => {
  for (const word of ['runs/arm-reach__sac__0__20261121-134501', './my-env.js', 'a=1,2'])
    expect(quoted(word)).toBe(word);
  expect(quoted('-x', false)).toBe('./-x');
  expect(quoted('C:\\my runs\\x', true)).toBe('"C:\\my runs\\x"');
  expect(quoted('C:\\runs', true)).toBe('C:\\runs');
});

test('the next command after a training is quoted', () => {
  const result = { runDir: "my runs/it's", evalEpisodes: 0 } as TrainResult;
  const [next] = summaryLines(result, { tone: (text) => text }, 'anygoal').slice(-1);
  expect(next).toBe(`Next     anygoal eval ${quoted("my runs/it's")}`);
});

test('no printed command holds a path as it is', () => {
  const src = fileURLToPath(new URL('.', import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!\.test)\.ts$/.test(name));
  for (const name of files) {
    const text = readFileSync(join(src, name), 'utf8');
    const bare = text.match(
      /\b(?:eval|export|train|--resume|--init) \$\{(?!quoted\()[\w.]*(?:[Dd]ir|path|positional|env|run)\}/g,
    );
    expect(bare, name).toBeNull();
  }
});
