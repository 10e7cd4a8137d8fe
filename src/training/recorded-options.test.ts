// Settings that data were recorded with: taken where none are given, refused where others are, free where nothing depends on them.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { listSettings, type SettingSchema, settingSchema } from '../config/describe-settings.js';
import type { Section } from '../config/merge-config.js';
import { type DataSet, openDataSet } from '../datasets/index.js';
import { defineEnv, listEnvs, loadEnv } from '../envs/index.js';
import { createPoint, pointOptions } from '../envs/point/reach.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { configure, configureLayers } from './configure.js';
import { type RecordDataOptions, recordData } from './record.js';
import { notTaken } from './recorded-options.js';
import { resume, train } from './train.js';

async function recorded(
  name: string,
  env: RecordDataOptions['env'],
  envOptions: Section = {},
  policy = 'random',
): Promise<DataSet> {
  return openDataSet(name, (await recordData({ env, envOptions, policy, episodes: 2 })).bytes);
}

/** The environment's settings that a run would have, and what it would say. */
async function settled(env: string, data: DataSet | DataSet[], options: Section = {}) {
  const notes: string[] = [];
  const config = await configure({ env, data, config: { env: { options } } }, (note) => notes.push(note));
  return { options: config.env.options, notes };
}

const film = { size: 16, state: true };
const filmed = await recorded('filmed', 'point/reach', { camera: film, reward: 'dense' });
const plain = await recorded('plain', 'point/reach');

describe('settings that are not given', () => {
  it('are those of the data, which is said', async () => {
    const { options, notes } = await settled('point/reach', filmed);
    expect(options).toMatchObject({ camera: { size: 16, state: true, goal: false }, reward: 'dense' });
    expect(notes).toEqual(['As filmed was recorded: env.reward=dense, env.camera.size=16, env.camera.state=true.']);
    const some = await settled('point/reach', filmed, { reward: 'sparse', camera: { size: 16 } });
    expect(some.options).toMatchObject({ camera: film, reward: 'sparse' });
    expect(some.notes).toEqual(['As filmed was recorded: env.camera.state=true.']);
    expect((await settled('point/reach', plain)).notes).toEqual([]);
    // Files of the command line have all settings, those that were not given too.
    const camera = { size: 16, views: ['above'], state: false, goal: false };
    const whole = { ...filmed, options: { reward: 'sparse', distanceThreshold: 0.05, camera } };
    expect((await settled('point/reach', whole)).notes).toEqual(['As filmed was recorded: env.camera.size=16.']);
    const usual = { ...filmed, options: { camera: { ...camera, size: 32 } } };
    expect((await settled('point/reach', usual)).options).toMatchObject({ camera: { size: 32 } });
  });

  it('are the defaults where data tell none, or of another environment', async () => {
    for (const other of [
      { ...filmed, derived: true },
      { ...filmed, env: 'point/maze-umaze' },
    ]) {
      expect(await settled('point/reach', other)).toEqual({
        options: (await configure({ env: 'point/reach' })).env.options,
        notes: [],
      });
    }
  });

  it('leave out what belongs to who recorded, or to the machine', async () => {
    const maze = await recorded('walks', 'ogbench/pointmaze-medium', { distanceThreshold: 0.5 }, 'stitch');
    const { options, notes } = await settled('ogbench/pointmaze-medium', maze);
    expect(options).toMatchObject({ distanceThreshold: 0.5, successEndsEpisode: true, episodeSteps: 1000 });
    expect(notes).toEqual(['As walks was recorded: env.distanceThreshold=0.5.']);
    const native = { ...(await recorded('arm', 'arm/reach')), options: { physics: 'native' } };
    expect((await settled('arm/reach', native)).options).not.toHaveProperty('physics');
  });

  it('are taken from a file that layers name, before defaults that depend on them, and a run says so once', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'anygoal-settings-')), 'filmed.safetensors');
    writeFileSync(
      file,
      (await recordData({ env: 'point/reach', envOptions: { camera: film }, policy: 'random', episodes: 2 })).bytes,
    );
    const layers = [{ source: '--data', values: { env: 'point/reach', data: [file] } }];
    expect((await configureLayers(layers)).env.options).toMatchObject({ camera: film });
    const refused = configureLayers(layers, { mayOpen: () => Promise.reject(new Error('not this one')) });
    await expect(refused).rejects.toThrow('not this one');
    const given = { source: '--set', values: { env: { camera: { size: 32 } } } };
    await expect(configureLayers([...layers, given])).rejects.toThrow('env.camera.size was 16, and is 32');
  });
});

