// Runs as .zip files: there and back between stores, and everything that is not a whole run is refused.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateRun } from '../training/policy.js';
import { resume, train } from '../training/train.js';
import { addRun, unzipRun, zipRun } from './archive.js';
import { createDiskStore } from './disk-store.js';
import { createMemoryStore } from './memory-store.js';

const folder = mkdtempSync(join(tmpdir(), 'anygoal-archive-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const limits = { mostBytes: 64 << 20, mostFiles: 100 };

let name: string;
let zip: Uint8Array;
let files: Map<string, Uint8Array>;
beforeAll(async () => {
  const store = createMemoryStore('here');
  const options = { steps: 1000, config: { evaluation: { every: 500, episodes: 5 }, checkpoint: { every: 250 } } };
  const runtime = { overlap: false, worker: false };
  const { runDir } = await train({ env: 'point/reach', store, ...options, config: { ...options.config, runtime } });
  name = runDir.slice('here/'.length);
  zip = await zipRun(store, name);
  files = new Map(unzipRun(zip, limits).files);
});

test('a run in memory becomes one on the disk that can be evaluated and gone on with', async () => {
  const store = createDiskStore(folder);
  expect(await addRun(store, name, files)).toBe(name);
  expect(await addRun(store, name, files)).toBe(`${name}-2`);
  expect(readdirSync(folder).sort()).toEqual([name, `${name}-2`]);
  for (const [path, bytes] of files) {
    if (/(best|last)$/.test(path)) continue;
    expect(await store.read(`${name}/${path}`), path).toEqual(bytes);
  }
  expect(await store.readLink(`${name}/checkpoints/last`)).toBe('1000');
  expect(await evaluateRun({ run: join(folder, name), episodes: 3 })).toMatchObject({
    env: 'point/reach',
    episodes: 3,
  });
  expect(await resume({ run: join(folder, name), steps: 1200 })).toMatchObject({ envSteps: 1200, ended: 'steps' });
});

test('unpacked by any other program, links are small files and the run works all the same', async () => {
  const store = createDiskStore(join(folder, 'plain'));
  for (const [path, bytes] of Object.entries(unzipSync(zip))) await store.write(path, bytes);
  expect(await resume({ run: join(folder, 'plain', name), steps: 1100 })).toMatchObject({ envSteps: 1100 });
});

describe('what is no run', () => {
  const zipped = (entries: Record<string, string>) =>
    zipSync(Object.fromEntries(Object.entries(entries).map(([path, text]) => [path, strToU8(text)])));

  test.each<[string, () => Uint8Array, RegExp]>([
    ['no .zip', () => strToU8('hello'), /not an undamaged \.zip/],
    ['nothing', () => new Uint8Array(0), /not an undamaged \.zip/],
    ['half a .zip', () => zip.slice(0, zip.length >> 1), /not an undamaged \.zip/],
    ['an empty .zip', () => zipSync({}), /is empty/],
    ['a path out of the folder', () => zipped({ 'a/../../x': '' }), /is no part of a run/],
    ['an absolute path', () => zipped({ '/etc/passwd': '' }), /is no part of a run/],
    ['a path with backslashes', () => zipped({ 'a\\..\\config.json': '' }), /is no part of a run/],
    ['a file without a folder', () => zipped({ 'config.json': '{}' }), /is no part of a run/],
    ['two folders', () => zipped({ 'a/config.json': '{}', 'b/config.json': '{}' }), /"b\/config.json" is no part/],
    ['the prototype', () => zipped({ '__proto__/x': '' }), /is no part of a run/],
    ['a foreign file', () => zipped({ 'a/config.json': '{}', 'a/run.sh': '' }), /"a\/run.sh" is no part of a run/],
    ['a lock', () => zipped({ 'a/lock': '{}' }), /"a\/lock" is no part of a run/],
    ['a hidden part', () => zipped({ 'a/checkpoints/5/state/.x.bin': '' }), /is no part of a run/],
    [
      'too many files',
      () =>
        zipped(Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`a/checkpoints/${i}/checkpoint.json`, '']))),
      /too large: at most 64 MiB in 100 files/,
    ],
    ['a bomb', () => zipSync({ 'a/metrics.jsonl': new Uint8Array(65 << 20) }), /too large/],
  ])('%s', (_, make, message) => {
    expect(() => unzipRun(make(), limits)).toThrow(message);
  });

  const text = (path: string) => new TextDecoder().decode(files.get(path));
  const changed = (path: string, change: (text: string) => string) => ({ [path]: strToU8(change(text(path))) });
  const header = 'checkpoints/1000/checkpoint.json';

  test.each<[string, () => Record<string, Uint8Array | undefined>, RegExp]>([
    ['no configuration', () => ({ 'config.json': undefined }), /has no config.json/],
    [
      'settings out of range',
      () => changed('config.json', (t) => t.replace('"steps": 1000', '"steps": -1')),
      /damaged: steps/,
    ],
    [
      'a newer format',
      () => changed('config.json', (t) => t.replace('"version": 1', '"version": 99')),
      /newer anygoal/,
    ],
    [
      'no checkpoint',
      () =>
        Object.fromEntries([...files.keys()].filter((p) => p.startsWith('checkpoints/')).map((p) => [p, undefined])),
      /has no checkpoint/,
    ],
    [
      'a policy of other bytes',
      () => ({
        'checkpoints/1000/policy.safetensors': new Uint8Array(files.get('checkpoints/1000/policy.safetensors')!.length),
      }),
      /checksum differs/,
    ],
    ['a part of the state missing', () => ({ 'checkpoints/1000/state/loop.bin': undefined }), /loop.bin is missing/],
    ['a shorter log', () => ({ 'metrics.jsonl': new Uint8Array(3) }), /metrics.jsonl is damaged/],
    [
      'a damaged replay',
      () => ({
        'replay/segments.bin': files.get('replay/segments.bin')!.map((byte, i) => (i === 100 ? byte ^ 1 : byte)),
      }),
      /damaged at byte/,
    ],
    [
      'a log elsewhere',
      () => changed(header, (t) => t.replace('"monitor.csv"', '"../../monitor.csv"')),
      /names a file "\.\.\/\.\.\/monitor\.csv"/,
    ],
    ['a part elsewhere', () => changed(header, (t) => t.replace('"loop"', '"../../../../secret"')), /names a file/],
    ['a link elsewhere', () => ({ 'checkpoints/last': strToU8('../../..') }), /does not name a checkpoint/],
    [
      'a link that is long',
      () => ({ 'checkpoints/last': new Uint8Array(1 << 20).fill(49) }),
      /does not name a checkpoint/,
    ],
  ])('%s leaves nothing behind', async (_, change, message) => {
    const where = mkdtempSync(join(folder, 'refused-'));
    const broken = new Map(files);
    for (const [path, bytes] of Object.entries(change()))
      bytes === undefined ? broken.delete(path) : broken.set(path, bytes);
    await expect(addRun(createDiskStore(where), 'new', broken)).rejects.toThrow(message);
    expect(readdirSync(where)).toEqual([]);
  });

  test('and what the caller refuses', async () => {
    const store = createMemoryStore();
    const refuse = () => {
      throw new Error('not this one');
    };
    await expect(addRun(store, 'new', files, refuse)).rejects.toThrow('not this one');
    expect(await store.list('')).toEqual([]);
  });
});
