// Demonstrations that episodes show: of their task, from another start, for the whole episode, saved and checked.
import { expect, test } from 'vitest';
import { createRandom } from '../../random.js';
import { checkEnv } from '../check-env.js';
import { columnsOf } from '../columns.js';
import { parseEnvOptions } from '../define-env.js';
import type { EnvDefinition, GoalEnv } from '../env.js';
import { placeOf, pointNavigate, pointReach, pointTwoTasks } from '../point/index.js';
import { seen, seenOfObject, wantsColumn } from '../tabletop/columns.js';
import { tabletopMt3 } from '../tabletop/families.js';
import { taskFamily } from './task-family.js';

const options = parseEnvOptions(pointNavigate, { places: 4, demonstration: 5 });
const make = async () => (await pointNavigate.create(options)) as GoalEnv;
/** The states that an episode shows, a list of them. */
const shown = ({ columns }: { columns: Readonly<Record<string, ArrayLike<number>>> }, width = 2) => {
  const { demonstration } = columns;
  return Array.from({ length: demonstration.length / width }, (_, i) =>
    Array.from({ length: width }, (_, j) => demonstration[i * width + j]),
  );
};
const far = (a: readonly number[], b: readonly number[]) => Math.hypot(a[0] - b[0], a[1] - b[1]);

test('an episode shows how its task is done, from another start, until it ends', async () => {
  const env = await make();
  expect(env.spec.parts?.demonstration).toMatchObject({ size: 10, shape: [5, 2], per: 'episode' });
  expect(columnsOf(env.spec).find(({ name }) => name === 'demonstration')?.per).toBe('episode');
  for (let task = 0; task < 4; task++) {
    const now = env.reset({ seed: task, task });
    const states = shown(now);
    const place = placeOf(task, 4);
    expect(far(states[4], place)).toBeLessThan(0.06);
    expect(far(states[0], place)).toBeGreaterThan(0.06);
    expect(states[0]).not.toEqual([...now.observation]);
    for (let t = 0; t < 3; t++) expect(shown(env.step([1, -1]))).toEqual(states);
  }
});

test('there are sixteen of a task, the same ones in every instance, whatever was asked for before', async () => {
  const [a, b] = [await make(), await make()];
  b.reset({ seed: 77, task: 2 });
  const starts = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const [one, other] = [a, b].map((env) => shown(env.reset({ seed, task: 'place-1' })));
    expect(one).toEqual(other);
    starts.add(String(one[0]));
  }
  expect(starts.size).toBe(16);
});

test('the contract is kept, saved states bring the demonstration back, and other goals leave it as it is', async () => {
  const env = await make();
  const { findings } = checkEnv(env, { rules: pointNavigate.rules(options) });
  expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
  const states = shown(env.reset({ seed: 3 }));
  const saved = env.saveState();
  env.reset({ seed: 4, task: 0 });
  expect(shown(env.reset({ state: saved, goal: [0.1, 0.2] }))).toEqual(states);
});

test('of a goal it is made for each episode, which goes on as if nothing had been', async () => {
  const given = { demonstration: 6, demonstrationOf: 'goal' };
  const env = await tabletopMt3.create(parseEnvOptions(tabletopMt3, given));
  const plain = await tabletopMt3.create(parseEnvOptions(tabletopMt3, {}));
  const at = { push: seen.objects, 'pick-and-place': seen.objects, reach: seen.gripper };
  for (const [seed, task] of (['push', 'pick-and-place', 'reach'] as const).entries()) {
    const now = env.reset({ seed, task });
    const same = plain.reset({ seed, task });
    expect([...now.observation]).toEqual([...same.observation]);
    expect([...now.goal]).toEqual([...same.goal]);
    const states = shown(now, seen.size);
    const second = now.goal[wantsColumn('object-2')] > 0 ? seen.objectSize : 0;
    const place = at[task] + (task === 'reach' ? 0 : second);
    const goal = task === 'reach' ? 0 : second > 0 ? 6 : 3;
    const apart = (state: ArrayLike<number>) =>
      Math.hypot(...[0, 1, 2].map((j) => state[place + j] - now.goal[goal + j]));
    expect(apart(states[5])).toBeLessThan(0.03);
    expect(apart(states[0])).toBeGreaterThan(0.05);
    // The same things, elsewhere.
    for (const thing of [seen.objects, seen.objects + seen.objectSize]) {
      const look = (state: ArrayLike<number>) => Array.from(state).slice(thing + seenOfObject.shape, thing + 17);
      expect(look(states[0])).toEqual(look(now.observation));
      expect(states[0][thing]).not.toBe(now.observation[thing]);
    }
    const [one, other] = [env, plain].map((each) => [...each.step([0.5, 0.2, -0.3, 1]).observation]);
    expect(one).toEqual(other);
  }
  const saved = env.saveState();
  const goal = env.reset({ seed: 9, task: 'reach' }).goal.slice();
  const other = shown(env.reset({ state: saved, goal }), seen.size);
  expect(Math.hypot(...[0, 1, 2].map((j) => other[5][j] - goal[j]))).toBeLessThan(0.03);
  expect(shown(env.reset({ state: saved, goal }), seen.size)).toEqual(other);
  for (const each of [env, plain]) each.dispose?.();
}, 20_000);

