// A run on a store: its files, damaged and foreign ones, and a program killed at any operation and resumed.
import { beforeEach, describe, expect, test } from 'vitest';
import { trainConfigSchema } from '../config/config.js';
import { createMemoryStore } from './memory-store.js';
import { parseMonitor } from './monitor.js';
import { runName } from './run-layout.js';
import { listCheckpoints, openRun, readConfig } from './run-reader.js';
import { createRun, resumeRun, saveConfig } from './run-writer.js';
import type { RunWriter, Store } from './store.js';
import { decodeEvents } from './tfevents.js';

const config = trainConfigSchema.parse({ env: { name: 'arm/reach' }, agent: { name: 'sac' }, seed: 3 });
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const encode = (text: string) => new TextEncoder().encode(text);

/** What a training loop leaves at `steps`: everything is a function of the steps. */
const contents = (steps: number) => ({
  steps,
  policy: { 'actor/w': { shape: [2, 1], data: Float32Array.of(steps, -0.5) } },
  metadata: { env: 'arm/reach', spaces: '{"goal":3}' },
  state: { learner: Uint8Array.of(steps & 255, 1, 2), actor: encode(`actor at ${steps}`) },
});

async function advance(writer: RunWriter, step: number): Promise<void> {
  writer.log(step, { 'rollout/success_rate': step / 7 });
  writer.episode(-step, 50, step / 1000);
  writer.appendReplay(encode(`episode ${step}`));
}

/** Trains from `from` to `to`: a row per 10 steps, flushes every 20, checkpoints every 40; the one at 80 is the best. */
async function train(writer: RunWriter, from: number, to: number): Promise<void> {
  for (let step = from + 10; step <= to; step += 10) {
    await advance(writer, step);
    if (step % 20 === 0) await writer.flush();
    if (step % 40 === 0) await writer.checkpoint(contents(step), { best: step === 40 || step === 80 });
  }
  await writer.checkpoint(contents(to), { best: false }); // falls on the periodic one
  await writer.close();
}

