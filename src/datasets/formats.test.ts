// Formats of other programs: what their own tools wrote is read number for number, and bad files change nothing.
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { type H5Group, writeHdf5 } from './formats/hdf5.js';
import { convertData, inspectData, openDataSet } from './index.js';
import { coded, LENGTHS, unpackSamples } from './testing.js';

const samples = unpackSamples();
afterAll(() => samples.remove());
const states = LENGTHS.map((steps) => steps + 1);
const all = { from: 0, to: 3 };

const open = (name: string) => openDataSet(samples.path(name));
async function read(name: string, { from, to } = all) {
  const data = await open(name);
  try {
    return { data, ...(await data.read(from, to)) };
  } finally {
    await data.close();
  }
}

describe.each(['ogbench.npz', 'stored.npz'])('an archive of OGBench (%s)', (name) => {
  it('gives every stored state, and the actions between them', async () => {
    const { data, steps, failed, columns } = await read(name);
    expect(data).toMatchObject({ format: 'OGBench', derived: true, transitions: 9, findings: [] });
    expect([...steps]).toEqual(LENGTHS);
    expect([...failed]).toEqual([0, 0, 0]); // `terminals` marks where rows end; the world did not
    expect(columns.observation).toEqual(coded(states, 2));
    expect(columns.qpos).toEqual(coded(states, 2));
    expect(columns.action).toEqual(coded(LENGTHS, 2, 0.001));
  });

  it('is read in any order', async () => {
    const data = await open(name);
    const whole = await data.read(0, 3);
    const last = await data.read(2, 3);
    const first = await data.read(0, 1); // back to the beginning of a packed stream
    expect(last.columns.observation).toEqual(whole.columns.observation.subarray(2 * 6));
    expect(first.columns.observation).toEqual(whole.columns.observation.subarray(0, 2 * 4));
    await data.close();
  });

  it('is the same from memory', async () => {
    const data = await openDataSet('mine', new Uint8Array(readFileSync(samples.path(name))));
    expect((await data.read(0, 3)).columns.observation).toEqual(coded(states, 2));
    const there = await open(name);
    expect(await data.checksum()).toBe(await there.checksum());
    await there.close();
  });
});

describe('a data set of Minari', () => {
  it('has a state more than actions, a goal per episode, and episodes in the order of their numbers', async () => {
    const { data, steps, failed, columns } = await read('minari/sample/goals-v0');
    expect([...data.steps]).toEqual([...LENGTHS, ...new Array(9).fill(2)]);
    expect(data).toMatchObject({ format: 'Minari', derived: true, origin: { policy: 'coded' } });
    expect([...steps]).toEqual(LENGTHS);
    expect(columns.observation).toEqual(coded(states, 3));
    expect(columns.achieved).toEqual(coded(states, 2));
    expect([...columns.goal]).toEqual([0, 0, 1, -1, 2, -2]);
    expect(columns.action).toEqual(coded(LENGTHS, 2, 0.001));
    expect([...columns.reward].map((x) => x + 0)).toEqual([0, -1, -2, 0, 0, -1, -2, -3, -4]);
    expect(columns.infos_qpos).toEqual(coded(states, 1));
    expect(data.spec.achieved).toMatchObject({ low: [-500, -500], high: [500, 500] });
    expect(data.spec.observation.low).toEqual([-Infinity, -Infinity, -Infinity]);
    // Episode 1 ended in success, which the goal explains; episode 2 ended without it.
    expect([...failed]).toEqual([0, 0, 1]);
    const later = await read('minari/sample/goals-v0', { from: 10, to: 11 });
    expect(later.columns.observation[0]).toBe(1000); // not the eleventh name of the file, which is episode_8
  });

  it('has choices from 0 on, and ends that are failures without goals', async () => {
    const { data, failed, columns } = await read('minari/sample/plain-v0/data');
    expect(data.spec.action).toEqual({ kind: 'discrete', n: 5 });
    expect([...columns.action]).toEqual([0, 1, 2, 0, 0, 1, 2, 3, 4]); // stored as 1 to 5
    expect([...failed]).toEqual([1, 0, 0]);
  });

  it('whose goals change within an episode says that the first is taken', async () => {
    const path = samples.path('moving.hdf5');
    await writeHdf5(path, async (root) => {
      const group = root.create_group('episode_0');
      const seen = group.create_group('observations');
      const add = (where: H5Group, name: string, values: number[]) =>
        where.create_dataset({ name, data: Float32Array.from(values), shape: [values.length, 1] });
      add(seen, 'observation', [1, 2, 3]);
      add(seen, 'desired_goal', [5, 5, 6]);
      for (const name of ['actions', 'rewards', 'terminations', 'truncations']) add(group, name, [0, 0]);
    });
    const data = await openDataSet(path);
    expect(data.findings).toEqual([
      { level: 'warning', message: expect.stringContaining('"goal" changes within 1 of the first 1 episodes') },
    ]);
    expect([...(await data.read(0, 1)).columns.goal]).toEqual([5]);
    await data.close();
  });

  it('is read by its file alone, from memory too', async () => {
    const path = samples.path('minari/sample/goals-v0/data/main_data.hdf5');
    const data = await openDataSet('mine', new Uint8Array(readFileSync(path)));
    expect((await data.read(0, 3)).columns.achieved).toEqual(coded(states, 2));
    await data.close();
  });
});

