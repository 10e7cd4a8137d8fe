// Requests that must be refused: wrong token, host, origin; paths out of the folder; broken and oversized bodies.
import { cpSync, linkSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zipRun } from '../runs/archive.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { train } from '../training/train.js';
import { HOST, type TestStudio, TOKEN, temporaryFolder, testStudio, writeRun } from './testing.js';

const outside = temporaryFolder();
const runs = join(outside, 'runs');
let studio: TestStudio;

beforeAll(async () => {
  mkdirSync(runs);
  writeRun(runs, { name: 'good', rows: 3 });
  writeFileSync(join(outside, 'secret.txt'), 'SECRET');
  writeRun(outside, { name: 'outer', rows: 3 });
  symlinkSync(join(outside, 'outer'), join(runs, 'linked'));
  cpSync(join(runs, 'good'), join(runs, 'leaky'), { recursive: true });
  rmSync(join(runs, 'leaky', 'metrics.jsonl'));
  symlinkSync(join(outside, 'secret.txt'), join(runs, 'leaky', 'metrics.jsonl'));
  mkdirSync(join(runs, 'leaky', 'checkpoints'));
  symlinkSync(outside, join(runs, 'leaky', 'checkpoints', 'last'));
  mkdirSync(join(runs, '.hidden'));
  linkSync(join(runs, 'good', 'config.json'), join(runs, '.hidden', 'config.json'));
  studio = await testStudio(runs);
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

const error = async (response: Response): Promise<[number, string]> => {
  const { error } = (await response.json()) as { error: string };
  return [response.status, error];
};

describe('who asks', () => {
  test.each([
    ['no token', { cookie: '' }, 401, /address that "anygoal studio" printed/],
    ['a wrong cookie', { cookie: `anygoal-studio-4747=${TOKEN}x` }, 401, /token/],
    ["another port's cookie", { cookie: `anygoal-studio-1=${TOKEN}` }, 401, /token/],
    ['a wrong bearer, although the cookie is right', { authorization: 'Bearer no' }, 401, /token/],
    ['another host (DNS rebinding)', { host: 'evil.example:4747' }, 421, /open it as http:\/\/127\.0\.0\.1:4747\//],
    ['another port', { host: '127.0.0.1:80' }, 421, /host name/],
    ['no host', { host: '' }, 421, /host name/],
    ['a foreign origin', { origin: 'http://evil.example' }, 403, /Origin/],
    ['the same host by https', { origin: `https://${HOST}` }, 403, /Origin/],
    ['an opaque origin', { origin: 'null' }, 403, /Origin/],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }, 403, /Sec-Fetch-Site/],
    ['another port of this site', { 'sec-fetch-site': 'same-site' }, 403, /Sec-Fetch-Site/],
  ])('%s', async (_, headers, status, message) => {
    const [code, text] = await error(await studio.ask('/api/runs', { headers }));
    expect(text).toMatch(message);
    expect(code).toBe(status);
  });

  test('a POST with the cookie but without an origin', async () => {
    const headers = { cookie: `anygoal-studio-4747=${TOKEN}`, host: HOST, 'content-type': 'application/json' };
    const response = await studio.app.request(`http://${HOST}/api/runs`, { method: 'POST', headers, body: '{}' });
    expect(await error(response)).toEqual([403, expect.stringContaining('Origin')]);
  });

  test.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])('the method %s', async (method) => {
    expect(await error(await studio.ask('/api/runs', { method }))).toEqual([405, expect.stringContaining(method)]);
  });

  test('pages, scripts and answers all need the token', async () => {
    for (const path of ['/', '/assets/index.js', '/workers/a.js', '/api/events', '/api/info', '/api/nothing', '/x']) {
      expect((await studio.ask(path, { headers: { cookie: '' } })).status, path).toBe(401);
    }
  });

  test('a person without the token gets a page that says what to do', async () => {
    const response = await studio.ask('/', { headers: { cookie: '', 'sec-fetch-dest': 'document' } });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('Open the address');
  });

  test('the token in the address becomes a cookie that scripts and other sites do not get', async () => {
    const response = await studio.ask(`/?token=${TOKEN}`, { headers: { cookie: '' } });
    expect(response.status).toBe(200);
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^anygoal-studio-4747=[^;]+; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(await response.text()).not.toContain(TOKEN);
    const inside = await studio.ask('/api/info', { headers: { cookie: cookie.split(';')[0] } });
    expect(inside.status).toBe(200);
    expect((await studio.ask('/?token=wrong', { headers: { cookie: '' } })).status).toBe(401);
    expect((await studio.ask(`/api/runs?token=${TOKEN}`, { headers: { cookie: '' } })).status).toBe(401);
  });

  test('a link in another page opens it, but a request from there does not', async () => {
    const headers = { cookie: '', 'sec-fetch-site': 'cross-site' };
    const link = await studio.ask(`/?token=${TOKEN}`, { headers: { ...headers, 'sec-fetch-mode': 'navigate' } });
    expect(link.status).toBe(200);
    const fetched = await studio.ask(`/?token=${TOKEN}`, { headers: { ...headers, 'sec-fetch-mode': 'cors' } });
    expect(fetched.status).toBe(403);
  });

  test('a program sends the token as Bearer', async () => {
    const headers = { cookie: '', authorization: `Bearer ${TOKEN}` };
    expect((await studio.ask('/api/runs', { headers })).status).toBe(200);
  });
});

