// `anygoal train`: what all seeds have in common is said once, and what comes next of a run that was stopped.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { recordData } from '../../training/record.js';
import { parseArguments } from '../args.js';
import { createTerminal } from '../terminal.js';
import { train } from './train.js';

const folder = mkdtempSync(join(tmpdir(), 'anygoal-train-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command in small; gives the exit code and what it prints, `onLine` each line. */
async function run(words: readonly string[], onLine: (line: string) => void = () => {}) {
  const lines: string[] = [];
  const output = {
    write(text: string) {
      for (const line of text.trimEnd().split('\n')) {
        lines.push(line);
        onLine(line);
      }
    },
  };
  const terminal = createTerminal({ stdout: output, stderr: output });
  const exitCode = await train.run(parseArguments(train.spec, words), terminal, 'anygoal');
  return { exitCode, lines };
}

test('what was stopped before its first evaluation goes on with the command that is told to come next', async () => {
  const set = ['runtime.worker=false', 'agent.hidden=[8]', 'evaluation.episodes=1', 'training.cycleSteps=10'];
  const settings = ['--steps', '20', '--out', join(folder, 'stopped'), ...set.flatMap((one) => ['--set', one])];
  const stopped = await run(['point/reach', ...settings], (line) => {
    if (line.startsWith('Training in')) process.emit('SIGTERM', 'SIGTERM');
  });
  expect(stopped.exitCode).toBe(143);
  expect(stopped.lines).toContain(
    'Saving a checkpoint and stopping, because SIGTERM came. A second one, or Ctrl-C, stops at once.',
  );
  expect(stopped.lines).toContain('Success  not evaluated yet');
  const [, next] = /^Next {5}anygoal train (.*)$/.exec(stopped.lines.at(-1) ?? '') ?? [];
  const done = await run(next?.split(' ') ?? []);
  expect(done.exitCode).toBe(0);
  expect(done.lines.at(-1)).toMatch(/^Next {5}anygoal eval /);
});

test('what is adopted from the data and warnings are told once for several seeds', async () => {
  const file = join(folder, 'dense.safetensors');
  const envOptions = { reward: 'dense' };
  writeFileSync(file, (await recordData({ env: 'point/reach', envOptions, policy: 'random', episodes: 2 })).bytes);
  const set = ['runtime.worker=false', 'agent.hidden=[8]', 'evaluation.episodes=1', 'checkpoint.every=1'];
  const settings = ['--agent', 'bc', '--steps', '2', '--seeds', '1,2', ...set.flatMap((one) => ['--set', one])];
  const { exitCode, lines } = await run([file, ...settings, '--out', join(folder, 'runs')]);
  expect(exitCode).toBe(0);
  const count = (start: string) => lines.filter((line) => line.startsWith(start)).length;
  expect(count(`As ${file} was recorded: env.reward=dense.`)).toBe(1);
  expect(count('Warning: checkpoint.every is 1')).toBe(1);
  expect(count('Training in')).toBe(2);
});