describe('a file of D4RL', () => {
  it('ends at terminals and timeouts; the last action of an episode counts where the world ended', async () => {
    const { data, steps, failed, columns } = await read('d4rl.hdf5');
    expect(data.format).toBe('D4RL');
    expect([...steps]).toEqual([4, 1, 5]); // 4 rows with a terminal at the last: 4 actions
    expect([...failed]).toEqual([1, 0, 0]);
    const seen = coded(states, 4);
    expect([...columns.observation.subarray(0, 20)]).toEqual([...seen.subarray(0, 16), ...seen.subarray(12, 16)]);
    expect([...columns.goal]).toEqual([0, 0, 1, -1, 2, -2]);
    expect([...columns.reward]).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9, 10]);
    expect(data.findings.map(({ message }) => message).join()).toContain('the state after an episode');
  });

  it('with next_observations keeps every action', async () => {
    const { steps, columns } = await read('next.hdf5');
    expect([...steps]).toEqual(states);
    expect(columns.observation).toEqual(
      coded(
        states.map((count) => count + 1),
        4,
      ),
    );
    expect(columns.action).toEqual(coded(states, 2, 0.001));
  });

  it('whose marks say "at the goal" has ends where time was up', async () => {
    const { data, steps, failed } = await read('held.hdf5');
    expect([...steps]).toEqual(LENGTHS);
    expect([...failed]).toEqual([0, 0, 0]);
    expect(data.findings[0].message).toContain('end nothing');
  });

  it('without timeouts says what that means', async () => {
    const { data } = await read('untimed.hdf5');
    expect(data.findings[0]).toMatchObject({ level: 'warning', message: expect.stringContaining('no "timeouts"') });
  });
});

describe('a data set of LeRobot', () => {
  it('joins its files, and has tasks by their sentences', async () => {
    const { data, steps, columns } = await read('lerobot');
    expect(data).toMatchObject({ format: 'LeRobot', spec: { tasks: ['reach the cup', 'push the cup'] } });
    expect([...steps]).toEqual(LENGTHS);
    expect(columns.observation).toEqual(coded(states, 3));
    expect(columns.action).toEqual(coded(LENGTHS, 2, 0.001));
    expect([...columns.reward]).toEqual([0, 1, 2, 0, 0, 1, 2, 3, 4]);
    expect([...columns.task]).toEqual([0, 1, 0]);
    expect(data.findings.map(({ message }) => message).join()).toContain('videos/observation.images.top/chunk');
  });
});

