// `anygoal tasks`: a table for people, the report as JSON, settings of the environment.
import { expect, test } from 'vitest';
import { parseArguments } from '../args.js';
import { createTerminal } from '../terminal.js';
import { tasks } from './tasks.js';

async function run(...words: string[]): Promise<string> {
  const args = parseArguments(tasks.spec, words);
  const written: string[] = [];
  const aside = { write: () => true };
  const output = { write: (text: string) => written.push(text) };
  const terminal = createTerminal({
    stdout: output,
    stderr: args.has('json') ? aside : output,
    json: args.has('json'),
  });
  expect(await tasks.run(args, terminal, 'anygoal')).toBe(0);
  return written.join('');
}

test('tells the tasks, what they share, which identifiers there are and what is refused', async () => {
  const text = await run('point/two-tasks');
  expect(text).toMatch(/^reach +2 +2 +2 +50 +no +none$/m);
  expect(text).toMatch(/^S +states +all 2 +checked to be equal$/m);
  expect(text).toMatch(/^T +dynamics +none$/m);
  expect(text).toMatch(/^one-hot +no +retrain +no +yes: by default/m);
  expect(text).toMatch(/^hindsight between tasks +refused +reach, turned-round without T in common/m);
  expect(text).toContain('Train: anygoal train point/two-tasks');
});

test('an environment that asks in words and has an expert', async () => {
  const text = await run('babyai/go-to-local');
  expect(text).toMatch(/^babyai\/go-to-local .* yes +one for each episode$/m);
  expect(text).toMatch(/^scripted demonstrations +yes/m);
  expect(text).toMatch(/^language instructions +yes/m);
});

test('the same as data, under settings of the environment', async () => {
  const report = JSON.parse(await run('point/navigate', '--set', 'env.places=3', '--json'));
  expect(report.tasks.map(({ task }: { task: string }) => task)).toEqual(['place-0', 'place-1', 'place-2']);
  expect(report.shared[2]).toEqual({
    part: 'T',
    what: 'dynamics',
    checked: false,
    tasks: ['place-0', 'place-1', 'place-2'],
  });
  await expect(run('point/navigate', '--set', 'env.place=3')).rejects.toThrow(/did you mean "env.places"/);
});