it('those that have to be given again are those that a run does not take', async () => {
  const again = async (env: string, data: DataSet, settings: string[]) =>
    notTaken(await loadEnv(env), env, data, settings);
  const camera = ['env.camera={size: 16, state: true}', 'env.reward=dense', 'env.camera.goal=false'];
  expect(await again('point/reach', filmed, camera)).toEqual([]);
  const arm = { ...(await recorded('arm', 'arm/reach', { reward: 'dense' })), options: { physics: 'native' } };
  expect(await again('arm/reach', arm, ['env.physics=native'])).toEqual(['env.physics=native']);
  const walks = await recorded('walks', 'ogbench/pointmaze-medium', { successEndsEpisode: false }, 'stitch');
  expect(await again('ogbench/pointmaze-medium', walks, ['env.successEndsEpisode=false'])).toHaveLength(1);
});

describe('settings that are given', () => {
  it('that are refused leave nothing to say', async () => {
    const notes: string[] = [];
    const options = { env: 'point/reach', data: filmed, config: { env: { camera: { size: 32 } } } };
    await expect(configure(options, (note) => notes.push(note))).rejects.toThrow('is 32');
    expect(notes).toEqual([]);
  });

  it.each<[what: string, data: DataSet, options: Section, message: string]>([
    [
      'another size of pictures',
      filmed,
      { camera: { size: 32 } },
      'filmed was recorded with other settings of point/reach: env.camera.size was 16, and is 32. What is seen or asked would not be what was recorded; set it as it was (--set env.camera.size=16), or record anew.',
    ],
    [
      'pictures where there were none',
      plain,
      { camera: { size: 16 } },
      'env.camera was not set, and is {"size":16,"views":["above"],"state":false,"goal":false}. What is seen or asked would not be what was recorded; leave env.camera out, or record anew.',
    ],
    ['goals as pictures', filmed, { camera: { goal: true } }, 'env.camera.goal was false, and is true'],
  ])('%s are refused', async (_, data, options, message) => {
    await expect(settled('point/reach', data, options)).rejects.toThrow(message);
  });

  it('that decide what is asked are refused, also where all shapes agree', async () => {
    const places = await recorded('places', 'point/navigate', { places: 4 });
    await expect(settled('point/navigate', places, { places: 5 })).rejects.toThrow('env.places was 4, and is 5');
    const level = { phrasing: 'varied', roomSize: 9 };
    const asked = await recorded('asked', 'babyai/go-to-red-ball-grey', level);
    await expect(settled('babyai/go-to-red-ball-grey', asked, { phrasing: 'plain' })).rejects.toThrow(
      'env.phrasing was varied, and is plain',
    );
    const larger = await settled('babyai/go-to-red-ball-grey', asked, { roomSize: 8 });
    expect(larger.options).toMatchObject({ phrasing: 'varied', roomSize: 8 });
  });

  it('that mean what is absent are the same', async () => {
    const shown = await recorded('shown', 'point/navigate', { demonstration: 2, demonstrationOf: 'task' });
    const { options } = await settled('point/navigate', shown, { demonstrationIn: 'observation' });
    expect(options).toMatchObject({ demonstration: 2 });
    await expect(settled('point/navigate', shown, { demonstrationOf: 'goal' })).rejects.toThrow(
      'env.demonstrationOf was task, and is goal',
    );
  });
});

it('settings of then that are none now, or take other values, count for nothing', async () => {
  const older = { ...filmed, options: { camera: film, reward: 'gone', gone: 3 } };
  const { options, notes } = await settled('point/reach', older, { reward: 'dense' });
  expect(options).toMatchObject({ camera: { size: 16, views: ['above'] }, reward: 'dense' });
  expect(notes).toEqual(['As filmed was recorded: env.camera.size=16, env.camera.state=true.']);
  const refused = settled('point/reach', older, { reward: 'dense', camera: { size: 32 } });
  await expect(refused).rejects.toThrow('env.camera.size was 16, and is 32. What');
});

it('a section that is there is said, with its defaults too', async () => {
  const usual = { ...filmed, options: { camera: {} } };
  expect((await settled('point/reach', usual)).notes).toEqual(['As filmed was recorded: env.camera={}.']);
});

describe('several data sets', () => {
  it('must go together', async () => {
    const larger = await recorded('larger', 'point/reach', { camera: { size: 24 } });
    await expect(settled('point/reach', [filmed, larger])).rejects.toThrow(
      'data.files: filmed and larger were recorded with different settings of point/reach: env.camera.size was 16 in one, 24 in the other. Leave one of them out',
    );
  });

  it('may differ in what is usual, which is then not taken', async () => {
    const sparse = await recorded('sparse', 'point/reach', { camera: { size: 16 } });
    const { options, notes } = await settled('point/reach', [filmed, sparse]);
    expect(options).toMatchObject({ reward: 'sparse', camera: { size: 16, state: false } });
    expect(notes).toEqual(['As filmed, sparse was recorded: env.camera.size=16.']);
  });
});

