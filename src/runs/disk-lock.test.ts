// Two programs cannot write one run; what a program that has ended held is free.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
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

describe('a program that cannot be looked for, on another machine or in a container', () => {
  const ages: [string, object][] = [
    ['another machine', { pid: process.pid, host: 'far-away', beat: 10 }],
    ['another container of this machine', { pid: 1, host: 'f00', place: 'this-start pid:[1]', beat: 10 }],
    ['a container of the same name', { pid: process.pid, host: hostname(), place: 'this-start pid:[1]', beat: 10 }],
  ];
  test.runIf(process.platform === 'linux').each(ages)('of %s: held while it touches its lock', async (_, holder) => {
    const folder = newFolder(holder);
    expect(await lockState(folder)).toBe('held');
    await expect(lockFolder(folder, 'runs/x')).rejects.toThrow(/is being written by process/);
    const before = new Date(Date.now() - 150_000);
    utimesSync(join(folder, 'lock'), before, before);
    expect(await lockState(folder)).toBe('left');
    await (await lockFolder(folder, 'runs/x'))();
  });

  test('says how long to wait', async () => {
    const folder = newFolder({ pid: 1, host: 'far-away', beat: 10 });
    await expect(lockFolder(folder, 'runs/x')).rejects.toThrow('wait for it, or for 2 minutes if it was killed');
  });

  test('sees the folder under another path; a copy has another number', async () => {
    const folder = newFolder();
    const inode = String(statSync(folder, { bigint: true }).ino);
    const lock = { host: 'far-away', folder: '/elsewhere', since: 'noon', beat: 10 };
    writeFileSync(join(folder, 'lock'), JSON.stringify({ ...lock, inode }));
    expect(await lockState(folder)).toBe('held');
    writeFileSync(join(folder, 'lock'), JSON.stringify({ ...lock, inode: '7' }));
    expect(await lockState(folder)).toBeUndefined();
  });

  test('a lock is touched while its program lives', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const folder = newFolder();
      const release = await lockFolder(folder, 'runs/x');
      const before = new Date(Date.now() - 150_000);
      const touched = () => statSync(join(folder, 'lock')).mtimeMs;
      utimesSync(join(folder, 'lock'), before, before);
      vi.advanceTimersByTime(10_000);
      await vi.waitFor(() => expect(touched()).toBeGreaterThan(Date.now() - 60_000));
      await release();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
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
