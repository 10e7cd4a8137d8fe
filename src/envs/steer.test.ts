// Steering by hand: keys and places pointed at become actions, and in every environment that declares controls they lead there.
import { expect, test } from 'vitest';
import { parseEnvOptions } from './define-env.js';
import type { GoalEnv } from './env.js';
import { loadFetchAssets } from './fetch/assets.js';
import { loadGymnasiumAssets } from './gymnasium/assets.js';
import { loadMetaworldAssets } from './metaworld/assets.js';
import { listEnvs, loadEnv } from './registry.js';
import { box } from './space.js';
import { type Hand, steer } from './steer.js';
import { areHere } from './testing.js';

const action = box(4, [-1, -2, -1, -1], [1, 3, 1, 1]);
const move = [
  { number: 1, reach: 0.5 },
  { number: 0, reach: -0.1 },
];
const still: Hand = { push: [0, 0, 0], open: false };

function steered(hand: Partial<Hand>, controls = {}): number[] {
  const out = new Float32Array(4).fill(7);
  steer(action, { move, place: [1, 1], ...controls }, { ...still, ...hand }, out);
  return [...out].map((value) => Number(value.toFixed(5)));
}

test('keys push to the bounds, each axis with its own number and the sense that its actions have', () => {
  expect(steered({ push: [1, 0, 0] })).toEqual([0, 3, 0, 0]);
  expect(steered({ push: [-1, 0, 0] })).toEqual([0, -2, 0, 0]);
  expect(steered({ push: [0, 1, 0] })).toEqual([-1, 0, 0, 0]);
  expect(steered({ push: [0.25, 0, 1] })).toEqual([0, 0.75, 0, 0]); // there is no third axis
});

test('a place is gone to: by what is left of the way, at most to the bounds; keys come first on their axis', () => {
  expect(steered({ target: [1.25, 1] })).toEqual([0, 0.5, 0, 0]);
  expect(steered({ target: [-9, 1.05] })).toEqual([-0.5, -2, 0, 0]);
  expect(steered({ target: [1.25, 1.05], push: [-1, 0, 0] })).toEqual([-0.5, -2, 0, 0]);
  expect(steered({ target: [1.25, 1] }, { place: undefined })).toEqual([0, 0, 0, 0]);
});

test('a gripper opens and closes with the number and sign that are declared', () => {
  expect(steered({ open: true }, { grip: { number: 3, open: 1 } })).toEqual([0, 0, 0, 1]);
  expect(steered({ open: false }, { grip: { number: 3, open: 1 } })).toEqual([0, 0, 0, -1]);
  expect(steered({ open: true }, { grip: { number: 2, open: -1 } })).toEqual([0, 0, -1, 0]);
});

test('an axis that is not steered is left alone, and rest is the nearest to 0 that an action can be', () => {
  expect(steered({ push: [1, 1, 0] }, { move: [null, move[1]] })).toEqual([-1, 0, 0, 0]);
  const out = new Float32Array(1);
  steer(box(1, 0.5, 2), {}, still, out);
  expect([...out]).toEqual([0.5]);
});

const [haveFetch, haveMetaworld, haveGymnasium] = await Promise.all(
  [loadFetchAssets, loadMetaworldAssets, loadGymnasiumAssets].map(areHere),
);
const missing = [
  ...(haveFetch ? [] : ['fetch/']),
  ...(haveMetaworld ? [] : ['metaworld/']),
  ...(haveGymnasium ? [] : ['gymnasium/']),
];
const names = listEnvs()
  .map(({ name }) => name)
  .filter((name) => !missing.some((prefix) => name.startsWith(prefix)));

/** How far from the way's end the place is at most, as a share of the way, and the steps that it has for it. */
const NEAR = 0.2;
const STEPS = 60;
/** What keys have no ways for: bits, which are chosen by name, many joints at once, and agents that turn and carry. */
const unsteered = (name: string) => name === 'bit-flip' || /^(gymnasium|babyai)\//.test(name);
const ofTask = (env: GoalEnv, task: number) => env.reset({ seed: 3, ...(env.spec.tasks && { task }) });

test.each(names)('%s: what is steered goes where it is pointed to, in each task', async (name) => {
  const definition = await loadEnv(name);
  const env = await definition.create(parseEnvOptions(definition, {}));
  try {
    const space = env.spec.action;
    const tasks = env.spec.tasks?.length ?? 1;
    for (let task = 0; task < tasks; task++) {
      ofTask(env, task);
      const { place, move, choices } = env.controls?.() ?? {};
      expect([move, choices].some(Boolean)).toBe(!unsteered(name));
      if (choices) expect(space.kind).toBe('discrete');
      if (!place || space.kind !== 'box') continue;
      // As far as two actions lead, to that side on which there is most room: up, and away from the walls' corner.
      const ways = (move ?? []).map((control) => 2 * Math.abs(control?.reach ?? 0));
      const near = [1, -1].map((sign) => {
        ofTask(env, task);
        const target = place.map((value, i) => value + (i === 2 ? 1 : sign) * (ways[i] ?? 0));
        const out = new Float32Array(space.size);
        for (let step = 0; step < STEPS; step++) {
          steer(space, env.controls!(), { ...still, target, open: true }, out);
          const { terminated, truncated } = env.step(out);
          if (terminated || truncated) break;
        }
        const now = env.controls!().place!;
        return Math.max(...ways.map((way, i) => (way > 0 ? Math.abs(target[i] - now[i]) / way : 0)));
      });
      expect(Math.min(...near), `${name}, task ${task}`).toBeLessThan(NEAR);
    }
  } finally {
    env.dispose?.();
  }
});