describe('bad files', () => {
  /** A copy, spoilt. */
  const spoilt = (name: string, spoil: (path: string) => void, inside = '') => {
    const copy = samples.path(`spoilt-${name.replaceAll('/', '-')}`);
    cpSync(samples.path(name), copy, { recursive: true });
    spoil(inside === '' ? copy : `${copy}/${inside}`);
    return copy;
  };
  const cutTo = (share: number) => (path: string) => truncateSync(path, Math.floor(share * readFileSync(path).length));
  const replace = (from: string | RegExp, to: string) => (path: string) =>
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));

  it.each([
    ['nothing there', () => samples.path('nowhere'), 'there is no data set'],
    ['an empty file', () => spoilt('ogbench.npz', cutTo(0)), 'is no data set that is read here'],
    ['a text', () => spoilt('ogbench.npz', (path) => writeFileSync(path, 'text')), 'is no data set that is read here'],
    ['a cut archive', () => spoilt('ogbench.npz', cutTo(0.7)), 'it is cut short'],
    ['an archive without actions', () => samples.path('lacking.npz'), 'lacks "actions"; it has observations'],
    ['an archive of mixed lengths', () => samples.path('mixed.npz'), 'actions have 12 rows, "observation" has 11'],
    ['a cut file of D4RL', () => spoilt('d4rl.hdf5', cutTo(0.6)), 'truncated file'],
    ['a file of D4RL of mixed lengths', () => samples.path('short.hdf5'), 'actions have 10 rows, "terminals" has 12'],
    ['HDF5 of something else', () => samples.path('other.hdf5'), 'its keys are weights'],
    [
      'a cut file of Minari',
      () => spoilt('minari/sample/goals-v0', cutTo(0.5), 'data/main_data.hdf5'),
      'truncated file',
    ],
    [
      'a data set of Minari that lost episodes',
      () =>
        spoilt('minari/sample/plain-v0', replace('"total_episodes": 3', '"total_episodes": 4'), 'data/metadata.json'),
      'speaks of 4 episodes, main_data.hdf5 has 3',
    ],
    [
      'a data set of Minari in another of its formats',
      () => spoilt('minari/sample/plain-v0', replace('"hdf5"', '"arrow"'), 'data/metadata.json'),
      'in the format "arrow"',
    ],
    [
      'a data set of Minari without readable metadata',
      () => spoilt('minari/sample/plain-v0', cutTo(0.5), 'data/metadata.json'),
      'is damaged: it is not JSON',
    ],
    ['an older data set of LeRobot', () => samples.path('lerobot2'), 'of version v2.1; v3.0 is read'],
    [
      'a cut data set of LeRobot',
      () => spoilt('lerobot', cutTo(0.5), 'data/chunk-000/file-001.parquet'),
      'is damaged or no whole Parquet file',
    ],
    [
      'a data set of LeRobot that lost a file',
      () => spoilt('lerobot', rmSync, 'data/chunk-000/file-001.parquet'),
      'speaks of 12 frames, its files hold 6',
    ],
    ['a folder of something else', () => samples.path('minari'), 'is no data set that is read here'],
  ])('%s: one clear message, and nothing is written', async (_, make, message) => {
    const path = make();
    const before = readdirSync(samples.root);
    const work = async () => {
      const data = await openDataSet(path);
      try {
        await convertData(data, samples.path('out.safetensors'));
      } finally {
        await data.close();
      }
    };
    await expect(work()).rejects.toThrow(message);
    const error = await work().catch((failure: Error) => failure);
    expect((error as Error).message).not.toContain('\n');
    expect(readdirSync(samples.root)).toEqual(before);
  });

  it.each(['nowhere', 'nowhere.npz', 'nowhere.safetensors', 'ogbench.npz/nowhere'])(
    '%s is not there: a usage error',
    async (name) => {
      const missing = openDataSet(samples.path(name));
      await expect(missing).rejects.toThrow(`there is no data set ${samples.path(name)}; `);
      await expect(missing).rejects.toBeInstanceOf(UsageError);
    },
  );

  it('episodes whose arrays have other lengths are named when they are read, and nothing is left behind', async () => {
    const path = samples.path('uneven.hdf5');
    await writeHdf5(path, async (root) => {
      for (const [e, rows] of [3, 4].entries()) {
        const group = root.create_group(`episode_${e}`);
        const add = (name: string, length: number) =>
          group.create_dataset({ name, data: new Float32Array(length), shape: [length, 1] });
        add('observations', rows);
        for (const name of ['actions', 'rewards', 'terminations', 'truncations']) add(name, 2);
      }
    });
    const data = await openDataSet(path);
    const before = readdirSync(samples.root);
    await expect(convertData(data, samples.path('out.safetensors'))).rejects.toThrow(
      'episode_1/observations is [4, 1], but its episode has [3, 1]',
    );
    await expect(convertData(data, samples.path('out-v0'))).rejects.toThrow('episode_1/observations');
    await data.close();
    expect(readdirSync(samples.root)).toEqual(before);
  });
});

it('inspection knows nothing wrong with the samples but what they lack', async () => {
  for (const name of ['ogbench.npz', 'd4rl.hdf5', 'lerobot', 'minari/sample/goals-v0']) {
    const data = await open(name);
    const { findings, episodes, coverage } = await inspectData(data);
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(episodes).toBe(data.steps.length);
    expect(coverage?.counts.flat().reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    await data.close();
  }
});
