// `anygoal train --seeds`: what all seeds have in common is said once.
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

test('what is adopted from the data and warnings are told once for several seeds', async () => {
  const file = join(folder, 'dense.safetensors');
  const envOptions = { reward: 'dense' };
  writeFileSync(file, (await recordData({ env: 'point/reach', envOptions, policy: 'random', episodes: 2 })).bytes);
  const set = ['runtime.worker=false', 'agent.hidden=[8]', 'evaluation.episodes=1', 'checkpoint.every=1'];
  const settings = ['--agent', 'bc', '--steps', '2', '--seeds', '1,2', ...set.flatMap((one) => ['--set', one])];
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text) };
  const terminal = createTerminal({ stdout: output, stderr: output });
  const args = parseArguments(train.spec, [file, ...settings, '--out', join(folder, 'runs')]);
  expect(await train.run(args, terminal, 'anygoal')).toBe(0);
  const lines = written.join('').split('\n');
  const count = (start: string) => lines.filter((line) => line.startsWith(start)).length;
  expect(count(`As ${file} was recorded: env.reward=dense.`)).toBe(1);
  expect(count('Warning: checkpoint.every is 1')).toBe(1);
  expect(count('Training in')).toBe(2);
});
