// Data sets: what is written comes back bit for bit, as the replay would have it; other files are refused by name.
import { describe, expect, it } from 'vitest';
import { image } from '../envs/space.js';
import { createReplay } from '../replay/index.js';
import { codedEpisode, codedSpec } from '../replay/testing.js';
import { memorySource } from '../runs/byte-source.js';
import { encodeSafetensors } from '../safetensors.js';
import type { EpisodeColumns } from './data-set.js';
import {
  checkFits,
  encodeEpisodes,
  episodesOfRows,
  inspectData,
  openEpisodes,
  partsOf,
  rowsOfEpisodes,
} from './index.js';

const spec = { ...codedSpec(6), parts: { camera: image([2, 3, 1]) } };
const lengths = [3, 1, 6, 2];

/** Episodes whose numbers tell where they come from; the camera shows the episode and the step. */
function coded(): EpisodeColumns {
  const episodes = lengths.map((length, i) => codedEpisode(i, length));
  const joined = (name: string) => Float32Array.from(episodes.flatMap((one) => Array.from(one.columns[name])));
  const cameras = lengths.flatMap((length, i) =>
    Array.from({ length: length + 1 }, (_, t) => Array.from({ length: 6 }, (_, j) => 40 * i + 6 * t + j)).flat(),
  );
  const names = ['observation', 'achieved', 'goal', 'action', 'info', 'reward'];
  return {
    steps: Int32Array.from(lengths),
    failed: Uint8Array.of(0, 1, 0, 0),
    columns: {
      ...Object.fromEntries(names.map((name) => [name, joined(name)])),
      camera: Uint8Array.from(cameras),
    },
  };
}

const about = { env: 'test/coded', options: { size: 3 }, spec, origin: { policy: 'scripted', seed: 4 } };
const open = (bytes: Uint8Array) => openEpisodes(memorySource('some.safetensors', bytes));

describe('a data set', () => {
  it('comes back bit for bit, whole and in parts', async () => {
    const given = coded();
    given.columns.info[2] = Number.NaN;
    const data = await open(encodeEpisodes(about, given));
    expect({ env: data.env, options: data.options, origin: data.origin }).toEqual({
      env: 'test/coded',
      options: { size: 3 },
      origin: { policy: 'scripted', seed: 4 },
    });
    expect(data.spec).toEqual(spec); // infinite bounds too
    expect(data.transitions).toBe(12);
    expect(await data.read(0, 4)).toEqual(given);
    const { steps, columns } = await data.read(2, 3);
    expect([...steps]).toEqual([6]);
    expect([...columns.achieved]).toEqual([2000, 2001, 2002, 2003, 2004, 2005, 2006]);
    expect([...columns.action]).toEqual([0.5, 1.5, 2.5, 3.5, 4.5, 5.5]);
    expect([...columns.goal]).toEqual([-1]);
    expect(columns.camera[6]).toBe(86);
  });

  it('becomes the rows that the replay makes of the same episodes, and these become it', async () => {
    const given = coded();
    const [one, other] = [createReplay(spec, 100), createReplay(spec, 100)];
    one.insert(rowsOfEpisodes(spec, given));
    for (const [i, length] of lengths.entries()) {
      const before = lengths.slice(0, i).reduce((sum, count) => sum + count + 1, 0);
      const camera = (given.columns.camera as Uint8Array).subarray(6 * before, 6 * (before + length + 1));
      const { columns } = codedEpisode(i, length);
      other.addEpisode({ columns: { ...columns, camera }, failed: i === 1 });
    }
    expect(one.exportEpisodes(0)).toEqual(other.exportEpisodes(0));
    expect(episodesOfRows(spec, rowsOfEpisodes(spec, given))).toEqual(given);
  });

  it('may lack rewards that goals decide about, and nothing else', () => {
    const { reward, ...columns } = coded().columns;
    const { rows } = rowsOfEpisodes(spec, { ...coded(), columns });
    expect(rows.some(Number.isNaN)).toBe(true);
    const { action, ...rest } = coded().columns;
    expect(() => rowsOfEpisodes(spec, { ...coded(), columns: rest })).toThrow('lack "action"');
  });

  it('has the same checksum as long as its bytes are the same', async () => {
    const bytes = encodeEpisodes(about, coded());
    const sum = await (await open(bytes)).checksum();
    expect(sum).toMatch(/^[0-9a-f]{8}$/);
    const other = bytes.slice();
    other[other.length - 1] ^= 1;
    expect(await (await open(other)).checksum()).not.toBe(sum);
    expect(await (await open(bytes.slice())).checksum()).toBe(sum);
  });
});