describe('paths out of the folder', () => {
  test.each([
    '/api/runs/..%2fouter',
    '/api/runs/%2e%2e%2fouter',
    '/api/runs/..%5couter',
    '/api/runs/%2e%2e',
    '/api/runs/good%2f..%2f..%2fouter',
    '/api/runs/%00',
    '/api/runs/good%00',
    '/api/runs/.hidden',
    '/api/runs/linked',
    '/api/runs/linked/metrics',
    '/api/runs/linked/policy.onnx',
    '/api/runs/linked/files/config.json',
    '/api/runs/leaky/metrics?names=a',
    '/api/runs/leaky/files/metrics.jsonl',
    '/api/runs/leaky/files/checkpoints/last/secret.txt',
    '/api/runs/leaky/files/checkpoints/last/policy.safetensors',
    '/api/runs/leaky/policy.onnx?checkpoint=last',
    '/api/runs/good/files/..%2f..%2fsecret.txt',
    '/api/runs/good/files/%2e%2e/%2e%2e/secret.txt',
    '/api/runs/good/files/checkpoints/../../../secret.txt',
    '/api/runs/good/files/..%5c..%5csecret.txt',
    '/api/runs/good/files//etc/passwd',
    '/api/runs/good/files/replay/segments.bin',
    '/api/runs/%E0%A4%A/metrics',
    '/api/differences?runs=good,../outer',
    '/api/differences?runs=good,linked',
    '/api/form?env=../../secret.js',
    `/api/form?env=${encodeURIComponent(join(outside, 'secret.js'))}`,
  ])('%s', async (path) => {
    const response = await studio.ask(path);
    const text = await response.text();
    expect([400, 403, 404, 500]).toContain(response.status);
    expect(response.status, text).not.toBe(200);
    expect(text).not.toContain('SECRET');
    expect(JSON.parse(text).error).toEqual(expect.any(String));
  });

  test('nothing of them is in the list, and what is said of broken runs tells nothing of other files', async () => {
    const { runs } = (await (await studio.ask('/api/runs')).json()) as { runs: { name: string }[] };
    expect(runs.map(({ name }) => name)).toEqual(['good', 'leaky']);
    expect(JSON.stringify(runs)).not.toContain('SECRET');
  });

  test.each(['stop', 'resume'])('%s of what is outside', async (action) => {
    for (const name of ['linked', '..%2fouter', '.hidden', 'absent']) {
      const response = await studio.ask(`/api/runs/${name}/${action}`, { method: 'POST', body: {} });
      expect([400, 403, 404]).toContain(response.status);
    }
  });
});

