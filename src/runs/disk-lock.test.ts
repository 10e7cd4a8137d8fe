// Two programs cannot write one run; what a program that has ended held is free.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { trainConfigSchema } from '../config/config.js';
import { lockFolder, lockState } from './disk-lock.js';
import { createDiskStore } from './disk-store.js';
import { createRun, resumeRun } from './run-writer.js';

const root = mkdtempSync(join(tmpdir(), 'anygoal-lock-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let number = 0;
function newFolder(lock?: object | string): string {
  const folder = join(root, `run-${number++}`);
  mkdirSync(folder);
  const text = typeof lock === 'string' ? lock : JSON.stringify({ folder, since: 'noon', ...lock });
  if (lock !== undefined) writeFileSync(join(folder, 'lock'), text);
  return folder;
}
/** Of a program that has ended. */
const deadPid = Number(execFileSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' }));
const holderOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'));

test('held until given back, and named by its process', async () => {
  const folder = newFolder();
  const release = await lockFolder(folder, 'runs/x');
  await expect(lockFolder(folder, 'runs/x')).rejects.toThrow(
    new RegExp(`^runs/x is being written by process ${process.pid} since 20.*wait for it, or stop it`),
  );
  await release();
  expect(readdirSync(folder)).toEqual([]);
  const again = await lockFolder(folder, 'runs/x');
  await release(); // giving back twice takes it from nobody
  expect(holderOf(folder).pid).toBe(process.pid);
  await again();
});

test.each([
  ['a process that has ended', { pid: deadPid, host: hostname() }],
  ['a process whose number is used again', { pid: process.pid, host: hostname(), began: '1' }],
  ['a copied folder', { pid: process.pid, host: hostname(), folder: '/elsewhere' }],
  ['a program killed while writing', '{"pid":'],
])('free: %s', async (_, lock) => {
  const folder = newFolder(lock);
  const release = await lockFolder(folder, 'runs/x');
  expect(holderOf(folder)).toMatchObject({ pid: process.pid, folder });
  await release();
  expect(readdirSync(folder)).toEqual([]);
});

test('a process of another machine holds it; the message says what to remove', async () => {
  const folder = newFolder({ pid: deadPid, host: 'far-away' });
  await expect(lockFolder(folder, 'runs/x')).rejects.toThrow(
    `on far-away since noon; wait for it, or remove ${folder}/lock if it has ended`,
  );
});

test('of many that come at once for what a dead process held, one gets it', async () => {
  for (let round = 0; round < 20; round++) {
    const folder = newFolder({ pid: deadPid, host: hostname() });
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder, 'runs/x')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['lock']);
  }
});

test('a run is refused to others while it is written, not afterwards; resuming in vain gives it back', async () => {
  const store = createDiskStore(root);
  const writer = await createRun(store, 'whole', trainConfigSchema.parse({ env: { name: 'point/reach' } }));
  const contents = { steps: 10, policy: {}, metadata: {}, state: { loop: new Uint8Array(3) } };
  await expect(resumeRun(store, 'whole')).rejects.toThrow(/whole is being written by process/);
  await writer.checkpoint(contents, { best: false });
  cpSync(join(root, 'whole'), join(root, 'copy'), { recursive: true, verbatimSymlinks: true });
  await (await resumeRun(store, 'copy')).writer.close();
  await expect(resumeRun(store, 'whole')).rejects.toThrow(/whole is being written by process/);
  await writer.close();
  writeFileSync(join(root, 'whole/checkpoints/10/state/loop.bin'), 'damaged');
  await expect(resumeRun(store, 'whole')).rejects.toThrow(/damaged/);
  expect(existsSync(join(root, 'whole/lock'))).toBe(false);
});

test('others can see whether a folder is held, was left, or is free', async () => {
  const folder = newFolder();
  expect(await lockState(folder)).toBeUndefined();
  const release = await lockFolder(folder, 'runs/x');
  expect(await lockState(folder)).toBe('held');
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true });
  expect(await lockState(copy)).toBeUndefined();
  await release();
  expect(await lockState(folder)).toBeUndefined();
  expect(await lockState(newFolder({ pid: deadPid, host: hostname() }))).toBe('left');
  expect(await lockState(newFolder('{ half'))).toBeUndefined();
});