describe('other files', () => {
  const bytes = encodeEpisodes(about, coded());

  it.each([
    ['text', new TextEncoder().encode('{"name": "anygoal"}'), 'is no data set; `anygoal data record'],
    ['nothing', new Uint8Array(0), 'is no data set'],
    ['weights', encodeSafetensors({ w: { shape: [1], data: Float32Array.of(1) } }), 'holds no episodes'],
    ['a cut file', bytes.subarray(0, bytes.length - 5), 'cut short'],
    ['half a header', bytes.subarray(0, 60), 'cut short'],
  ])('%s is told apart', async (_, given, message) => {
    await expect(open(given)).rejects.toThrow(message);
  });

  it('of a newer version, or with wrong sizes, are refused by name', async () => {
    const metadata = { format: 'anygoal episodes', version: '2', env: 'e', options: '{}', spec: '{}', origin: '{}' };
    await expect(open(encodeSafetensors({}, metadata))).rejects.toThrow(
      'version 2 of the format, this anygoal reads 1',
    );
    const short = { ...coded(), steps: Int32Array.from([3, 1, 6, 3]) };
    await expect(open(encodeEpisodes(about, short))).rejects.toThrow(
      'column "observation" is F32 [16, 2], but its episodes have F32 [17, 2]',
    );
  });

  it('of another environment are refused with what differs', async () => {
    const data = await open(bytes);
    expect(() => checkFits(data, spec)).not.toThrow();
    const other = { ...spec, observation: { ...spec.observation, size: 3 }, info: [] };
    expect(() => checkFits(data, other)).toThrow(
      "observation: observation[2] per state there, observation[3] per state here; info: info[1] per transition there, none here). Record it anew, or set the environment's options as they were (size=3)",
    );
  });

  it('of the same shapes are refused where tasks or vectors of sentences were others', async () => {
    const instruction = { encoder: 'embedded', checksum: '01', mean: [0, 1], deviation: [1, 1] };
    const data = { ...(await open(bytes)), spec: { ...spec, tasks: ['a', 'b'], instruction } };
    const against = (other: Partial<typeof data.spec>) => () => checkFits(data, { ...data.spec, ...other });
    expect(against({})).not.toThrow();
    expect(against({ tasks: ['b', 'a'] })).toThrow('tasks are a, b there, b, a here');
    expect(against({ instruction: { ...instruction, checksum: '02' } })).toThrow(
      'vectors of sentences are made by embedded (checksum 01) there, made by embedded (checksum 02) here',
    );
    expect(against({ instruction: { ...instruction, mean: [0, 1.5] } })).toThrow('scaled for other sentences there');
    expect(against({ instruction: { ...instruction, mean: [1e-9, 1] } })).not.toThrow();
  });
});

describe('inspection', () => {
  it('tells ranges, returns and lengths', async () => {
    const report = await inspectData(await open(encodeEpisodes(about, coded())));
    expect(report).toMatchObject({ episodes: 4, transitions: 12, lengths: [1, 3, 6], returns: [-6, -3, -1] });
    const action = report.columns.find(({ name }) => name === 'action');
    expect(action?.figures).toMatchObject({ least: 0.5, most: 5.5, broken: 0 });
    expect(report.findings).toEqual([]);
  });

  it('finds numbers that are none, columns that are missing or never change, joined episodes', async () => {
    const given = coded();
    given.columns.action[4] = Number.NaN;
    for (let i = 0; i < given.columns.observation.length; i += 2) given.columns.observation[i] = 7;
    const { info, ...columns } = given.columns;
    const tight = { ...spec, maxEpisodeSteps: 5 };
    const report = await inspectData(await open(encodeEpisodes({ ...about, spec: tight }, { ...given, columns })));
    const messages = report.findings.map(({ level, message }) => `${level}: ${message}`).join('\n');
    expect(messages).toContain('warning: episode 2 has 6 steps, but test/coded ends after 5');
    expect(messages).toContain('error: "action" has 1 values that are no finite numbers');
    expect(messages).toContain('warning: "observation" never changes at place 0');
    expect(messages).toContain('error: column "info" is missing');
  });
});

it('parts hold whole episodes', () => {
  const steps = Int32Array.from([3, 1, 6, 2, 9]);
  expect(partsOf(steps, 5)).toEqual([
    [0, 3],
    [3, 5],
  ]);
  expect(partsOf(steps, 1)).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 5],
  ]);
  expect(partsOf(new Int32Array(0), 5)).toEqual([]);
});
