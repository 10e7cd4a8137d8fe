// The README's own environment through the command line: checked, trained in the learner's thread, tried from elsewhere.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const project = new URL('..', import.meta.url).pathname;
const root = mkdtempSync(join(tmpdir(), 'anygoal-own-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const anygoal = (cwd: string, ...args: string[]) =>
  execFileSync(process.execPath, [join(project, 'dist/cli/main.js'), ...args], {
    cwd,
    stdio: 'pipe',
    encoding: 'utf8',
  });

it('is checked, trained, evaluated and resumed, also from another folder', () => {
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(project, join(root, 'node_modules', 'anygoal'));
  cpSync(join(project, 'examples', 'own-environment.js'), join(root, 'my-env.js'));
  expect(anygoal(root, 'check', './my-env.js')).toMatch(/keeps the contract/);
  const small = ['--set', 'agent.hidden=[16,16]', '--set', 'training.batchSize=32', '--set', 'evaluation.episodes=5'];
  const trained = JSON.parse(anygoal(root, 'train', './my-env.js', '--steps', '800', ...small, '--json'));
  expect(trained.updates).toBe(300);
  const run = join(root, 'runs', readdirSync(join(root, 'runs'))[0]);
  expect(JSON.parse(anygoal(tmpdir(), 'eval', run, '--episodes', '3', '--json')).episodes).toBe(3);
  const resumed = JSON.parse(anygoal(tmpdir(), 'train', '--resume', run, '--steps', '900', '--json'));
  expect(resumed.envSteps).toBe(900);
}, 60_000);
