// Ctrl-C, a second Ctrl-C and a terminal that closes: what is saved, and what is said.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { createCli, quick, shows, words } from './cli-process.js';

const cli = createCli('signals');
const { folder, anygoal } = cli;
afterAll(cli.end);

test('Ctrl-C saves and says how to go on, and going on works', async () => {
  const child = cli.start(
    ...words('train point/reach --steps 1000000 --out stopped --set evaluation.every=200'),
    ...quick,
  );
  let output = '';
  child.stdout.on('data', (part) => {
    output += part;
  });
  const ended = new Promise<number | null>((done) => child.on('exit', done));
  await shows(child, 'evaluation episodes');
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  const [, run] = /Go on with: anygoal train --resume (\S+)/.exec(output) ?? [];
  const { envSteps } = await anygoal('eval', run, '--checkpoint', 'last', '--episodes', '1', '--json', '--quiet').then(
    ({ stdout }) => ({ envSteps: JSON.parse(stdout).steps as number }),
  );
  expect(envSteps).toBeGreaterThanOrEqual(200);
  const { code, stdout, stderr } = await anygoal(
    'train',
    '--resume',
    run,
    '--steps',
    String(envSteps + 100),
    '--json',
    '--quiet',
  );
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ runDir: run, envSteps: envSteps + 100 });
}, 60_000);

test.runIf(process.platform !== 'win32')(
  'a terminal that closes has the run saved',
  async () => {
    const line = 'train point/reach --steps 1000000 --out hung --set evaluation.every=200';
    const child = cli.start(...words(line), ...quick);
    const ended = new Promise<unknown>((done) => child.on('exit', (code, signal) => done([code, signal])));
    await shows(child, 'evaluation episodes');
    child.kill('SIGHUP');
    expect(await ended).toEqual([null, 'SIGHUP']); // which a shell calls 129
    const [run] = readdirSync(join(folder, 'hung'));
    const outcome = await anygoal(
      'eval',
      join('hung', run),
      '--checkpoint',
      'last',
      '--episodes',
      '1',
      '--json',
      '--quiet',
    );
    expect(JSON.parse(outcome.stdout).steps).toBeGreaterThanOrEqual(200);
    expect(existsSync(join(folder, 'hung', run, 'lock'))).toBe(false);
  },
  60_000,
);

test.runIf(process.platform !== 'win32')(
  'a second Ctrl-C ends at once, also in the middle of an update',
  async () => {
    const slow =
      '--steps 100000 --set agent.hidden=[1024,1024] --set training.batchSize=16384 --set training.cycleSteps=50';
    const child = cli.start(...words(`train point/reach --out twice ${slow}`), ...quick);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part) => {
        output += part;
      });
    }
    const ended = new Promise<unknown>((done) => child.on('exit', (code, signal) => done([code, signal])));
    await shows(child, 'Training in');
    await pause(1500); // the updates have begun; one of them takes seconds
    child.kill('SIGINT');
    // Two that come within 300 ms are one keypress, and a busy machine may hear the first late.
    await shows(child, 'Ctrl-C again');
    await pause(400);
    child.kill('SIGINT');
    const begin = performance.now();
    // Killed by the signal, which a shell calls 130; or saved already, where the updates had not begun.
    expect([
      [null, 'SIGINT'],
      [130, null],
    ]).toContainEqual(await ended);
    expect(performance.now() - begin).toBeLessThan(3000);
    expect(output).toContain('Ctrl-C again stops at once');
    expect(output).not.toContain('terminate called');
  },
  60_000,
);