describe('what is sent', () => {
  const post = async (body: unknown, headers: Record<string, string> = {}, path = '/api/runs') =>
    error(await studio.ask(path, { method: 'POST', body, headers }));

  test.each<[string, unknown, number, RegExp]>([
    ['no JSON', '{"env":', 400, /is not JSON/],
    ['a list', '[]', 400, /must be a JSON object/],
    ['nothing', '', 400, /is not JSON/],
    ['an unknown field', { env: 'point/reach', step: 5 }, 400, /unknown field "step"; did you mean "steps"\?/],
    ['no environment', {}, 400, /^env must be text, not missing\.$/],
    [
      'text for a number',
      { env: 'point/reach', steps: 'many' },
      400,
      /steps must be a whole number, at least 1, not "many"/,
    ],
    [
      'an unknown environment',
      { env: 'pont/reach' },
      400,
      /unknown environment "pont\/reach"; did you mean "point\/reach"/,
    ],
    [
      "a module on this computer's disk",
      { env: './evil.js' },
      400,
      /from the command line: anygoal train \.\/evil\.js/,
    ],
    ['a web address', { env: 'https://evil.example/x.js' }, 400, /unknown environment/],
    ['an unknown agent', { env: 'point/reach', agent: 'sak' }, 400, /unknown agent "sak"; did you mean "sac"/],
    ['an unknown strategy', { env: 'point/reach', relabel: 'futur:4' }, 400, /did you mean "future"/],
    [
      'a value out of range',
      { env: 'point/reach', settings: { 'training.batchSize': '0' } },
      400,
      /training\.batchSize must be a whole number from 1 to 65536, not 0/,
    ],
    [
      'an unknown setting',
      { env: 'point/reach', settings: { 'agent.learningrate': 1 } },
      400,
      /unknown setting "agent\.learningrate" of sac in the form; did you mean "agent\.learningRate"/,
    ],
    ['a file', { env: 'point/reach', settings: { init: '/etc' } }, 400, /init names a file/],
    ['a nameless setting', { env: 'point/reach', settings: { 'a..b': 1 } }, 400, /is no setting/],
    ['the prototype', '{"env":"point/reach","settings":{"__proto__.x":1}}', 400, /is no setting/],
    ['a seed twice', { env: 'point/reach', seeds: [1, 1] }, 400, /name a seed twice/],
    ['too many seeds', { env: 'point/reach', seeds: [1, 2, 3, 4, 5] }, 409, /at most 4 runs/],
    ['a body of 1 MiB', JSON.stringify({ env: 'x'.repeat(1 << 20) }), 413, /at most 256 KiB/],
  ])('%s', async (_, body, status, message) => {
    const [code, text] = await post(body);
    expect(text).toMatch(message);
    expect(code).toBe(status);
    expect(studio.children.started).toEqual([]);
  });

  test('a large body that does not say its length', async () => {
    const chunk = new TextEncoder().encode('x'.repeat(64 << 10));
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) => (sent++ < 64 ? controller.enqueue(chunk) : controller.close()),
    });
    const response = await studio.app.request(`http://${HOST}/api/runs`, {
      method: 'POST',
      headers: { host: HOST, authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(20);
  });

  test('another content type (a form of another page can send it)', async () => {
    expect(await post('{}', { 'content-type': 'text/plain' })).toEqual([415, expect.stringContaining('text/plain')]);
  });

  test.each([
    ['/api/runs/good/metrics?after=x', /after must be text/],
    ['/api/runs/good/metrics?points=1e9', /points must be a whole number from 10 to 100000, not "1e9"/],
    ['/api/runs/good/metrics?name=x', /unknown field "name"; did you mean "names"/],
    ['/api/runs/good/policy.onnx?checkpoint=../x', /checkpoint must be best, last or a number/],
    ['/api/runs/absent', /there is no run "absent"/],
    ['/api/nothing', /there is no GET \/api\/nothing/],
  ])('%s', async (path, message) => {
    const [status, text] = await error(await studio.ask(path));
    expect(text).toMatch(message);
    expect([400, 404]).toContain(status);
  });
});

