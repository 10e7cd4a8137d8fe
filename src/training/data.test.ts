// Learning from recorded episodes: alone and beside acting, the same bytes after going on, and what is refused.
import { describe, expect, it } from 'vitest';
import { trainConfigSchema } from '../config/config.js';
import type { DataSet } from '../datasets/index.js';
import { openDataSet } from '../datasets/index.js';
import { loadEnv, parseEnvOptions } from '../envs/index.js';
import { rowLayout } from '../replay/index.js';
import { crc32c } from '../runs/crc32c.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { readCheckpoint } from '../runs/run-reader.js';
import { loadData } from './data.js';
import { evaluateRun } from './policy.js';
import { recordData } from './record.js';
import { resume, train } from './train.js';
import type { TrainOptions } from './types.js';

const inProcess = { worker: false, overlap: false };
const env = 'point/reach';
const random = await recordData({ env, policy: 'random', episodes: 200, seed: 3 });
const data = await openDataSet('random', random.bytes);

async function vectors(options: Partial<TrainOptions> & { data?: DataSet }, steps: number, then?: number) {
  const store = createMemoryStore();
  const result = await train({
    env,
    data,
    seed: 4,
    store,
    ...options,
    steps,
    config: {
      agent: { options: { hidden: [16, 16] } },
      training: { batchSize: 32 },
      evaluation: { every: 0, episodes: 3 },
      runtime: inProcess,
      ...options.config,
    },
  });
  const run = result.runDir.slice(store.location.length + 1);
  const whole = then === undefined ? result : await resume({ run, store, steps: then, data: [options.data ?? data] });
  const { state } = await readCheckpoint(store, run, whole.envSteps);
  // Sums of the parts: the test framework compares large arrays slowly. The loop's state holds the seconds spent.
  const sums = Object.entries(state).flatMap(([name, bytes]) => (name === 'loop' ? [] : [[name, crc32c(bytes)]]));
  return { store, run, result: whole, sums: Object.fromEntries(sums) };
}

describe('recording', () => {
  it('gives the same bytes for the same seed, others for another', async () => {
    const again = await recordData({ env, policy: 'random', episodes: 200, seed: 3 });
    expect(again.bytes).toEqual(random.bytes);
    const other = await recordData({ env, policy: 'random', episodes: 200, seed: 5 });
    expect(other.bytes).not.toEqual(random.bytes);
  });

  it('of a scripted controller and of a policy says how often they succeeded', async () => {
    const scripted = await recordData({ env: 'arm/reach', policy: 'scripted', episodes: 10 });
    expect(scripted).toMatchObject({ episodes: 10, successRate: 1 });
    const { store, run } = await vectors({}, 100);
    const recorded = await recordData({ env, policy: { run, store }, episodes: 5, seed: 1 });
    const evaluated = await evaluateRun({ run, store, episodes: 5 });
    expect(recorded.episodes).toBe(evaluated.episodes);
    const set = await openDataSet('policy', recorded.bytes);
    expect(set.origin).toMatchObject({ policy: run, seed: 1 });
    await expect(recordData({ env: 'point/maze-umaze', policy: { run, store }, episodes: 1 })).rejects.toThrow(
      "the run's policy is for point/reach, not for point/maze-umaze",
    );
  });
});

