// A recorded episode shown in every episode: its moments, its goal, and what does not fit.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDataSet } from '../datasets/index.js';
import { makeEnv } from '../envs/index.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { evaluateRun, recordData, train } from './index.js';
import { showing } from './shown-demonstration.js';

const folder = mkdtempSync(join(tmpdir(), 'anygoal-shown-'));
const file = join(folder, 'one.safetensors');
beforeAll(async () => {
  const { bytes } = await recordData({
    env: 'point/navigate',
    policy: 'scripted',
    tasks: { 'place-3': 1 },
    seed: 5,
    holdSteps: 3,
  });
  writeFileSync(file, bytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('every episode shows it, with its task and goal', async () => {
  const plain = await makeEnv('point/navigate', { demonstration: 3 });
  const { env, task } = await showing(plain, file, {});
  expect(task).toBe('place-3');
  const first = env.reset({ seed: 1 });
  const shown = [...first.columns.demonstration];
  expect(first.task[0]).toBe(3);
  const goal = [...first.goal];
  expect(Math.hypot(shown[4] - goal[0], shown[5] - goal[1])).toBeLessThan(0.06);
  expect(shown.slice(0, 2)).not.toEqual([...first.observation]);
  const second = env.reset({ seed: 2, task: 0 });
  expect([...second.columns.demonstration]).toEqual(shown);
  expect([...second.goal]).toEqual(goal);
  expect([...env.step([1, 1]).columns.demonstration]).toEqual(shown);
});

test('one of a goal is shown to episodes with the same things in other places', async () => {
  const of = join(folder, 'goal.safetensors');
  const { bytes } = await recordData({ env: 'tabletop/mt3', policy: 'scripted', tasks: { push: 1 }, seed: 8 });
  writeFileSync(of, bytes);
  const set = await openDataSet(of);
  const { columns } = await set.read(0, 1);
  await set.close();
  const options = { demonstration: 2, demonstrationOf: 'goal' } as const;
  const { env } = await showing(await makeEnv('tabletop/mt3', options), of, options);
  const { names = [], size } = env.spec.observation;
  const looks = names.flatMap((name, i) => (/-is-|-(red|green|blue)$/.test(name) ? [i] : []));
  const places = names.flatMap((name, i) => (/^object-\d-[xy]$/.test(name) ? [i] : []));
  const recorded = columns.observation.subarray(0, size);
  const at = (from: ArrayLike<number>, which: readonly number[]) => which.map((i) => from[i]);
  const begun = [1, 2].map((seed) => {
    const { observation, goal } = env.reset({ seed, goal: undefined });
    expect(at(observation, looks)).toEqual(at(recorded, looks));
    expect([...goal]).toEqual([...columns.goal.slice(-goal.length)]);
    return at(observation, places);
  });
  expect(begun[0]).not.toEqual(begun[1]);
  expect(begun).not.toContainEqual(at(recorded, places));
  expect(at(env.reset({ seed: 1 }).observation, places)).toEqual(begun[0]);
  env.dispose?.();
}, 60_000);

test('what shows nothing, and data of other sizes, are refused with the fix', async () => {
  await expect(makeEnv('point/navigate', {}).then((env) => showing(env, file, {}))).rejects.toThrow(
    'episodes of point/navigate show none; train on a family of tasks, such as point/navigate, with env.demonstration=8',
  );
  const table = await makeEnv('tabletop/mt3', { demonstration: 2 });
  await expect(showing(table, file, {})).rejects.toThrow(
    /one\.safetensors of point\/navigate: column observation has 2 numbers of each state, but tabletop\/mt3 shows 54 of each moment/,
  );
  table.dispose?.();
});

test('one of other tasks of the same family is refused: their places are others', async () => {
  const more = await makeEnv('point/navigate', { places: 32, demonstration: 3 });
  await expect(showing(more, file, {})).rejects.toThrow(
    'it is one of place-0, place-1, place-2, ... (8 tasks), but tasks of point/navigate are place-0, place-1, place-2, ... (32 tasks) here; record it with the same settings of the environment.',
  );
});

test('a film of two views shows both of each moment', async () => {
  const film = join(folder, 'film.safetensors');
  const camera = { size: 8, views: ['close', 'beside'], state: true };
  const { bytes } = await recordData({
    env: 'tabletop/mt3',
    policy: 'scripted',
    tasks: { reach: 1 },
    seed: 5,
    envOptions: { camera },
  });
  writeFileSync(film, bytes);
  const views = ['camera', 'camera-beside'];
  const plain = await makeEnv('tabletop/mt3', { camera, demonstration: 2, demonstrationIn: views });
  const { env } = await showing(plain, film, { demonstrationIn: views });
  const larger = { ...camera, size: 12 };
  const other = await makeEnv('tabletop/mt3', { camera: larger, demonstration: 2, demonstrationIn: views });
  await expect(showing(other, film, { demonstrationIn: views })).rejects.toThrow(
    'column camera has 8 x 8 x 3 numbers of each state, but tabletop/mt3 shows 12 x 12 x 3 of each moment; record it',
  );
  other.dispose?.();
  const shown = env.reset({ seed: 1 }).columns.demonstration;
  const set = await openDataSet(film);
  const { columns } = await set.read(0, 1);
  const [steps] = set.steps;
  const picture = 8 * 8 * 3;
  const at = (name: string, i: number) => Array.from(columns[name].subarray(i * picture, (i + 1) * picture));
  expect(Array.from(shown)).toEqual([0, steps].flatMap((i) => views.flatMap((view) => at(view, i))));
  await set.close();
  env.dispose?.();
});

test('an evaluation has the task and the goal that are shown, and is refused others', async () => {
  const options = { demonstration: 2 };
  const { bytes } = await recordData({
    env: 'point/navigate',
    policy: 'scripted',
    episodes: 8,
    seed: 1,
    envOptions: options,
  });
  const data = join(folder, 'many.safetensors');
  writeFileSync(data, bytes);
  const store = createMemoryStore();
  const { runDir } = await train({
    env: 'point/navigate',
    agent: 'bc',
    data,
    steps: 1,
    store,
    config: {
      env: { options },
      tasks: { identifiers: ['demonstration'] },
      agent: { options: { chunk: 1, hidden: [8] } },
      training: { batchSize: 8 },
      runtime: { worker: false },
      evaluation: { episodes: 8 },
    },
  });
  const evaluated = (more = {}) =>
    evaluateRun({ run: runDir.slice(runDir.indexOf('/') + 1), store, demonstration: file, episodes: 2, ...more });
  expect((await evaluated()).tasks?.map(({ task }) => task)).toEqual(['place-3']);
  await expect(evaluated({ task: 'place-1' })).rejects.toThrow('shows place-3, which is the task of every episode');
  await expect(evaluated({ goal: [0.5, 0.5] })).rejects.toThrow(
    /goal is \[0\.5,0\.5\], but demonstration .* shows another, which is the goal of every episode then; leave goal out/,
  );
});