describe('a run as a .zip', () => {
  const zipped = (entries: Record<string, string>) =>
    zipSync(Object.fromEntries(Object.entries(entries).map(([path, text]) => [path, strToU8(text)])));
  const send = (body: BodyInit, headers: Record<string, string> = {}) =>
    studio.app.request(`http://${HOST}/api/archives`, {
      method: 'POST',
      headers: {
        host: HOST,
        cookie: `anygoal-studio-4747=${TOKEN}`,
        origin: `http://${HOST}`,
        'content-type': 'application/zip',
        ...headers,
      },
      body,
    });
  /** A whole run, of one step, whose configuration is changed in text. */
  const archive = async (change = (text: string) => text): Promise<Uint8Array<ArrayBuffer>> => {
    const store = createMemoryStore();
    const { runDir } = await train({
      env: 'point/reach',
      steps: 1,
      store,
      config: { evaluation: { every: 0, episodes: 1 }, runtime: { worker: false, overlap: false } },
    });
    const name = runDir.split('/').at(-1) as string;
    const path = `${name}/config.json`;
    await store.write(path, strToU8(change(new TextDecoder().decode(await store.read(path)))));
    return (await zipRun(store, name)) as Uint8Array<ArrayBuffer>;
  };
  const entries = () => readdirSync(runs).sort();

  test.each<[string, () => BodyInit, Record<string, string>, number, RegExp]>([
    ['another content type', () => 'x', { 'content-type': 'application/json' }, 415, /application\/zip/],
    ['no token', () => 'x', { cookie: '' }, 401, /token/],
    ['a foreign origin', () => 'x', { origin: 'http://evil.example' }, 403, /Origin/],
    ['no .zip', () => 'x', {}, 400, /not an undamaged \.zip/],
    ['a path outside', () => zipped({ 'a/../../outer/config.json': '{}' }), {}, 400, /is no part of a run/],
    ['a hidden name', () => zipped({ '.hidden/config.json': '{}' }), {}, 400, /cannot be a run's name/],
    ['the name of the parent', () => zipped({ '../config.json': '{}' }), {}, 400, /cannot be a run's name/],
    ['an odd name', () => zipped({ 'a b\u0000/config.json': '{}' }), {}, 400, /cannot be a run's name/],
    ['a configuration alone', () => zipped({ 'a/config.json': '{}' }), {}, 400, /was not written by anygoal/],
    ['257 MiB', () => 'x', { 'content-length': String(257 << 20) }, 413, /at most 256 MiB/],
  ])('%s', async (_, body, headers, status, message) => {
    const before = entries();
    const [code, text] = await error(await send(body(), headers));
    expect(text).toMatch(message);
    expect(text).not.toContain(runs);
    expect(code).toBe(status);
    expect(entries()).toEqual(before);
  });

  test('an environment of its own, which going on with the run would import', async () => {
    const before = entries();
    const changes: ((text: string) => string)[] = [
      (text) => text.replace('"name": "point/reach"', '"name": "./evil.js"'),
      (text) => text.replace('"version"', '"module": "https://evil.example/x.js", "version"'),
      (text) => text.replace('"init": null', '"init": "/etc"'),
    ];
    for (const change of changes) {
      const [code, text] = await error(await send(await archive(change)));
      expect([code, text]).toEqual([400, expect.stringContaining('names files of its own')]);
    }
    expect(entries()).toEqual(before);
  });

  test('one that is whole is taken, twice under two names', async () => {
    const zip = await archive();
    const names: string[] = [];
    for (let i = 0; i < 2; i++) {
      const response = await send(zip);
      expect(response.status).toBe(201);
      names.push(((await response.json()) as { run: string }).run);
    }
    expect(names[1]).toBe(`${names[0]}-2`);
    expect(entries()).toEqual(expect.arrayContaining(names));
    const { summary } = (await (await studio.ask(`/api/runs/${names[0]}`)).json()) as { summary: unknown };
    expect(summary).toMatchObject({ env: 'point/reach', state: 'done', resumable: true });
    for (const name of names) rmSync(join(runs, name), { recursive: true });
  });
});

test('every answer is isolated, unsniffed and unframed', async () => {
  for (const path of ['/api/runs', '/api/nothing', '/']) {
    const { headers } = await studio.ask(path);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('content-security-policy')).not.toContain("'unsafe-eval'");
  }
});