describe('recording tasks', () => {
  const family = { env: 'point/two-tasks', policy: 'random' };
  const tasksOf = async (options: Partial<Parameters<typeof recordData>[0]>) => {
    const { bytes } = await recordData({ ...family, ...options });
    const set = await openDataSet('tasks', bytes);
    const { columns } = await set.read(0, set.steps.length);
    return Array.from(columns.task);
  };

  it('has them in turn, only some, or so many episodes of each', async () => {
    expect(await tasksOf({ episodes: 5 })).toEqual([0, 1, 0, 1, 0]);
    const [first, second] = ['reach', 'turned-round'];
    expect(await tasksOf({ episodes: 3, tasks: [second] })).toEqual([1, 1, 1]);
    expect(await tasksOf({ tasks: { [first]: 2, [second]: 1 } })).toEqual([0, 0, 1]);
    await expect(tasksOf({ episodes: 2, tasks: { [first]: 1 } })).rejects.toThrow(
      'episodes is 2, but tasks asks for 1; leave it out',
    );
    await expect(tasksOf({ episodes: 1, tasks: ['turnd-round'] })).rejects.toThrow('did you mean "turned-round"?');
    await expect(tasksOf({})).rejects.toThrow('episodes is missing');
  });

  it('of an arm that shakes has the actions that were meant', async () => {
    const { bytes } = await recordData({ env: 'arm/reach', policy: 'scripted', episodes: 2, shake: 0.5 });
    const set = await openDataSet('shaken', bytes);
    expect(set.origin).toMatchObject({ shake: 0.5 });
    const { columns } = await set.read(0, 2);
    const definition = await loadEnv('arm/reach');
    const meant = definition.demonstrator?.(parseEnvOptions(definition, {}));
    const size = columns.observation.length / (set.transitions + 2);
    for (let t = 0; t < 40; t++) {
      const wanted = meant?.(columns.observation.subarray(t * size, (t + 1) * size), columns.goal.subarray(0, 3)) ?? [];
      expect(Array.from(columns.action.subarray(4 * t, 4 * t + 4))).toEqual(Array.from(wanted));
    }
    const steady = await openDataSet(
      'steady',
      (await recordData({ env: 'arm/reach', policy: 'scripted', episodes: 2 })).bytes,
    );
    const { columns: others } = await steady.read(0, 2);
    expect(Array.from(columns.observation.slice(0, size))).toEqual(Array.from(others.observation.slice(0, size)));
    expect(columns.observation[10 * size]).not.toBe(others.observation[10 * size]);
  });

  it('ends episodes once the goal is held', async () => {
    const record = (holdSteps?: number) =>
      recordData({ env: 'arm/reach', policy: 'scripted', episodes: 4, ...(holdSteps && { holdSteps }) });
    const set = await openDataSet('held', (await record(5)).bytes);
    expect(Math.max(...set.steps)).toBeLessThan(50);
    expect((await record(5)).successRate).toBe(1);
    const { columns } = await set.read(0, 1);
    const rewards = Array.from(columns.reward.subarray(0, set.steps[0]));
    expect(rewards.slice(-6)).toEqual([-1, 0, 0, 0, 0, 0]);
    expect([...(await openDataSet('whole', (await record()).bytes)).steps]).toEqual([50, 50, 50, 50]);
  });

  it('of clumsy controllers gives actions as they were taken, within the bounds, the same for the same seed', async () => {
    const record = (options: Partial<Parameters<typeof recordData>[0]>) =>
      recordData({ env: 'arm/reach', policy: 'scripted', episodes: 4, ...options });
    const actions = async (options: Parameters<typeof record>[0]) => {
      const set = await openDataSet('clumsy', (await record(options)).bytes);
      return (await set.read(0, 4)).columns.action;
    };
    const [skilled, noisy, careless] = [await actions({}), await actions({ noise: 0.3 }), await actions({ random: 1 })];
    expect(noisy).not.toEqual(skilled);
    expect(noisy).toEqual(await actions({ noise: 0.3 }));
    expect(Math.max(...Array.from(noisy, Math.abs))).toBeLessThanOrEqual(1);
    expect(careless).not.toEqual(skilled);
    expect((await openDataSet('n', (await record({ noise: 0.3 })).bytes)).origin).toMatchObject({ noise: 0.3 });
    await expect(recordData({ env: 'bit-flip', policy: 'random', episodes: 1, noise: 1 })).rejects.toThrow(
      'actions are choices here',
    );
  });
});

it('behaviour cloning without data is refused with what to do, and with it never acts', async () => {
  await expect(train({ env, agent: 'bc', steps: 10, store: createMemoryStore() })).rejects.toThrow(
    'bc imitates recorded episodes, and none are given; record some (anygoal data record point/reach --out',
  );
  const { result } = await vectors({ agent: 'bc' }, 20);
  expect(result.updates).toBe(20);
});