describe('a run', () => {
  let store: Store;
  let writer: RunWriter;
  beforeEach(async () => {
    store = createMemoryStore('runs');
    writer = await createRun(store, 'run', { ...config, versions: { runtime: 'test 1' }, threads: 1 });
  });

  test('has a complete, versioned configuration and facts', async () => {
    const { config: read, facts } = await readConfig(store, 'run');
    expect(read).toEqual(config);
    expect(facts).toMatchObject({ threads: 1, versions: { runtime: 'test 1', node: process.versions.node } });
    await saveConfig(store, 'run', { ...config, steps: 99 });
    expect(await readConfig(store, 'run')).toEqual({ config: { ...config, steps: 99 }, facts });
  });

  test('takes the next free name', async () => {
    expect((await createRun(store, 'run', config)).dir).toBe('run-2');
    expect((await createRun(store, 'run', config)).path).toBe('runs/run-3');
    expect(await store.list('')).toEqual(['run', 'run-2', 'run-3']);
  });

  test('keeps logs that other tools read, with exact numbers', async () => {
    await train(writer, 0, 80);
    const rows = decode(await store.read('run/metrics.jsonl'));
    const parsed = rows
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row));
    expect(parsed.map(({ step, 'rollout/success_rate': rate }) => [step, rate])).toEqual(
      [10, 20, 30, 40, 50, 60, 70, 80].map((step) => [step, step / 7]),
    );
    const events = (await store.list('run')).find((name) => /^events\.out\.tfevents\.\d+\.anygoal$/.test(name));
    const scalars = decodeEvents(await store.read(`run/${events}`));
    expect(scalars.map(({ step }) => step)).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
    expect(scalars[0].values).toEqual({ 'rollout/success_rate': Math.fround(10 / 7) });
    const monitor = parseMonitor(decode(await store.read('run/monitor.csv')));
    expect(monitor.env).toBe('arm/reach');
    expect(monitor.rows[1]).toEqual({ reward: -20, length: 50, seconds: 0.02 });
  });

  test('opens its best, last and numbered checkpoints', async () => {
    await train(writer, 0, 120);
    expect(await listCheckpoints(store, 'run')).toEqual([40, 80, 120]);
    const best = await openRun(store, 'run');
    expect(best).toMatchObject({ path: 'runs/run', steps: 80, config, metadata: contents(80).metadata });
    expect(best.policy).toEqual(contents(80).policy);
    expect((await openRun(store, 'run', 'last')).steps).toBe(120);
    expect((await openRun(store, 'run', 40)).policy).toEqual(contents(40).policy);
    await expect(openRun(store, 'run', 50)).rejects.toThrow(
      'no checkpoint at step 50; it has 40, 80, 120, best and last',
    );
    // Only the last checkpoint holds the training state.
    expect(await store.list('run/checkpoints/80')).toEqual(['checkpoint.json', 'policy.safetensors']);
    expect(await store.list('run/checkpoints/120/state')).toEqual(['actor.bin', 'learner.bin']);
  });

  test('without an evaluation the best is the last', async () => {
    await writer.checkpoint(contents(5), { best: false });
    expect((await openRun(store, 'run', 'best')).steps).toBe(5);
  });

  test('resumes from its last checkpoint and forgets what came after', async () => {
    await train(writer, 0, 80);
    await advance(writer, 90);
    await writer.flush();
    await store.write('run/checkpoints/.tmp-100/policy.safetensors', encode('half'));
    const resumed = await resumeRun(store, 'run');
    expect(resumed.config).toEqual(config);
    expect(resumed.checkpoint).toMatchObject(contents(80));
    expect(resumed.replaySegments.map(decode)).toEqual(
      [10, 20, 30, 40, 50, 60, 70, 80].map((step) => `episode ${step}`),
    );
    expect(decode(await store.read('run/metrics.jsonl'))).not.toContain('"step":90');
    expect(await store.list('run/checkpoints')).toEqual(['40', '80', 'best', 'last']);
  });

  test('a checkpoint that fails leaves the one before and nothing half-written', async () => {
    await train(writer, 0, 40);
    const write: Store['write'] = (path, bytes) =>
      path.endsWith('actor.bin') ? Promise.reject(new Error('disk full')) : store.write(path, bytes);
    const { writer: failing, checkpoint } = await resumeRun({ ...store, write }, 'run');
    expect(checkpoint.steps).toBe(40);
    await advance(failing, 50);
    await expect(failing.checkpoint(contents(50), { best: true })).rejects.toThrow('disk full');
    expect(await store.list('run/checkpoints')).toEqual(['40', 'best', 'last']);
    expect((await resumeRun(store, 'run')).checkpoint).toMatchObject(contents(40));
  });

  test('one failed write stops all later ones', async () => {
    const failing = { ...store, append: () => Promise.reject(new Error('disk full')) };
    const broken = await createRun(failing, 'broken', config);
    await expect(broken.flush()).rejects.toThrow('disk full');
    await expect(broken.checkpoint(contents(1), { best: true })).rejects.toThrow('disk full');
    expect(await store.list('broken/checkpoints')).toEqual([]);
  });
});

