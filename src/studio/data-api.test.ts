// Data sets from pages: taken whole under a name of their own, never over another unasked, nothing else and nowhere else.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordData } from '../training/record.js';
import type { DataListing, SavedData } from './api-types.js';
import { HOST, type TestStudio, TOKEN, temporaryFolder, testStudio, writeRun } from './testing.js';

const outside = temporaryFolder();
const runs = join(outside, 'runs');
const place = join(runs, 'data');
let studio: TestStudio;
let bytes: Uint8Array<ArrayBuffer>;
const recorded = async (episodes: number, env = 'point/reach') =>
  (await recordData({ env, policy: 'random', episodes })).bytes as Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  mkdirSync(runs);
  writeRun(runs, { name: 'good', rows: 3 });
  writeFileSync(join(outside, 'secret.safetensors'), 'SECRET');
  studio = await testStudio(runs);
  bytes = await recorded(2);
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

const send = (query: string, body: BodyInit = bytes, headers: Record<string, string> = {}, app = studio.app) =>
  app.request(`http://${HOST}/api/data${query}`, {
    method: 'POST',
    headers: {
      host: HOST,
      cookie: `anygoal-studio-4747=${TOKEN}`,
      origin: `http://${HOST}`,
      'content-type': 'application/octet-stream',
      ...headers,
    },
    body,
  });
const list = async (): Promise<DataListing[]> =>
  ((await (await studio.ask('/api/data')).json()) as { data: DataListing[] }).data;
const errorOf = async (response: Response) => [response.status, ((await response.json()) as { error: string }).error];
const files = () => (existsSync(place) ? readdirSync(place).sort() : []);

test('what is taken lies in the runs folder, byte for byte, is listed, and is no run', async () => {
  expect(await list()).toEqual([]);
  const response = await send('?name=shown');
  expect(response.status).toBe(201);
  const saved = (await response.json()) as SavedData;
  const path = join(runs, 'data', 'shown.safetensors');
  expect(saved).toEqual({ name: 'shown', path, bytes: bytes.length, episodes: 2, transitions: 100 });
  expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
  expect(await list()).toEqual([{ name: 'shown', path, bytes: bytes.length }]);
  const { runs: listed } = (await (await studio.ask('/api/runs')).json()) as { runs: { name: string }[] };
  expect(listed.map(({ name }) => name)).toEqual(['good']);
});

test('one that is there is replaced only when that is asked for', async () => {
  const other = await recorded(3);
  await send('?name=kept');
  expect(await errorOf(await send('?name=kept', other))).toEqual([409, expect.stringContaining('kept already')]);
  expect(new Uint8Array(readFileSync(join(place, 'kept.safetensors')))).toEqual(bytes);
  expect((await send('?name=kept&replace=true', other)).status).toBe(201);
  expect(new Uint8Array(readFileSync(join(place, 'kept.safetensors')))).toEqual(other);
  expect(files()).toEqual(['kept.safetensors', 'shown.safetensors']);
});