describe('learning from recorded episodes', () => {
  it('alone reaches goals that chance never reached, by hindsight, without a step of its own', async () => {
    const store = createMemoryStore();
    const result = await train({ env, data, steps: 4000, seed: 1, store, config: { runtime: inProcess } });
    expect(result.updates).toBe(4000); // from the first step of the clock on
    const run = result.runDir.slice(store.location.length + 1);
    // Recorded: nearly no success. 200 fresh goals: a policy of true success 0.97 fails this once in 10^6.
    expect(random.successRate).toBeLessThan(0.05);
    expect((await evaluateRun({ run, store, episodes: 200 })).successRate).toBeGreaterThan(0.9);
  }, 120_000);

  it.each([
    ['alone', () => ({})],
    ['beside acting', () => ({ config: { data: { share: 0.5 }, training: { batchSize: 32, warmupSteps: 100 } } })],
    [
      'in a table',
      async () => {
        const flips = await recordData({ env: 'bit-flip', policy: 'random', episodes: 40 });
        const recorded = await openDataSet('random', flips.bytes);
        return { env: 'bit-flip', data: recorded, agent: 'tabular', config: { agent: {} } };
      },
    ],
  ] as const)('goes on bit for bit: %s', async (_, given) => {
    const options = await given();
    const whole = await vectors(options, 600);
    const broken = await vectors(options, 300, 600);
    expect(whole.result.updates).toBeGreaterThan(100);
    expect(broken.sums).toEqual(whole.sums);
  });

  it('records what it learned from, and refuses to go on with anything else', async () => {
    const { store, run } = await vectors({}, 100);
    const config = JSON.parse(new TextDecoder().decode(await store.read(`${run}/config.json`)));
    expect(config.data).toEqual({ columns: {}, files: ['random'], share: 1 });
    expect(config.dataSets).toEqual([
      { file: 'random', crc32c: await data.checksum(), episodes: 200, transitions: 10_000 },
    ]);
    const other = await recordData({ env, policy: 'random', episodes: 10, seed: 5 });
    const changed = await openDataSet('random', other.bytes);
    await expect(resume({ run, store, steps: 200, data: [changed] })).rejects.toThrow(
      /random has changed: this run began with 200 episodes of 10000 transitions .* now holds 10 of 500/,
    );
    await expect(resume({ run, store, steps: 200 })).rejects.toThrow(
      /this run learns from the data set random, which cannot be opened .* pass it as resume/,
    );
  });

  it('keeps no episode of the data in the run', async () => {
    const { store, run } = await vectors({ config: { data: { share: 0.5 } } }, 400);
    const size = (await store.size(`${run}/replay/segments.bin`)) ?? 0;
    // 8 episodes of its own, of which each takes 51 rows of at most 16 numbers.
    expect(size).toBeLessThan(8 * 51 * 16 * 4 + 1000);
  });

  it('leaves out episodes whose goal or task is held out, and refuses data that are nothing else', async () => {
    const handed = async (name: string, bytes: Uint8Array, config: Record<string, unknown>) => {
      const set = await openDataSet('recorded', bytes);
      const { spec } = set;
      const layout = rowLayout(spec);
      const rows: { goal: number[]; task: number }[] = [];
      await loadData(
        {
          async load({ rows: memory, pieces }) {
            for (const { first } of pieces) {
              const at = first * layout.width;
              const { offset, size } = layout.column('goal');
              const goal = Array.from(memory.subarray(at + offset, at + offset + size));
              rows.push({ goal, task: memory[at + layout.column('task').offset] });
            }
          },
        },
        [set],
        spec,
        trainConfigSchema.parse({ env: { name }, ...config }),
      );
      return rows;
    };
    const region = { low: [0, null], high: [1, null] };
    const all = await handed(env, random.bytes, {});
    const outside = await handed(env, random.bytes, { goals: { heldOut: region } });
    expect(all.some(({ goal: [x] }) => x >= 0)).toBe(true);
    expect(outside).toEqual(all.filter(({ goal: [x] }) => x < 0));

    // What the configuration says of columns counts for what was recorded here too.
    const columns = { goal: 'achieved.last' };
    const ended = await handed(env, random.bytes, { data: { columns } });
    const { columns: recorded } = await data.read(0, 1);
    expect(ended[0].goal).toEqual([...recorded.achieved.slice(-2)]);
    expect(ended[0].goal).not.toEqual(all[0].goal);
    const wrong = { data: { columns: { goal: 'nowhere' } } };
    await expect(handed(env, random.bytes, wrong)).rejects.toThrow('goal: there is no "nowhere"');

    const places = await recordData({ env: 'point/navigate', policy: 'random', episodes: 16 });
    const weights = { 'place-7': 0, 'place-2': 0 };
    const trained = await handed('point/navigate', places.bytes, { tasks: { weights } });
    expect(new Set(trained.map(({ task }) => task))).toEqual(new Set([0, 1, 3, 4, 5, 6]));
    await expect(handed(env, random.bytes, { goals: { heldOut: { low: [-1, -1], high: [1, 1] } } })).rejects.toThrow(
      'every episode has a goal or a task that this run holds out',
    );
  });

  it('refuses what cannot be learned from, before a run is begun', async () => {
    const store = createMemoryStore();
    await expect(train({ env, data, agent: 'ppo', store })).rejects.toThrow('ppo learns on-policy');
    await expect(train({ env: 'point/maze-umaze', data, store, config: { runtime: inProcess } })).rejects.toThrow(
      'random was recorded in point/reach, not in point/maze-umaze',
    );
    await expect(train({ env, data: 'nowhere.safetensors', store, config: { runtime: inProcess } })).rejects.toThrow(
      'nowhere.safetensors',
    );
    await expect(train({ env, data: 3 as unknown as string, store })).rejects.toThrow('data of train must be the path');
    await expect(train({ env, data, store, config: { data: { share: 2 } } })).rejects.toThrow('data.share');
    const shared = (share: number) =>
      train({ env, data, store, config: { data: { share }, training: { batchSize: 64 } } });
    await expect(shared(0.005)).rejects.toThrow(
      'data.share is 0.005: of 64 rows of a batch that is none; take 0, at least 0.0156, or a larger training.batchSize',
    );
    await expect(shared(0.995)).rejects.toThrow('that is all; take 1, at most 0.984');
    await expect(train({ env, agent: 'saw', store })).rejects.toThrow(
      /saw learns from recorded episodes, and none are given; record some \(anygoal data record point\/reach .*choose an agent that acts, such as sac/,
    );
    expect(await store.list('')).toEqual([]);
  });
});
