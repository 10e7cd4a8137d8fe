// Both stores keep the same promises; the disk store also explains failures and leaves nothing half-written.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { RunError } from '../errors.js';
import { openBrowserStore } from './browser-store.js';
import { createDiskStore, explainDiskError } from './disk-store.js';
import { createMemoryStore } from './memory-store.js';
import { fakeFolder } from './testing.js';

const folder = mkdtempSync(join(tmpdir(), 'anygoal-stores-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array) => new TextDecoder().decode(value);
let number = 0;

describe.each([
  ['memory', async () => createMemoryStore()],
  ['browser', () => openBrowserStore('runs', { root: fakeFolder() as unknown as FileSystemDirectoryHandle })],
  ['disk', async () => createDiskStore(join(folder, `store-${number++}`))],
])('%s store', (_, create) => {
  test('writes, appends, cuts and measures files', async () => {
    const store = await create();
    expect(await store.size('a/b.txt')).toBeUndefined();
    await store.write('a/b.txt', bytes('one'));
    await store.write('a/b.txt', bytes('two'));
    await store.append('a/b.txt', bytes(' three'));
    await store.append('new/log', bytes('x'));
    expect(text(await store.read('a/b.txt'))).toBe('two three');
    await store.sync('a/b.txt');
    await store.truncate('a/b.txt', 3);
    await store.append('a/b.txt', bytes('!'));
    expect(text(await store.read('a/b.txt'))).toBe('two!');
    expect(await store.size('a/b.txt')).toBe(4);
    expect(await store.size('a')).toBeUndefined();
    await expect(store.truncate('a/b.txt', 5)).rejects.toThrow(/4 bytes/);
    await store.truncate('absent', 0);
    await expect(store.truncate('absent', 1)).rejects.toThrow(/does not exist/);
    await expect(store.read('absent')).rejects.toThrow(/does not exist/);
  });

  test('keeps its own copy of what it is given and gives', async () => {
    const store = await create();
    const written = bytes('abc');
    await store.write('file', written);
    written[0] = 0;
    (await store.read('file'))[1] = 0;
    expect(text(await store.read('file'))).toBe('abc');
  });

  test('lists, moves and removes files and folders', async () => {
    const store = await create();
    await store.write('run/x', bytes('1'));
    await store.write('run/sub/y', bytes('2'));
    await store.write('running', bytes('3'));
    expect(await store.list('')).toEqual(['run', 'running']);
    expect(await store.list('run')).toEqual(['sub', 'x']);
    expect(await store.list('absent')).toEqual([]);
    await store.rename('run', 'moved');
    expect(await store.list('run')).toEqual([]);
    expect(text(await store.read('moved/sub/y'))).toBe('2');
    await store.write('other/z', bytes('4'));
    await expect(store.rename('other', 'moved')).rejects.toThrow(/exists already/);
    await expect(store.rename('other/z', 'running')).rejects.toThrow(/exists already/);
    await expect(store.rename('absent', 'somewhere')).rejects.toThrow(RunError);
    await store.remove('moved');
    await store.remove('moved');
    expect(await store.list('')).toEqual(['other', 'running']);
  });

  test('points links anew', async () => {
    const store = await create();
    expect(await store.readLink('checkpoints/last')).toBeUndefined();
    await store.link('checkpoints/last', '1000');
    await store.link('checkpoints/last', '2000');
    expect(await store.readLink('checkpoints/last')).toBe('2000');
    expect(await store.list('checkpoints')).toEqual(['last']);
  });
});

describe('disk store', () => {
  test('links are followed by other programs, and text files are read as links', async () => {
    const store = createDiskStore(join(folder, 'links'));
    await store.write('checkpoints/1000/policy', bytes('p'));
    await store.link('checkpoints/last', '1000');
    expect(readFileSync(join(folder, 'links/checkpoints/last/policy'), 'utf8')).toBe('p');
    writeFileSync(join(folder, 'links/best'), '1000\n');
    expect(await store.readLink('best')).toBe('1000');
  });

  test('a file in the way of the root is named, with the fix', async () => {
    writeFileSync(join(folder, 'file'), 'mine');
    const store = createDiskStore(join(folder, 'file/runs'));
    await expect(store.write('run/config.json', bytes('{}'))).rejects.toThrow(
      /cannot write .*file\/runs\/run\/config\.json: a file is where a folder is needed; choose another folder \(--out DIR\)/,
    );
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine');
  });

  test('a write that fails leaves the old file and nothing beside it', async () => {
    const store = createDiskStore(join(folder, 'kept'));
    mkdirSync(join(folder, 'kept/target/inside'), { recursive: true });
    await expect(store.write('target', bytes('x'))).rejects.toThrow(RunError); // a folder cannot be replaced by a file
    expect(readdirSync(join(folder, 'kept'))).toEqual(['target']);
  });

  // /dev/full answers every write as a full disk does.
  test.runIf(process.platform === 'linux')('a full disk is told as such', async () => {
    await expect(createDiskStore('/dev').append('full', bytes('x'))).rejects.toThrow(
      'cannot write /dev/full: the disk is full; free some space, then go on with --resume.',
    );
  });

  test.runIf(process.platform === 'linux')('a folder that cannot be made is told as such', async () => {
    await expect(createDiskStore('/proc/anygoal/runs').write('a', bytes('x'))).rejects.toThrow(
      'cannot write /proc/anygoal/runs/a: permission denied; choose a folder that you may write to (--out DIR)',
    );
  });

  test('makes folders that others make at the same time', async () => {
    const store = createDiskStore(join(folder, 'many'));
    const paths = Array.from({ length: 20 }, (_, i) => `a/b/c/${i}`);
    await Promise.all(paths.map((path) => store.write(path, bytes(path))));
    expect(await store.list('a/b/c')).toHaveLength(20);
  });

  test.runIf(process.getuid?.() !== 0)('a folder without permission is told as such', async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    await expect(createDiskStore(locked).write('a', bytes('x'))).rejects.toThrow(/permission denied/);
    expect(statSync(locked).isDirectory()).toBe(true);
  });

  test.each([
    ['EACCES', /permission denied; choose a folder that you may write to \(--out DIR\)/],
    ['EROFS', /read-only/],
    ['ENOSPC', /disk is full/],
    ['EDQUOT', /quota/],
  ])('%s names the path and the fix', (code, message) => {
    const error = explainDiskError(Object.assign(new Error(code), { code }), 'write', 'runs/a');
    expect(error.message).toMatch(message);
    expect(error.message).toContain('cannot write runs/a: ');
  });
});