test('what is shown must be a part of the state', () => {
  const given = parseEnvOptions(pointNavigate, { demonstration: 2, demonstrationIn: 'camera' });
  expect(() => pointNavigate.rules(given)).toThrow(
    'point/navigate: setting demonstrationIn is camera, which is no part of the state; use one of observation. Pictures are a part where env.camera is set, such as {state: true}.',
  );
});

test('of several views each moment has one picture after the other; views of other sizes are refused', async () => {
  const camera = { size: 8, views: ['close', 'beside'], state: true };
  const films = parseEnvOptions(tabletopMt3, {
    camera,
    demonstration: 2,
    demonstrationOf: 'goal',
    demonstrationIn: ['camera', 'camera-beside'],
  });
  const alone = parseEnvOptions(tabletopMt3, {
    camera,
    demonstration: 2,
    demonstrationOf: 'goal',
    demonstrationIn: 'camera-beside',
  });
  const [both, beside] = [await tabletopMt3.create(films), await tabletopMt3.create(alone)];
  expect(both.spec.parts?.demonstration).toMatchObject({ shape: [4, 8, 8, 3], dtype: 'uint8', per: 'episode' });
  const picture = 8 * 8 * 3;
  const film = both.reset({ seed: 3, task: 'reach' }).columns.demonstration;
  const second = beside.reset({ seed: 3, task: 'reach' }).columns.demonstration;
  const of = (from: ArrayLike<number>, i: number) => Array.from(from).slice(i * picture, (i + 1) * picture);
  expect([of(film, 1), of(film, 3)]).toEqual([of(second, 0), of(second, 1)]);
  expect(of(film, 0)).not.toEqual(of(film, 1));
  for (const env of [both, beside]) env.dispose?.();

  const unlike = parseEnvOptions(tabletopMt3, {
    camera,
    demonstration: 2,
    demonstrationIn: ['camera', 'observation'],
  });
  const misspelt = parseEnvOptions(tabletopMt3, {
    camera,
    demonstration: 2,
    demonstrationIn: ['camera', 'camera-besid'],
  });
  expect(() => tabletopMt3.rules(misspelt)).toThrow(/no part of the state; did you mean "camera-beside"\?$/);
  const twice = parseEnvOptions(tabletopMt3, { camera, demonstration: 2, demonstrationIn: ['camera', 'camera'] });
  expect(() => tabletopMt3.rules(twice)).toThrow(/setting demonstrationIn is camera, camera; name camera once\.$/);
  expect(() => parseEnvOptions(tabletopMt3, { demonstrationIn: ['camera'] })).toThrow(/a list of at least 2/);
  expect(() => parseEnvOptions(tabletopMt3, { demonstrationIn: ['camera', ''] })).toThrow(
    'setting demonstrationIn.1 is ""; it must be text that is not empty.',
  );
  expect(() => tabletopMt3.rules(unlike)).toThrow(
    /setting demonstrationIn is camera, observation, but camera is uint8 \[8, 8, 3\] and observation is float32 \[54\]; name parts that are alike/,
  );
});

test('without the setting families are what they were', async () => {
  const plain = await pointNavigate.create(parseEnvOptions(pointNavigate, { places: 4 }));
  expect(plain.spec.parts).toBeUndefined();
  const random = createRandom(3);
  random.below(4);
  const [member] = pointNavigate.members(parseEnvOptions(pointNavigate, { places: 4 }));
  const alone = (await member.env.create(member.options)) as GoalEnv;
  expect([...plain.reset({ seed: 3, task: 0 }).observation]).toEqual([
    ...alone.reset({ seed: random.uint32() }).observation,
  ]);
});

test('recorded episodes are taken in place of the controller; the setting is parsed without settings of its own', async () => {
  const recorded = [
    [
      [0, 0],
      [0.1, 0.1],
      [0.2, 0.3],
    ],
  ];
  const family = taskFamily('me/recorded', {
    one: { env: pointReach as EnvDefinition, demonstrations: recorded },
    other: { env: pointReach as EnvDefinition, demonstrations: recorded },
  });
  const env = await family.create(parseEnvOptions(family, { demonstration: 2 }));
  expect(shown(env.reset({ seed: 1 }))).toEqual([
    [0, 0],
    [Math.fround(0.2), Math.fround(0.3)],
  ]);
  const seen = { env: pointReach as EnvDefinition, options: { camera: { size: 8, state: true } } };
  const film = taskFamily('me/film', { one: { ...seen, demonstrations: recorded } });
  const given = parseEnvOptions(film, { demonstration: 2, demonstrationIn: 'camera' });
  await expect(async () => film.create(given)).rejects.toThrow(
    'setting demonstrationIn is camera, but recorded `demonstrations` of one are observations; leave it out.',
  );
});

test('nobody to demonstrate is told with the tasks and the fix', async () => {
  const two = parseEnvOptions(pointTwoTasks, { demonstration: 3 });
  await expect(async () => pointTwoTasks.create(two)).rejects.toThrow(
    /setting demonstration is 3, but nobody demonstrates reach, turned-round; set it to 0, or give each/,
  );
  expect(() => parseEnvOptions(pointTwoTasks, { demonstration: -1 })).toThrow(/demonstration is -1/);
});
