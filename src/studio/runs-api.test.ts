// The requests of the Runs page: list, states, curves, differences, forms, pushes, and their speed with many runs.
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadFetchAssets } from '../envs/fetch/assets.js';
import { createDiskStore } from '../runs/disk-store.js';
import { train } from '../training/train.js';
import type { Difference, MetricsAnswer, RunForm, RunSummary } from './api-types.js';
import { metricsRows, type TestStudio, temporaryFolder, testStudio, writeRun } from './testing.js';

const folder = temporaryFolder();
let studio: TestStudio;
const json = async <T>(path: string): Promise<T> => (await studio.ask(path)).json() as Promise<T>;
const list = async () => (await json<{ runs: RunSummary[] }>('/api/runs')).runs;

beforeAll(async () => {
  const done = { steps: 5000, agent: { name: 'sac', options: { hidden: [64, 64] } } };
  writeRun(folder, { name: 'done', rows: 10, config: done, created: '2026-11-20T08:00:00.000Z' });
  writeRun(folder, { name: 'done-2', rows: 10, config: { ...done, seed: 1 } });
  writeRun(folder, { name: 'cut', rows: 10, config: { steps: 50_000, relabel: 'none' } });
  mkdirSync(join(folder, 'cut', 'checkpoints', 'last'), { recursive: true });
  writeRun(folder, { name: 'never-saved', rows: 10, config: { steps: 50_000 } });
  const untilSuccess = { evaluation: { untilSuccess: 0.6 } };
  writeRun(folder, { name: 'succeeded', rows: 400, config: { steps: 5_000_000, ...untilSuccess } });
  writeRun(folder, { name: 'going', rows: 10, config: { steps: 50_000 }, going: true });
  const killed = writeRun(folder, { name: 'killed', rows: 10, config: { steps: 50_000 } });
  mkdirSync(join(killed, 'checkpoints', 'last'), { recursive: true });
  writeFileSync(join(killed, 'lock'), JSON.stringify({ pid: 2 ** 30, host: hostname(), folder: killed }));
  writeRun(folder, { name: 'broken', rows: 2 });
  writeFileSync(join(folder, 'broken', 'config.json'), '{');
  mkdirSync(join(folder, 'no-run'));
  studio = await testStudio(folder);
});
afterAll(() => {
  studio.live.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the list', () => {
  test('says what became of each run', async () => {
    const states = Object.fromEntries((await list()).map(({ name, state }) => [name, state]));
    expect(states).toEqual({
      done: 'done',
      'done-2': 'done',
      cut: 'stopped',
      'never-saved': 'failed',
      succeeded: 'done',
      going: 'running',
      killed: 'failed',
      broken: 'failed',
    });
  });

  test('shows the last evaluation, progress, and what is wrong', async () => {
    const runs = await list();
    expect(runs.find(({ name }) => name === 'done')).toMatchObject({
      env: 'point/reach',
      agent: 'sac',
      steps: 5000,
      totalSteps: 5000,
      success: JSON.parse(metricsRows(10).trim().split('\n').at(-1) ?? '')['eval/success_rate'],
      stepsPerSecond: expect.any(Number),
      created: '2026-11-20T08:00:00.000Z',
    });
    expect(runs.find(({ name }) => name === 'broken')?.problem).toMatch(/config\.json is damaged/);
    expect(runs.at(-1)?.name).toBe('broken'); // without a date, so behind all others
    expect(runs.find(({ name }) => name === 'killed')).toMatchObject({
      problem: expect.stringMatching(/was killed/),
      resumable: true,
    });
    const group = (wanted: string) => runs.find(({ name }) => name === wanted)?.group;
    expect(group('done')).toBe(group('done-2'));
    expect(group('done')).not.toBe(group('cut'));
  });

  test('sees what is written', async () => {
    writeRun(folder, { name: 'more', rows: 4, config: { steps: 50_000 } });
    expect((await list()).find(({ name }) => name === 'more')?.steps).toBe(2000);
    appendFileSync(join(folder, 'more', 'metrics.jsonl'), metricsRows(2, { from: 4 }));
    expect((await list()).find(({ name }) => name === 'more')?.steps).toBe(3000);
    rmSync(join(folder, 'more'), { recursive: true });
    expect((await list()).some(({ name }) => name === 'more')).toBe(false);
  });
});

test('curves by name; a run without metrics has none', async () => {
  const { curves, names } = await json<MetricsAnswer>('/api/runs/done/metrics?names=eval/success_rate,absent');
  expect(Object.keys(curves)).toEqual(['eval/success_rate']);
  expect(curves['eval/success_rate'].step).toEqual([1000, 2000, 3000, 4000, 5000]);
  expect(names).toContain('train/critic_loss');
  writeRun(folder, { name: 'empty' });
  expect(await json<MetricsAnswer>('/api/runs/empty/metrics?names=a')).toMatchObject({ curves: {}, names: [] });
  rmSync(join(folder, 'empty'), { recursive: true });
});

