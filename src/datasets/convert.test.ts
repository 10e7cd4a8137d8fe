// Conversion: what is written comes back, in our format and Minari's, which Minari itself reads; mappings are as declared.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { EnvSpec } from '../envs/env.js';
import { box } from '../envs/space.js';
import { resolveSpec } from '../envs/spec.js';
import { createDiskStore } from '../runs/disk-store.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { recordData } from '../training/record.js';
import { train } from '../training/train.js';
import { convertData, type DataSet, formatOfOutput, mapColumns, openDataSet, parseMapping } from './index.js';
import { coded, LENGTHS, richData, unpackSamples } from './testing.js';

const samples = unpackSamples();
afterAll(() => samples.remove());
const states = LENGTHS.map((steps) => steps + 1);

async function contents(data: DataSet) {
  const { name, env, options, spec, derived, origin, steps } = data;
  return { name: name && '', env, options, spec, derived, origin, steps, episodes: await data.read(0, steps.length) };
}

describe('conversion', () => {
  it('from ours to Minari and back keeps every number and what is known of them', async () => {
    const given = await richData();
    await convertData(given, samples.path('rich-v0'));
    const minari = await openDataSet(samples.path('rich-v0'));
    expect(minari.format).toBe('Minari');
    expect(await contents(minari)).toEqual(await contents(given));
    await convertData(minari, samples.path('rich.safetensors'));
    await minari.close();
    const back = await openDataSet(samples.path('rich.safetensors'));
    expect(await contents(back)).toEqual(await contents(given));
    await back.close();
  });

  it.each(['ogbench.npz', 'next.hdf5', 'lerobot', 'minari/sample/plain-v0', 'minari/sample/goals-v0'])(
    'of what others recorded (%s) to ours is still theirs',
    async (name) => {
      const given = await openDataSet(samples.path(name));
      const out = samples.path(`${name.replaceAll('/', '-')}.safetensors`);
      await convertData(given, out);
      const back = await openDataSet(out);
      expect(await contents(back)).toEqual(await contents(given));
      expect(back.derived).toBe(true);
      await back.close();
      await given.close();
    },
  );

  it('refuses names that say no format, folders that exist, and Minari without rewards', async () => {
    expect(() => formatOfOutput('demos.hdf5')).toThrow('must end in .safetensors');
    const data = await openDataSet(samples.path('ogbench.npz'));
    const before = readdirSync(samples.root);
    await expect(convertData(data, samples.path('maze-v0'))).rejects.toThrow('has no rewards, which Minari needs');
    await expect(convertData(await richData(), samples.path('maze'))).rejects.toThrow('call the folder NAME-v0');
    await convertData(await richData(), samples.path('twice-v0'));
    const kept = readFileSync(samples.path('twice-v0/data/main_data.hdf5'));
    await expect(convertData(await richData(), samples.path('twice-v0'))).rejects.toThrow('exists already');
    expect(readFileSync(samples.path('twice-v0/data/main_data.hdf5'))).toEqual(kept);
    expect(readdirSync(samples.root)).toEqual([...before, 'twice-v0'].sort());
    await data.close();
  });

  /** What test/datasets/samples.py tells of the folder `read-rich-v0`. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON holds; the expectations are its type
  function expectRich(read: Record<string, any>): void {
    const found = read['read-rich-v0'];
    expect(found.steps).toBe(9);
    expect(found.spaces[0]).toContain("'camera': Box(0, 255, (2, 3, 1), uint8)");
    expect(found.spaces[1]).toBe('Box(-1.0, 1.0, (2,), float32)');
    const [first, second] = found.episodes;
    expect(first.observations.state.flat()).toEqual([...coded([4], 2)]);
    expect(first.observations.desired_goal).toEqual([[7], [7], [7], [7]]);
    expect(first.actions.flat()).toEqual([...coded([3], 2, 0.001)]);
    expect(first.rewards.map((x: number) => x + 0)).toEqual([...coded([3], 1, -1)].map((x) => x + 0));
    expect(first.truncations.map(Number)).toEqual([0, 0, 1]);
    expect(second.terminations.map(Number)).toEqual([1]);
    expect(first.infos.effort.flat()).toEqual([0, 0, ...coded([3], 2, 6)]);
  }

  it('gave what Minari 0.5.4 read when test/datasets/read-back.ts recorded it', () => {
    const read = JSON.parse(readFileSync(new URL('../../test/datasets/read-back.json', import.meta.url), 'utf8'));
    expect(read.versions.minari).toBe('0.5.4');
    expectRich(read);
  });

  // ANYGOAL_MINARI=PYTHON names a Python with minari[hdf5]; without it this is skipped.
  const python = process.env.ANYGOAL_MINARI;
  it.skipIf(python === undefined)('gives what Minari itself reads', async () => {
    await convertData(await richData(), samples.path('read-rich-v0'));
    const script = new URL('../../test/datasets/samples.py', import.meta.url).pathname;
    const root = samples.path('python');
    mkdirSync(root);
    cpSync(samples.path('read-rich-v0'), `${root}/read-rich-v0`, { recursive: true });
    const { stdout, stderr } = spawnSync(python as string, [script, 'read', root], { encoding: 'utf8' });
    expect(stdout, stderr).not.toBe('');
    expectRich(JSON.parse(stdout));
  });
});

describe('a mapping', () => {
  const maze: EnvSpec = resolveSpec({
    name: 'test/maze',
    observation: box(2),
    achieved: box(1),
    goal: box(1),
    action: box(2, -1, 1),
    maxEpisodeSteps: 9,
    rewardRange: [-1, 0],
  });

  it('takes parts of columns, and gives episodes without goals the places that they ended at', async () => {
    const data = mapColumns(
      await openDataSet(samples.path('ogbench.npz')),
      maze,
      parseMapping(['achieved=observation[1:2]']),
    );
    expect(data).toMatchObject({ derived: false, env: 'test/maze' });
    const { columns } = await data.read(1, 3);
    const y = coded(states, 2).filter((_, i) => i % 2 === 1);
    expect(columns.achieved).toEqual(y.subarray(4));
    expect(columns.goal).toEqual(Float32Array.of(y[5], y[11]));
    expect(Object.keys(columns)).toEqual(['observation', 'achieved', 'goal', 'action']);
    await data.close();
  });

  it('takes what a state was before or after an action, and first or last', async () => {
    const spec = { ...maze, info: ['place'] };
    const given = await openDataSet(samples.path('ogbench.npz'));
    const take = async (source: string) => {
      const mapping = parseMapping([`info=${source}`, 'achieved=qpos[0:1]', 'goal=qpos[0:1].first']);
      return (await mapColumns(given, spec, mapping).read(0, 2)).columns;
    };
    expect([...(await take('qpos[0:1].after')).info]).toEqual([1, 2, 3, 101]);
    expect([...(await take('qpos[0:1].before')).info]).toEqual([0, 1, 2, 100]);
    expect([...(await take('qpos[0:1].before')).goal]).toEqual([0, 100]);
    await given.close();
  });

  it.each([
    [{}, 'achieved: not there, achieved[1] per state here; goal: not there, goal[1] per episode here'],
    [{ achieved: 'observation' }, 'achieved: observation[2] per state there, achieved[1] per state here'],
    [{ achieved: 'observations[0:1]' }, 'there is no "observations" (did you mean "observation"?)'],
    [{ achieved: 'observation[1:2].last' }, 'achieved: observation[2] per state there'],
    [{ place: 'observation' }, 'the mapping has "place", but test/maze has no such column'],
  ])('%j is refused with what differs', async (mapping, message) => {
    const data = await openDataSet(samples.path('ogbench.npz'));
    expect(() => mapColumns(data, maze, mapping)).toThrow(message);
    await data.close();
  });

  it('is COLUMN=SOURCE', () => {
    expect(parseMapping(['goal=achieved.last'])).toEqual({ goal: 'achieved.last' });
    expect(() => parseMapping(['goal'])).toThrow('--map goal: it must be COLUMN=SOURCE');
    expect(() => parseMapping(['goal=a[0-2]'])).toThrow('must be COLUMN=SOURCE');
  });
});

describe('a run', () => {
  it('is a data set of what it experienced, which another run learns from', async () => {
    const config = { runtime: { worker: false, overlap: false }, evaluation: { every: 0, episodes: 2 } };
    const first = await train({
      env: 'point/reach',
      steps: 600,
      seed: 2,
      store: createDiskStore(samples.path('runs')),
      config,
    });
    const data = await openDataSet(first.runDir);
    expect(data).toMatchObject({ format: 'a run of anygoal', env: 'point/reach', derived: false });
    const { steps, columns } = await data.read(0, data.steps.length);
    const reward = columns.reward as Float32Array;
    // monitor.csv was written by the loop, not by the replay: return, length and seconds of each episode.
    const monitor = readFileSync(`${first.runDir}/monitor.csv`, 'utf8').trim().split('\n').slice(2);
    const [returns, lengths] = [0, 1].map((field) => monitor.map((line) => Number(line.split(',')[field])));
    expect([...steps]).toEqual(lengths);
    let row = 0;
    const sums = Array.from(steps, (count) => {
      row += count;
      return reward.subarray(row - count, row).reduce((a, b) => a + b, 0);
    });
    expect(sums).toEqual(returns);
    // Parts are the same numbers.
    const part = await data.read(3, 5);
    const before = steps.slice(0, 3).reduce((sum, count) => sum + count + 1, 0);
    const size = part.columns.observation.length;
    const width = size / (steps[3] + steps[4] + 2);
    expect(part.columns.observation).toEqual(columns.observation.slice(before * width, before * width + size));
    await data.close();
    const store = createMemoryStore();
    const second = await train({ env: 'point/reach', data: first.runDir, steps: 200, store, config });
    expect(second.updates).toBe(200);
  });
});

it('a run learns from data of another program whose columns fit, else is refused with what differs', async () => {
  const config = { runtime: { worker: false, overlap: false }, evaluation: { every: 0, episodes: 2 } };
  const recorded = await recordData({ env: 'point/reach', policy: 'random', episodes: 20 });
  const ours = await openDataSet('ours', recorded.bytes);
  // As another program would write it: no word of anygoal, no environment's name.
  const theirs: DataSet = { ...ours, env: '', derived: true, spec: { ...ours.spec, name: 'PointReach-v1' } };
  await convertData(theirs, samples.path('reach-v0'));
  const data = samples.path('reach-v0');
  const opened = await openDataSet(data);
  expect(opened.derived).toBe(true);
  await opened.close();
  const result = await train({ env: 'point/reach', data, steps: 200, store: createMemoryStore(), config });
  expect(result.updates).toBe(200);
  const columns = { observation: 'achieved', achieved: 'achieved', goal: 'achieved.first' };
  const mapped = { env: 'point/reach', data: samples.path('minari/sample/goals-v0'), steps: 20 };
  const learned = await train({
    ...mapped,
    store: createMemoryStore(),
    config: { ...config, data: { columns }, training: { batchSize: 8 } },
  });
  expect(learned.updates).toBe(20);
  await expect(train({ ...mapped, store: createMemoryStore(), config })).rejects.toThrow(
    'observation: observation[3] per state there, observation[2] per state here',
  );
  const refused = train({ env: 'pendulum', data, steps: 200, store: createMemoryStore(), config });
  await expect(refused).rejects.toThrow(/does not fit pendulum: observation: observation\[\d+\] per state there/);
});