it('sections with defaults of their own: what differs in them, and that their order does not', async () => {
  const wind = z.strictObject({ push: z.number().default(1).meta({ fromData: 'usual' }), from: z.number().default(0) });
  const env = defineEnv({
    name: 'my/windy',
    options: pointOptions.extend({ wind: wind.prefault({}), weights: z.record(z.string(), z.number()).default({}) }),
    create: (options) => createPoint(options),
  }) as never;
  const [calm, strong] = [await recorded('calm', env), await recorded('strong', env, { wind: { push: 5 } })];
  for (const data of [
    [calm, strong],
    [strong, calm],
  ]) {
    const notes: string[] = [];
    const { options } = (await configure({ env, data }, (note) => notes.push(note))).env;
    expect([options.wind, notes]).toEqual([{ push: 1, from: 0 }, []]);
  }
  const weighed = await recorded('weighed', env, { weights: { a: 1, b: 2 } });
  const other = await recorded('other', env, { weights: { b: 2, a: 1 } });
  const { options } = (await configure({ env, data: [weighed, other] })).env;
  expect(options.weights).toEqual({ a: 1, b: 2 });
});

it('an author says of a setting whether data may differ in it', async () => {
  const env = defineEnv({
    name: 'my/reach',
    options: pointOptions.extend({
      wind: z.number().default(0).meta({ fromData: 'usual' }),
      colour: z.string().default('red'),
    }),
    create: (options) => createPoint(options),
  });
  const data = await recorded('mine', env as never, { wind: 1, colour: 'blue' });
  const with_ = (options: Section) => configure({ env: env as never, data, config: { env: { options } } });
  expect((await with_({ wind: 2 })).env.options).toMatchObject({ wind: 2, colour: 'blue' });
  await expect(with_({ colour: 'red' })).rejects.toThrow('env.colour was blue, and is red');
});

it('a run says what it took, refuses before it begins, and goes on as it began', async () => {
  const store = createMemoryStore();
  const common = { env: 'point/reach', agent: 'bc', store, steps: 4 } as const;
  const small = {
    agent: { options: { hidden: [8], encoders: { camera: { kind: 'convolution', size: 8 } } } },
    training: { batchSize: 4 },
    evaluation: { every: 0, episodes: 1 },
    runtime: { worker: false, overlap: false },
  };
  // Without the data's camera the encoder would have no input of that name.
  await expect(train({ ...common, data: plain, config: { ...small, env: { camera: { size: 16 } } } })).rejects.toThrow(
    'env.camera was not set',
  );
  expect(await store.list('')).toEqual([]);
  const { runDir, warnings } = await train({ ...common, data: filmed, config: small });
  expect(warnings).toContainEqual(expect.stringMatching(/^As filmed was recorded: .*env.camera.size=16/));
  const run = runDir.slice(store.location.length + 1);
  const { updates } = await resume({ run, store, steps: 8, data: [filmed] });
  expect(updates).toBe(8);
});

/** Dotted names of settings that are marked; sections are looked into. */
function marked(schema: SettingSchema): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const visit = ({ properties = {} }: SettingSchema, path: string[]) => {
    for (const [name, inner] of Object.entries(properties)) {
      const full = [...path, name];
      if (inner.fromData) found[inner.fromData] = [...(found[inner.fromData] ?? []), full.join('.')];
      visit(inner, full);
    }
  };
  visit(schema, []);
  return found;
}

it('what may differ is what nobody sees or is asked for', async () => {
  const found: Record<string, Set<string>> = { usual: new Set(), ignored: new Set() };
  const bound = new Set<string>();
  for (const { name } of listEnvs()) {
    const { options } = await loadEnv(name);
    if (!options) continue;
    const schema = settingSchema(options);
    const here = marked(schema);
    for (const [kind, names] of Object.entries(here)) for (const one of names) found[kind].add(one);
    for (const { path } of listSettings(schema)) if (!Object.values(here).flat().includes(path)) bound.add(path);
  }
  expect([...found.ignored]).toEqual(['physics']);
  expect([...found.usual].sort()).toEqual(
    ['camera.state', 'columns', 'distanceThreshold', 'doorsOpen', 'encoder', 'episodeSteps', 'maxEpisodeSteps', 'noise', 'objects', 'placement', 'reward', 'roomSize', 'rows', 'slip', 'successEndsEpisode'], // biome-ignore format: a list
  );
  expect([...bound].sort()).toEqual(
    ['action', 'bits', 'camera.goal', 'camera.size', 'camera.views', 'captions', 'demonstration', 'demonstrationIn', 'demonstrationOf', 'frames', 'goal', 'goalMarker', 'map', 'observation', 'phrasing', 'places', 'sentences', 'stay', 'view', 'words'], // biome-ignore format: a list
  );
});
