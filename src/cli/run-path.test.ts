// Runs are found by folder, by something inside, by the beginning of the name; otherwise the message lists what there is.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadPolicy } from '../training/index.js';
import { findRun, parseCheckpoint } from './run-path.js';

const root = mkdtempSync(join(tmpdir(), 'anygoal-run-path-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const runs = join(root, 'runs');
for (const name of ['arm__sac__0', 'arm__sac__1', 'point__td3__0']) {
  mkdirSync(join(runs, name, 'checkpoints/500'), { recursive: true });
  writeFileSync(join(runs, name, 'config.json'), '{}');
}
mkdirSync(join(root, 'other'));

test('a run is found', async () => {
  const run = join(runs, 'arm__sac__0');
  expect(await findRun(run)).toEqual({ run });
  expect(await findRun(`${run}/`)).toEqual({ run });
  expect(await findRun(join(run, 'checkpoints'))).toEqual({ run, checkpoint: undefined });
  expect(await findRun(join(run, 'checkpoints/500'))).toEqual({ run, checkpoint: 500 });
  expect(await findRun(join(run, 'checkpoints/last/policy.safetensors'))).toEqual({ run, checkpoint: 'last' });
  expect(await findRun(join(runs, 'poi'))).toEqual({ run: join(runs, 'point__td3__0') });
  expect(await findRun(join(root, 'other'))).toEqual({ run: join(root, 'other') }); // reading it explains
});

test('otherwise the runs there are get listed', async () => {
  await expect(findRun(runs)).rejects.toThrow(/is a folder of runs; name one of them: .*arm__sac__0.*point__td3__0/);
  await expect(findRun(join(runs, 'arm'))).rejects.toThrow(
    /several runs begin with .*arm__sac__0, .*arm__sac__1\. Name one/,
  );
  await expect(findRun(join(runs, 'zzz'))).rejects.toThrow(/there is no run at .*zzz\. Runs in .*: .*arm__sac__0/);
  await expect(findRun(join(root, 'nowhere/zzz'))).rejects.toThrow(/Train one first: anygoal train arm\/reach/);
});

test('what was exported from a run is no run', async () => {
  const file = join(root, 'policy.onnx');
  writeFileSync(file, 'model');
  const told =
    /policy\.onnx is an ONNX file, not a run, .*name the folder of the run that it was exported from, such as/;
  await expect(findRun(file)).rejects.toThrow(told);
  await expect(loadPolicy(file)).rejects.toThrow(told);
});

test('checkpoints are named best, last or by steps', () => {
  expect([parseCheckpoint('best'), parseCheckpoint('last'), parseCheckpoint('500')]).toEqual(['best', 'last', 500]);
  expect(() => parseCheckpoint('-1')).toThrow('--checkpoint must be best, last or a number of steps, not "-1".');
});