test('differences are named as people write settings', async () => {
  const { differences } = await json<{ differences: Difference[] }>('/api/differences?runs=done,done-2,cut');
  expect(differences).toEqual(
    [
      { path: 'agent.hidden', values: [[64, 64], [64, 64], undefined].map((value) => value ?? undefined) },
      { path: 'relabel', values: ['future:4', 'future:4', 'none'] },
      { path: 'seed', values: [0, 1, 0] },
      { path: 'steps', values: [5000, 5000, 50_000] },
    ].map(({ path, values }) => ({ path, values: JSON.parse(JSON.stringify(values)) })),
  );
});

test('the form knows agents that fit, tuned values, ranges and words', async () => {
  const form = await json<RunForm>('/api/form?env=arm/reach');
  expect(form.agent).toBe('sac');
  expect(form.agents).not.toContain('dqn');
  expect(form.agents).toContain('planner');
  const setting = (path: string) => form.settings.find((entry) => entry.path === path);
  expect(setting('agent.learningRate')).toMatchObject({
    allowed: 'a number, above 0 and at most 1',
    meaning: expect.stringMatching(/\w/),
  });
  expect(setting('training.batchSize')).toMatchObject({ allowed: 'a whole number from 1 to 65536' });
  expect(setting('env.reward')?.schema.enum).toContain('sparse');
  expect(form.settings.filter(({ value }) => value === undefined)).toEqual([]);
  expect(setting('agent.encoders')?.value).toEqual({});
  expect(setting('env.camera.size')?.value).toBe(64); // what it would have: there is none
  expect(new Set(form.settings.map(({ path }) => path)).size).toBe(form.settings.length);
  for (const path of ['init', 'env.name', 'version']) expect(setting(path)).toBeUndefined();
  const discrete = await json<RunForm>('/api/form?env=bit-flip');
  expect(discrete.agent).toBe('dqn');
});

test('a start is passed on complete and checked, once per seed', async () => {
  const body = {
    env: 'point/reach',
    agent: 'td3',
    relabel: 'final:2',
    seeds: [4, 5],
    settings: { 'agent.hidden': '[8]' },
  };
  const response = await studio.ask('/api/runs', { method: 'POST', body });
  expect([response.status, await response.json()]).toEqual([201, { runs: ['started', 'started'] }]);
  expect(studio.children.started).toMatchObject(
    [4, 5].map((seed) => ({ seed, relabel: 'final:2', agent: { name: 'td3', options: { hidden: [8] } }, version: 1 })),
  );
});