describe('files that are wrong are named with the fix', () => {
  let store: Store;
  beforeEach(async () => {
    store = createMemoryStore('runs');
    await train(await createRun(store, 'run', config), 0, 80);
  });
  const edit = async (path: string, change: (value: Record<string, unknown>) => unknown) =>
    store.write(path, encode(JSON.stringify(change(JSON.parse(decode(await store.read(path)))))));
  const policy = 'run/checkpoints/80/policy.safetensors';
  const header = 'run/checkpoints/80/checkpoint.json';

  const cases: [string, () => Promise<unknown>, RegExp][] = [
    ['no run', () => store.remove('run'), /runs\/run is not a run: it has no config\.json/],
    ['no checkpoints', () => store.remove('run/checkpoints'), /no checkpoint: it ended before the first/],
    [
      'config no JSON',
      () => store.truncate('run/config.json', 9),
      /runs\/run\/config\.json is damaged: it is not JSON/,
    ],
    [
      'config foreign',
      () => store.write('run/config.json', encode('{"lr":1}')),
      /config\.json was not written by anygoal/,
    ],
    ['config newer', () => edit('run/config.json', (c) => ({ ...c, version: 2 })), /newer anygoal .* Update anygoal/],
    ['config damaged', () => edit('run/config.json', (c) => ({ ...c, seed: 'x' })), /config\.json is damaged: seed: /],
    ['policy cut', () => store.truncate(policy, 50), /policy\.safetensors is damaged: it has 50 bytes instead of/],
    [
      'policy changed',
      async () => {
        const bytes = await store.read(policy);
        bytes[bytes.length - 1] ^= 1;
        await store.write(policy, bytes);
      },
      /policy\.safetensors is damaged: its checksum differs/,
    ],
    ['policy missing', () => store.remove(policy), /runs\/run\/checkpoints\/80\/policy\.safetensors is missing/],
    ['checkpoint foreign', () => store.write(header, encode('{}')), /checkpoint\.json was not written by anygoal/],
    ['checkpoint newer', () => edit(header, (c) => ({ ...c, version: 7 })), /format is 7, this program reads up to 1/],
    ['checkpoint no JSON', () => store.write(header, encode('x')), /checkpoint\.json is damaged: it is not JSON/],
    ['checkpoint missing', () => store.remove(header), /checkpoints\/80 is damaged: checkpoint\.json is missing/],
  ];
  test.each(cases)('%s', async (_, damage, message) => {
    await damage();
    await expect(openRun(store, 'run', 'last')).rejects.toThrow(message);
    await expect(resumeRun(store, 'run')).rejects.toThrow(message);
  });

  const resumeCases: [string, () => Promise<unknown>, RegExp][] = [
    ['state missing', () => store.remove('run/checkpoints/80/state/actor.bin'), /state\/actor\.bin is missing/],
    ['log too short', () => store.truncate('run/metrics.jsonl', 3), /metrics\.jsonl is damaged: it has 3 bytes, but/],
    ['replay lost', () => store.remove('run/replay'), /segments\.bin is damaged: it has 0 bytes/],
    [
      'replay changed',
      async () => {
        const bytes = await store.read('run/replay/segments.bin');
        bytes[20] ^= 1;
        await store.write('run/replay/segments.bin', bytes);
      },
      /segments\.bin is damaged at byte 18/,
    ],
  ];
  test.each(resumeCases)(
    '%s: the run cannot go on, its policy can be used, nothing is changed',
    async (_, damage, message) => {
      await advance(await createRun(store, 'unrelated', config), 1);
      await damage();
      const before = await Promise.all((await store.list('run')).map((name) => store.size(`run/${name}`)));
      await expect(resumeRun(store, 'run')).rejects.toThrow(message);
      expect(await Promise.all((await store.list('run')).map((name) => store.size(`run/${name}`)))).toEqual(before);
      expect((await openRun(store, 'run', 'last')).policy).toEqual(contents(80).policy);
    },
  );
});

