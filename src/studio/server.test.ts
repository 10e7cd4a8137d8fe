// The studio on a real port: its addresses, its pages' headers, and runs that are saved when it ends.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { createDiskStore } from '../runs/disk-store.js';
import { recordData } from '../training/record.js';
import { train } from '../training/train.js';
import type { RunSummary } from './api-types.js';
import { type Studio, type StudioOptions, startStudio } from './server.js';
import { temporaryFolder } from './testing.js';

const folder = temporaryFolder();
/** Stands for what the build makes of the pages; processes of runs come from the real build. */
const pages = pathToFileURL(join(folder, 'dist/'));
const app = join(folder, 'dist/studio-app');
for (const part of ['assets', 'workers']) mkdirSync(join(app, part), { recursive: true });
writeFileSync(join(app, 'index.html'), '<script nonce="STUDIO-NONCE"></script><link nonce="STUDIO-NONCE">');
writeFileSync(join(app, 'assets/index-AbCd1234.js'), 'page');
writeFileSync(join(app, 'workers/physics-AbCd1234.js'), 'worker');
writeFileSync(join(app, 'assets/mujoco-AbCd1234.wasm'), 'wasm');
const built = new URL('../../dist/', import.meta.url);

const studios: Studio[] = [];
const start = async (options: Partial<StudioOptions> = {}): Promise<Studio> => {
  const studio = await startStudio({ runsDir: join(folder, 'runs'), port: 0, dist: pages, ...options });
  studios.push(studio);
  return studio;
};
afterAll(async () => {
  await Promise.all(studios.map((studio) => studio.close()));
  rmSync(folder, { recursive: true, force: true });
});

/** With the token as a program sends it. */
const ask = (studio: Studio, path: string, init: RequestInit = {}) => {
  const address = new URL(studio.address);
  const headers = { authorization: `Bearer ${address.searchParams.get('token')}`, 'content-type': 'application/json' };
  return fetch(new URL(path, address), { ...init, headers });
};

test('what a dependency brings is served from there, if it is what the pages were built with', async () => {
  const file = '@mujoco/mujoco/mujoco.wasm';
  const bytes = readFileSync(createRequire(import.meta.url).resolve(file));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const left = {
    '/assets/engine-AbCd1234.wasm': { file, sha256 },
    '/assets/other-AbCd1234.wasm': { file, sha256: '0' },
  };
  writeFileSync(join(app, 'dependency-files.json'), JSON.stringify(left));
  const studio = await start();
  rmSync(join(app, 'dependency-files.json'));
  const response = await ask(studio, '/assets/engine-AbCd1234.wasm');
  expect(response.headers.get('content-type')).toBe('application/wasm');
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  const other = await ask(studio, '/assets/other-AbCd1234.wasm');
  expect([other.status, (await other.json()).error]).toEqual([
    500,
    `the installed ${file} is not the one that the studio was built with; install anygoal again.`,
  ]);
});

test('a page gets a nonce of its own, workers may compile text, nothing else may', async () => {
  const studio = await start();
  const policy = async (path: string) => {
    const response = await ask(studio, path);
    expect(response.status, path).toBe(200);
    return [response.headers.get('content-security-policy') ?? '', await response.text(), response.headers] as const;
  };
  const [first, text, headers] = await policy('/runs/some/where');
  const nonce = /'nonce-([\w+/=]{20,})'/.exec(first)?.[1];
  expect(text).toBe(`<script nonce="${nonce}"></script><link nonce="${nonce}">`);
  expect(first).toContain("script-src 'self' 'wasm-unsafe-eval';");
  expect(headers.get('cache-control')).toBe('no-store');
  expect((await policy('/index.html'))[0]).not.toBe(first);
  expect((await policy('/workers/physics-AbCd1234.js'))[0]).toContain("'wasm-unsafe-eval' 'unsafe-eval'");
  const [script, , scriptHeaders] = await policy('/assets/index-AbCd1234.js');
  expect(script).not.toContain("'unsafe-eval'");
  expect(scriptHeaders.get('cache-control')).toContain('immutable');
  expect((await policy('/assets/mujoco-AbCd1234.wasm'))[2].get('content-type')).toBe('application/wasm');
  for (const path of ['/assets/absent.js', '/..%2fsecret.js', '/workers/../../package.json']) {
    expect((await ask(studio, path)).status, path).toBe(404);
  }
});

test('other host names are refused by the server itself', async () => {
  const studio = await start();
  const status = (host: string) =>
    new Promise((done) => {
      const { pathname, search } = new URL(studio.address);
      request({ host: '127.0.0.1', port: studio.port, path: pathname + search, headers: { host } }, (response) => {
        response.resume();
        done(response.statusCode);
      }).end();
    });
  expect(await status(`127.0.0.1:${studio.port}`)).toBe(200);
  expect(await status(`localhost:${studio.port}`)).toBe(200);
  expect(await status(`evil.example:${studio.port}`)).toBe(421);
  expect(await status('127.0.0.1')).toBe(421);
});

