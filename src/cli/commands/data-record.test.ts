// `anygoal data record`: the training that it names to come next learns from what was recorded.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { policyInputs } from '../../training/policy.js';
import { parseArguments } from '../args.js';
import type { Command } from '../command.js';
import { createTerminal } from '../terminal.js';
import { dataRecord } from './data-record.js';
import { train } from './train.js';

const folder = mkdtempSync(join(tmpdir(), 'anygoal record '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(command: Command, words: readonly string[]): Promise<string[]> {
  let written = '';
  const output = {
    write(text: string) {
      written += text;
    },
  };
  const terminal = createTerminal({ stdout: output, stderr: output });
  expect(await command.run(parseArguments(command.spec, words), terminal, 'anygoal'), written).toBe(0);
  return written.trimEnd().split('\n');
}

test('what was written says of episodes, not of transitions, how many were successful', async () => {
  const lines = await run(dataRecord, ['point/navigate', '--out', join(folder, 'told'), '--episodes', '2']);
  expect(lines.find((line) => line.startsWith('Wrote'))).toMatch(
    /: 2 episodes of point\/navigate \(100% successful\), \d+ transitions\.$/,
  );
});

/** Records in the environment; the words of `train` that are told to come next, as a shell has them. */
async function next(env: string, name: string, settings: readonly string[], ...more: readonly string[]) {
  const words = [env, '--out', join(folder, name), ...settings.flatMap((one) => ['--set', one]), ...more];
  const lines = await run(dataRecord, words);
  const [, told] = /^Next: anygoal train (.*)$/.exec(lines.at(-1) ?? '') ?? [];
  return execFileSync('sh', ['-c', `printf '%s\\n' ${told}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');
}

/** Without what the recording was told to write. */
const settingsOf = (words: readonly string[]) => words.filter((word) => word !== '--set').slice(1);

const shown = ['env.places=4', 'env.demonstration=2'];

test.runIf(process.platform !== 'win32')(
  'what shows demonstrations is cloned by a network that reads them',
  async () => {
    const film = ['env.camera={size: 8, state: true}', 'env.demonstrationIn=camera'];
    const read = ['agent.encoders.demonstration=tokens', 'agent.recognizes.views=["camera"]'];
    const reads = ['tasks.identifiers=[demonstration]', 'agent.chunk=1', 'agent.backbone=transformer'];
    for (const [name, settings, more] of [
      ['states', shown, ['agent.encoders.demonstration=tokens']],
      ['film', [...shown, ...film], [...read, 'agent.unseen=["camera"]']],
    ] as const) {
      const words = await next('point/navigate', name, settings, '--episodes', '8');
      expect(settingsOf(words)).toEqual(['--agent', 'bc', '--data', join(folder, name), ...reads, ...more]);
      const small = ['agent.tokenWidth=8', 'agent.blocks=1', 'evaluation.episodes=4', 'runtime.worker=false'];
      const few = ['--steps', '2', '--out', join(folder, 'runs', name), ...small.flatMap((one) => ['--set', one])];
      const [told] = (await run(train, [...words, ...few])).filter((line) => line.startsWith('Run '));
      expect(await policyInputs({ run: told.slice('Run'.length).trim() })).toEqual(['observation', 'demonstration']);
    }
  },
);

test.runIf(process.platform !== 'win32')('of tasks with many goals a demonstration must say which', async () => {
  const film = ['env.camera={size: 8, views: [close, beside], state: true}', 'env.demonstrationIn=camera'];
  const words = ['env.demonstration=2', ...film];
  const of = async (name: string, ...more: readonly string[]) =>
    settingsOf(await next('tabletop/mt3', name, [...words, ...more], '--episodes', '1', '--task', 'reach'));
  expect(await of('of task')).toEqual(['--data', join(folder, 'of task')]);
  const shown = await of('of goal', 'env.demonstrationOf=goal');
  expect(shown).toContain('tasks.identifiers=[demonstration]');
  expect(shown).toContain('agent.recognizes.views=["camera"]');
  expect(shown).toContain('agent.relative=demonstration');
  // Nothing of its own pictures is seen, whichever of them the film shows.
  expect(shown.at(-1)).toMatch(/^agent\.unseen=.*"camera","camera-beside"\]$/);
});

test.runIf(process.platform !== 'win32')('what chance did is learned from beside what is shown', async () => {
  const words = await next('point/navigate', 'chance', shown, '--episodes', '1', '--policy', 'random');
  expect(settingsOf(words)).toEqual(['--data', join(folder, 'chance'), 'tasks.identifiers=[demonstration]']);
});

test.runIf(process.platform !== 'win32')('more tasks than an evaluation has episodes get one each', async () => {
  const words = await next('point/navigate', 'many', ['env.places=51'], '--episodes', '1');
  expect(settingsOf(words)).toEqual(['--data', join(folder, 'many'), 'evaluation.episodes=51']);
});