describe('a program killed at any moment', () => {
  class Killed extends Error {}

  /** A store that stops before its `limit`th change, or in the middle of it where the change is an append. */
  function mortal(store: Store, limit: number): { store: Store; changes: () => number } {
    let changes = 0;
    const guard = async (inTheMiddle?: () => Promise<void>) => {
      if (++changes < limit) return;
      if (changes === limit) await inTheMiddle?.();
      throw new Killed();
    };
    const guarded: Store = {
      ...store,
      write: (...a) => guard().then(() => store.write(...a)),
      append: async (path, bytes) => {
        await guard(() => store.append(path, bytes.subarray(0, bytes.length >> 1)));
        return store.append(path, bytes);
      },
      truncate: (...a) => guard().then(() => store.truncate(...a)),
      rename: (...a) => guard().then(() => store.rename(...a)),
      // Removing a folder takes several steps on a disk: some files may be gone.
      remove: async (path) => {
        await guard(async () => {
          const [first] = await store.list(path);
          if (first !== undefined) await store.remove(`${path}/${first}`);
        });
        return store.remove(path);
      },
      link: (...a) => guard().then(() => store.link(...a)),
    };
    return { store: guarded, changes: () => changes };
  }

  /** Everything that must not depend on having been killed: all files, times taken out. */
  async function snapshot(store: Store, path = 'run'): Promise<Record<string, string>> {
    const files: Record<string, string> = {};
    for (const name of await store.list(path)) {
      const full = `${path}/${name}`;
      const target = await store.readLink(full);
      if (target !== undefined) files[full] = `-> ${target}`;
      else if ((await store.size(full)) === undefined) Object.assign(files, await snapshot(store, full));
      else if (name.startsWith('events')) {
        files.events = JSON.stringify(decodeEvents(await store.read(full)).map(({ step, values }) => [step, values]));
      } else if (name === 'metrics.jsonl') files[full] = decode(await store.read(full)).replace(/"wall":[\d.]+/g, '');
      else if (name === 'monitor.csv') files[full] = decode(await store.read(full)).replace(/"t_start":[\d.]+/, '');
      else if (name === 'checkpoint.json') {
        const { offsets, ...rest } = JSON.parse(decode(await store.read(full)));
        files[full] = JSON.stringify(rest); // offsets depend on the digits of the time
      } else if (name !== 'config.json') files[full] = String(await store.read(full));
    }
    return files;
  }

  test('resumes to the same files as an uninterrupted run, wherever it was killed, even twice', async () => {
    const reference = createMemoryStore();
    const counted = mortal(reference, Number.POSITIVE_INFINITY);
    await train(await createRun(counted.store, 'run', config), 0, 120);
    const expected = await snapshot(reference);
    expect(Object.keys(expected).length).toBeGreaterThan(12);
    const total = counted.changes();
    let resumedRuns = 0;

    for (let first = 1; first <= total; first++) {
      const store = createMemoryStore();
      await expect(
        (async () => train(await createRun(mortal(store, first).store, 'run', config), 0, 120))(),
      ).rejects.toThrow(Killed);
      if ((await listCheckpoints(store, 'run')).length === 0) continue; // before the first checkpoint: nothing to resume
      // A second death while resuming or soon after, at a moment that varies with the first.
      const second = mortal(store, 1 + (first % 11));
      await (async () => {
        const { writer, checkpoint } = await resumeRun(second.store, 'run');
        await train(writer, checkpoint.steps, 120);
      })().catch((error) => expect(error).toBeInstanceOf(Killed));
      const { writer, checkpoint } = await resumeRun(store, 'run');
      await train(writer, checkpoint.steps, 120);
      expect(await snapshot(store), `killed at change ${first}`).toEqual(expected);
      resumedRuns++;
    }
    expect(resumedRuns).toBeGreaterThan(20);
  });
});

test('run names tell environment, agent, seed and local time', () => {
  const time = new Date(2026, 10, 21, 13, 45, 1);
  expect(runName(config, time)).toBe('arm-reach__sac__3__20261121-134501');
  expect(runName({ ...config, env: { name: '../envs/My Maze.js', options: {} } }, time)).toBe(
    'envs-My-Maze.js__sac__3__20261121-134501',
  );
  const long = runName({ ...config, env: { name: `/far/${'deep/'.repeat(100)}maze.js`, options: {} } }, time);
  expect(long).toMatch(/^[dep-]+maze\.js__sac__3__20261121-134501$/);
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(180);
  expect(runName({ ...config, env: { name: '迷路', options: {} } }, time)).toBe('env__sac__3__20261121-134501');
});