test('of two that come at once under one name, one is taken', async () => {
  const answers = await Promise.all([send('?name=race'), send('?name=race')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  rmSync(join(place, 'race.safetensors'));
});

test('two that come first find the place made by the other; what a killed studio left stops nobody', async () => {
  const folder = join(outside, 'new');
  mkdirSync(folder);
  const { app } = await testStudio(folder);
  const answers = await Promise.all(['one', 'two', 'three'].map((name) => send(`?name=${name}`, bytes, {}, app)));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  // Process numbers come again, in containers with every start.
  for (let i = 0; i < 50; i++) writeFileSync(join(folder, 'data', `.tmp-${process.pid}-${i}`), '');
  expect((await send('?name=four', bytes, {}, app)).status).toBe(201);
});

describe('refused, and nothing is written', () => {
  const broken = () => bytes.slice(0, bytes.length - 10);
  test.each<[string, string, () => BodyInit, Record<string, string>, number, RegExp]>([
    ['no token', '?name=x', () => bytes, { cookie: '' }, 401, /token/],
    ['a foreign origin', '?name=x', () => bytes, { origin: 'http://evil.example' }, 403, /Origin/],
    ['another content type', '?name=x', () => bytes, { 'content-type': 'application/json' }, 415, /octet-stream/],
    ['no name', '', () => bytes, {}, 400, /name/],
    ['an empty name', '?name=', () => bytes, {}, 400, /cannot be a data set's name/],
    ['a path', '?name=..%2fsecret', () => bytes, {}, 400, /cannot be a data set's name/],
    ['a hidden name', '?name=.x', () => bytes, {}, 400, /cannot be a data set's name/],
    ['a control character', '?name=a%00b', () => bytes, {}, 400, /cannot be a data set's name/],
    ['a long name', `?name=${'x'.repeat(101)}`, () => bytes, {}, 400, /cannot be a data set's name/],
    ['another field', '?name=x&folder=y', () => bytes, {}, 400, /unknown field "folder"/],
    ['nothing', '?name=x', () => '', {}, 400, /no data set/],
    ['something else', '?name=x', () => 'just text', {}, 400, /no data set/],
    ['a half of it', '?name=x', broken, {}, 400, /no data set/],
    ['257 MiB', '?name=x', () => 'x', { 'content-length': String(257 << 20) }, 413, /at most 256 MiB/],
  ])('%s', async (_, query, body, headers, status, message) => {
    const before = files();
    const [code, text] = await errorOf(await send(query, body(), headers));
    expect(text).toMatch(message);
    expect(text).not.toContain(outside);
    expect(code).toBe(status);
    expect(files()).toEqual(before);
  });

  test('of an environment of its own, whose module it would name', async () => {
    const text = Buffer.from(bytes).toString('latin1').replaceAll('point/reach', './evil__.js');
    const response = await send('?name=x', Uint8Array.from(Buffer.from(text, 'latin1')));
    expect(await errorOf(response)).toEqual([400, expect.stringContaining('does not come with anygoal')]);
    expect(files()).not.toContain('x.safetensors');
  });
});

test('runs that pages start learn from data in the runs folder only', async () => {
  await send('?name=taught');
  const start = (files: unknown, at = 'data.files') =>
    studio.ask('/api/runs', {
      method: 'POST',
      body: { env: 'point/reach', agent: 'bc', steps: 10, settings: { [at]: files } },
    });
  expect((await start([join(place, 'taught.safetensors')])).status).toBe(201);
  expect(studio.children.started.at(-1)).toMatchObject({ data: { files: [join(place, 'taught.safetensors')] } });
  const secret = join(outside, 'secret.safetensors');
  symlinkSync(secret, join(place, 'leak.safetensors'));
  for (const file of [secret, '/etc/passwd', join(runs, '..', 'secret.safetensors'), join(place, 'leak.safetensors')]) {
    expect(await errorOf(await start([file]))).toEqual([403, expect.stringContaining('not in the runs folder')]);
  }
  expect(await errorOf(await start({ files: [secret] }, 'data'))).toMatchObject([403, expect.anything()]);
  rmSync(join(place, 'leak.safetensors'));
});

test('a link in a name is replaced, not written through; a place that is a link or a run is left alone', async () => {
  symlinkSync(join(outside, 'secret.safetensors'), join(place, 'linked.safetensors'));
  expect((await list()).map(({ name }) => name)).not.toContain('linked');
  expect((await send('?name=linked')).status).toBe(409);
  expect((await send('?name=linked&replace=true')).status).toBe(201);
  expect(readFileSync(join(outside, 'secret.safetensors'), 'utf8')).toBe('SECRET');
  const folder = join(outside, 'others');
  mkdirSync(folder);
  symlinkSync(outside, join(folder, 'data'));
  const linked = await testStudio(folder);
  const refused = await linked.ask('/api/data');
  expect(await errorOf(refused)).toEqual([409, expect.stringContaining('is a link; rename it')]);
  rmSync(join(folder, 'data'));
  writeRun(folder, { name: 'data' });
  expect(await errorOf(await linked.ask('/api/data'))).toEqual([409, expect.stringContaining('is a run')]);
});