test('what changes is pushed, to all pages, until they leave', async () => {
  const pages = await Promise.all([0, 1].map(() => studio.ask('/api/events')));
  const readers = pages.map((page) => page.body!.pipeThrough(new TextDecoderStream()).getReader());
  const until = async (reader: (typeof readers)[0], pattern: RegExp) => {
    let text = '';
    while (!pattern.test(text)) text += (await reader.read()).value;
    return text;
  };
  for (const reader of readers) await until(reader, /event: runs\ndata: \[.*"going"/);
  const begin = performance.now();
  appendFileSync(join(folder, 'going', 'metrics.jsonl'), metricsRows(2, { from: 10 }));
  for (const reader of readers) {
    expect(await until(reader, /event: change\ndata: .*\n/)).toContain('"name":"going","env":"point/reach"');
  }
  expect(performance.now() - begin).toBeLessThan(1500); // watched, not only polled
  writeRun(folder, { name: 'late', rows: 1 });
  await until(readers[0], /"changed":\[\{"name":"late"/);
  rmSync(join(folder, 'late'), { recursive: true });
  await until(readers[0], /"removed":\["late"\]/);
  for (const reader of readers) await reader.cancel();
});

test('two hundred runs of ten thousand points stay quick', async () => {
  const many = temporaryFolder();
  const text = metricsRows(10_000);
  for (let i = 0; i < 200; i++) {
    const path = writeRun(many, { name: `run-${i}`, config: { seed: i, steps: 5_000_000 } });
    // The same bytes under many names would be one file to the disk: a first row of its own.
    writeFileSync(join(path, 'metrics.jsonl'), `{"step":0,"wall":${i}}\n${text}`);
  }
  const { ask, live } = await testStudio(many);
  const timed = async (path: string): Promise<number> => {
    const begin = performance.now();
    const response = await ask(path);
    await response.text();
    expect(response.status).toBe(200);
    return performance.now() - begin;
  };
  const cold = await timed('/api/runs');
  const warm = Math.min(...[await timed('/api/runs'), await timed('/api/runs'), await timed('/api/runs')]);
  const curve = '/api/runs/run-3/metrics?names=rollout/success_rate,eval/success_rate';
  const firstCurve = await timed(curve);
  const nextCurve = Math.min(await timed(curve), await timed(curve));
  const times = { cold, warm, firstCurve, nextCurve };
  console.log(
    Object.entries(times)
      .map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`)
      .join(', '),
  );
  expect(warm).toBeLessThan(100);
  expect(nextCurve).toBeLessThan(50);
  live.close();
  rmSync(many, { recursive: true, force: true });
}, 60_000);

test('models of fetch/* are given to pages where they are, and nothing else from there', async () => {
  const asked = await studio.ask('/api/user-models/fetch/fetch/reach.xml');
  const here = await loadFetchAssets().catch(() => undefined);
  expect(asked.status).toBe(here ? 200 : 400);
  if (here) expect(new Uint8Array(await asked.arrayBuffer())).toEqual(here['fetch/reach.xml']);
  else expect(((await asked.json()) as { error: string }).error).toContain('pip install');
  const none = ['fetch/fetch/../../package.json', 'fetch%2F..%2F..%2Fpackage.json', 'fetch/hand/reach.xml', ''];
  for (const path of [...none, 'arm/reach.xml', 'metaworld/fetch/reach.xml']) {
    expect((await studio.ask(`/api/user-models/${path}`)).status).toBe(404);
  }
});

describe('names', () => {
  const odd = ['my run (best)', 'Lauf größer 日本', 'it\'s "100%" #1?', '-x', `long-${'x'.repeat(250)}`, '+a&b=c'];

  test.each(odd)('a run that was called %s by hand is listed, read and downloaded', async (name) => {
    const folder = temporaryFolder();
    writeRun(folder, { name, rows: 3 });
    const studio = await testStudio(folder);
    const { runs } = (await (await studio.ask('/api/runs')).json()) as { runs: RunSummary[] };
    expect(runs).toMatchObject([{ name, env: 'point/reach', steps: 1500 }]);
    const path = `/api/runs/${encodeURIComponent(name)}`;
    expect(await (await studio.ask(path)).json()).toMatchObject({ summary: { name } });
    const curves = await studio.ask(`${path}/metrics?names=train/critic_loss`);
    expect((await curves.json()).curves['train/critic_loss'].step).toHaveLength(2);
    const file = await studio.ask(`${path}/files/config.json`);
    expect(file.status).toBe(200);
    const disposition = file.headers.get('content-disposition') ?? '';
    const [, saved] = /filename\*=UTF-8''([^;]+)$/.exec(disposition) ?? /filename="([^"]+)"$/.exec(disposition) ?? [];
    expect(decodeURIComponent(saved)).toBe(`${name}-config.json`);
    rmSync(folder, { recursive: true });
  });

  test.runIf(process.platform !== 'win32')('what cannot be shown is listed with its reason and the fix', async () => {
    const folder = temporaryFolder();
    for (const name of ['a,b', 'back\\slash', 'two\nlines']) writeRun(folder, { name });
    const latin = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xe4])]);
    mkdirSync(latin);
    writeFileSync(Buffer.concat([latin, Buffer.from('/config.json')]), '{}');
    mkdirSync(join(folder, 'deep'));
    symlinkSync(writeRun(join(folder, 'deep'), { name: 'run' }), join(folder, 'linked'));
    mkdirSync(join(folder, 'no,run'));
    mkdirSync(join(folder, '.tmp-run'));
    const studio = await testStudio(folder);
    const { runs } = (await (await studio.ask('/api/runs')).json()) as { runs: RunSummary[] };
    expect(Object.fromEntries(runs.map(({ name, state, problem }) => [name, `${state}: ${problem}`]))).toEqual({
      'a,b': 'failed: The studio cannot show it: its name holds a comma. Rename the folder.',
      'back\\slash': 'failed: The studio cannot show it: its name holds a slash. Rename the folder.',
      'two\nlines': 'failed: The studio cannot show it: its name holds a control character. Rename the folder.',
      '\ufffd': 'failed: The studio cannot show it: its name is not in UTF-8. Rename the folder.',
      linked: expect.stringMatching(/^failed: The studio does not follow links.*Remove or rename/),
    });
    expect((await studio.ask(`/api/runs/${encodeURIComponent('a,b')}`)).status).toBe(400);
    rmSync(folder, { recursive: true });
  });
});

test.each([
  ['sac', 'point/reach', ['critics'], ['critic', 'targetCritics', 'critics.m', 'actor']],
  ['ddpg', 'point/reach', ['critic'], ['critics', 'actor', 'critic.m']],
  ['dqn', 'grid', [], ['critics', 'q', 'q.m']],
])('of a run of %s pages read the vectors that its values need, and no others', async (agent, env, given, others) => {
  const { runDir } = await train({
    env,
    agent,
    steps: 64,
    store: createDiskStore(folder),
    config: {
      agent: { options: { hidden: [8] } },
      training: { batchSize: 16, warmupSteps: 32 },
      evaluation: { every: 0, episodes: 1 },
      runtime: { worker: false },
    },
  });
  const vector = (name: string) =>
    studio.ask(`/api/runs/${basename(runDir)}/files/checkpoints/last/state/learner.vector.${name}.bin`);
  for (const name of given) expect((await vector(name)).status, name).toBe(200);
  for (const name of others) {
    const answer = await vector(name);
    expect([answer.status, await answer.text()], name).toEqual([403, expect.stringContaining('what its values')]);
  }
});