test('what is no proper request is refused, and the studio goes on', async () => {
  const studio = await start();
  const host = `Host: 127.0.0.1:${studio.port}`;
  const token = `Authorization: Bearer ${new URL(studio.address).searchParams.get('token')}`;
  /** The first line of the answer to these bytes; the connection may also just be closed. */
  const answer = (text: string) =>
    new Promise<string>((done) => {
      let heard = '';
      const socket = connect(studio.port, '127.0.0.1', () => socket.write(text));
      socket.setTimeout(5000, () => socket.destroy());
      socket.on('data', (bytes) => {
        heard += bytes;
        socket.end();
      });
      socket.on('error', () => done(heard));
      socket.on('close', () => done(heard.split('\r\n')[0]));
    });
  const end = '\r\nConnection: close\r\n\r\n';
  expect(await answer(`GET /api/info HTTP/1.1\r\n${host}\r\n${token}${end}`)).toBe('HTTP/1.1 200 OK');
  for (const text of [
    'nothing of the kind\r\n\r\n',
    `GET /api/info HTTP/1.1\r\n${token}${end}`,
    `GET /api/info HTTP/1.1\r\nHost: evil.example\r\n${host}\r\n${token}${end}`,
    `GET http://evil.example/api/info HTTP/1.1\r\nHost: evil.example\r\n${token}${end}`,
    `OPTIONS * HTTP/1.1\r\n${host}\r\n${token}${end}`,
    `GET /api/info HTTP/1.1\r\n${host}\r\n${token}\r\nX: ${'x'.repeat(100_000)}${end}`,
    `POST /api/runs HTTP/1.1\r\n${host}\r\n${token}\r\nContent-Length: 1\r\nTransfer-Encoding: chunked${end}0\r\n\r\n`,
    `GET /api/runs/${'%2e%2e%2f'.repeat(1000)} HTTP/1.1\r\n${host}\r\n${token}${end}`,
    `GET /%c0%ae%c0%ae/ HTTP/1.1\r\n${host}\r\nCookie: =;;;\u0001${end}`,
  ]) {
    expect(await answer(text), text.slice(0, 80)).toMatch(/^(HTTP\/1.1 4\d\d .*)?$/);
  }
  expect((await ask(studio, '/api/info')).status).toBe(200);
});

test('every start has a token of its own, and the loopback interface only', async () => {
  const [one, two] = [await start(), await start()];
  expect(one.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/);
  expect(new URL(one.address).search).not.toBe(new URL(two.address).search);
  expect([one.open, two.open]).toEqual([false, false]);
});

test('a port that is taken, a host that is not here, pages that are not built', async () => {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  const { port } = other.address() as { port: number };
  await expect(start({ port })).rejects.toThrow(`port ${port} is taken; name another with --port`);
  await expect(start({ host: '203.0.113.1' })).rejects.toThrow('203.0.113.1 is no address of this computer');
  await expect(start({ dist: pathToFileURL(`${folder}/`) })).rejects.toThrow('run npm run build');
  writeFileSync(join(folder, 'file'), '');
  await expect(start({ runsDir: join(folder, 'file') })).rejects.toThrow('a file is in its place');
  other.close();
});

