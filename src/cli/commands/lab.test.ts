// `anygoal lab`: flags are the calculators' options, and the page shows what the program prints.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listCalculators } from '../../lab/index.js';
import { parseArguments } from '../args.js';
import { createTerminal } from '../terminal.js';
import { lab } from './lab.js';

async function run(line: string): Promise<string> {
  const args = parseArguments(lab.spec, line.split(' ').filter(Boolean));
  const words: string[] = [];
  const output = { write: (text: string) => words.push(text) };
  const terminal = createTerminal({ stdout: output, stderr: output, json: args.has('json') });
  expect(await lab.run(args, terminal, 'anygoal')).toBe(0);
  return words.join('');
}

test('the flags are the options of all calculators, each told by the calculators that take it', () => {
  const options = new Map<string, string[]>();
  for (const calculator of listCalculators()) {
    for (const option of Object.keys(calculator.options.shape)) {
      options.set(option, [...(options.get(option) ?? []), calculator.name]);
    }
  }
  const { json, ...flags } = lab.spec.flags;
  expect(Object.keys(flags).sort()).toEqual([...options.keys()].sort());
  for (const [option, names] of options) {
    expect(flags[option].help.split(':')[0].split(', ').sort(), option).toEqual(names.sort());
  }
});

test('JSON carries options and data; lists may be written without brackets', async () => {
  const { calculator, options, data } = JSON.parse(await run('sparse-reward --position 0,0.5,1 --eps 0.1 --json'));
  expect([calculator, options.position, options.eps]).toEqual(['sparse-reward', [0, 0.5, 1], 0.1]);
  expect(data.chosen.shareInside).toBe(0.25);
  expect(JSON.parse(await run('--json'))).toHaveLength(listCalculators().length);
});

test('an option of another calculator is refused', async () => {
  await expect(run('sparse-reward --tasks 3')).rejects.toThrow('unknown option of sparse-reward "tasks"');
  await expect(run('--tasks 3')).rejects.toThrow('--tasks belongs to a calculator');
});

describe('docs/lab.md', () => {
  const page = readFileSync(new URL('../../../docs/lab.md', import.meta.url), 'utf8');
  const shown = [...page.matchAll(/```text\n\$ anygoal lab(.*)\n([^`]*)```/g)].map(([, line, text]) => ({
    line,
    text,
  }));

  test('shows every calculator', () => {
    for (const { name } of listCalculators()) expect(shown.some(({ line }) => line.split(' ')[1] === name)).toBe(true);
  });

  test.each(shown)('anygoal lab$line prints what the page shows', async ({ line, text }) => {
    expect(await run(line)).toBe(text);
  });
});