describe('runs started from a page', () => {
  const list = async (studio: Studio) =>
    ((await (await ask(studio, '/api/runs')).json()) as { runs: RunSummary[] }).runs;

  test('are saved when the studio ends, and can go on in the next', async () => {
    const runsDir = join(folder, 'going');
    const studio = await start({ runsDir, dist: built });
    const settings = { 'evaluation.episodes': 2, 'evaluation.every': 500, 'training.warmupSteps': 100 };
    const body = JSON.stringify({ env: 'point/reach', steps: 1_000_000, seeds: [3], settings });
    const response = await ask(studio, '/api/runs', { method: 'POST', body });
    const { runs } = (await response.json()) as { runs: string[] };
    expect(response.status).toBe(201);
    expect(readdirSync(runsDir)).toEqual(runs);
    await expect.poll(async () => (await list(studio))[0].metricsBytes, { timeout: 20_000 }).toBeGreaterThan(0);
    expect((await list(studio))[0]).toMatchObject({ state: 'running', seed: 3, ours: true, resumable: false });
    const twice = await ask(studio, `/api/runs/${runs[0]}/resume`, { method: 'POST', body: '{}' });
    expect([twice.status, await twice.json()]).toEqual([409, { error: expect.stringContaining('already') }]);
    await studio.close();

    const next = await start({ runsDir, dist: built });
    const [stopped] = await list(next);
    expect(stopped).toMatchObject({ state: 'stopped', ours: false, resumable: true, problem: null });
    expect(stopped.steps).toBeGreaterThanOrEqual(500);
    const foreign = await ask(next, `/api/runs/${runs[0]}/stop`, { method: 'POST', body: '{}' });
    expect([foreign.status, await foreign.json()]).toEqual([409, { error: expect.stringContaining('Ctrl-C') }]);
    const refused = await ask(next, `/api/runs/${runs[0]}/resume`, { method: 'POST', body: '{"steps":10}' });
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { error: expect.stringContaining('steps 10 is less') },
    ]);
    expect((await list(next))[0].state).toBe('stopped');

    const steps = 100 * Math.ceil(stopped.steps / 100) + 200;
    const resumed = await ask(next, `/api/runs/${runs[0]}/resume`, { method: 'POST', body: JSON.stringify({ steps }) });
    expect(resumed.status).toBe(200);
    await expect.poll(async () => (await list(next))[0].state, { timeout: 20_000 }).toBe('done');
    expect((await list(next))[0].steps).toBe(steps);
    const policy = await ask(next, `/api/runs/${runs[0]}/policy.onnx?checkpoint=last`);
    expect(policy.headers.get('content-disposition')).toBe(`attachment; filename="${runs[0]}.onnx"`);
    expect((await policy.arrayBuffer()).byteLength).toBeGreaterThan(500);
    const files = await ask(next, `/api/runs/${runs[0]}/files/checkpoints/best/checkpoint.json`);
    expect(await files.json()).toMatchObject({ format: 'anygoal-checkpoint' });
  }, 90_000);

  test('do not go on in an environment that has changed, and stay what they were', async () => {
    const runsDir = join(folder, 'changed');
    const module = join(folder, 'cart.mjs');
    const example = readFileSync(new URL('../../examples/own-environment.js', import.meta.url), 'utf8');
    const code = example.replace("'anygoal/envs'", `'${new URL('envs/index.js', built)}'`);
    writeFileSync(module, code);
    const config = { evaluation: { every: 0, episodes: 1 }, agent: { options: { hidden: [8] } } };
    const quick = { ...config, runtime: { worker: false }, training: { warmupSteps: 50, updatesPerStep: 0.1 } };
    await train({ env: module, steps: 100, store: createDiskStore(runsDir), config: quick });
    writeFileSync(module, code.replace('maxEpisodeSteps: 50', 'maxEpisodeSteps: 60'));
    const studio = await start({ runsDir, dist: built });
    const [before] = await list(studio);
    const body = JSON.stringify({ steps: 200 });
    const refused = await ask(studio, `/api/runs/${before.name}/resume`, { method: 'POST', body });
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { error: expect.stringMatching(/me\/cart has changed since: maxEpisodeSteps: 50 then, 60 now/) },
    ]);
    expect((await list(studio))[0]).toMatchObject({ state: before.state, steps: 100, problem: null });
  }, 60_000);

  test('say beforehand what is against their settings', async () => {
    const studio = await start({ runsDir: join(folder, 'warned'), dist: built });
    const settings = { envs: 20, 'training.warmupSteps': 0, 'evaluation.episodes': 1 };
    const body = JSON.stringify({ env: 'point/reach', steps: 100, seeds: [1], settings });
    expect((await ask(studio, '/api/runs', { method: 'POST', body })).status).toBe(201);
    expect((await list(studio))[0].warnings).toEqual([expect.stringContaining('steps 100 over envs 20')]);
  }, 60_000);

  test('say what they take from their data sets', async () => {
    const runsDir = join(folder, 'taking');
    mkdirSync(runsDir);
    const file = join(runsDir, 'dense.safetensors');
    const envOptions = { reward: 'dense' };
    writeFileSync(file, (await recordData({ env: 'point/reach', envOptions, policy: 'random', episodes: 2 })).bytes);
    const studio = await start({ runsDir, dist: built });
    const settings = { data: [file], 'agent.hidden': [8], 'evaluation.episodes': 1 };
    const body = JSON.stringify({ env: 'point/reach', agent: 'bc', steps: 2, seeds: [1], settings });
    expect((await ask(studio, '/api/runs', { method: 'POST', body })).status).toBe(201);
    const told = `As ${file} was recorded: env.reward=dense.`;
    expect((await list(studio)).map(({ warnings }) => warnings)).toEqual([[told]]);
  }, 60_000);

  test('that cannot begin say why', async () => {
    const studio = await start({ runsDir: join(folder, 'failing'), dist: built });
    const body = JSON.stringify({ env: 'point/reach', agent: 'ppo', relabel: 'future:4' });
    const response = await ask(studio, '/api/runs', { method: 'POST', body });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: string }).error).toMatch(/ppo/);
    await expect.poll(studio.running, { timeout: 5000 }).toBe(0);
  }, 30_000);
});
