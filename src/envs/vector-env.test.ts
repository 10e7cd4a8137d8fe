import { expect, test } from 'vitest';
import { createRandom, mixSeed } from '../random.js';
import { type EnvColumns, envMemoryBytes, viewEnvMemory } from './env-columns.js';
import { createGoalEnv } from './goal-env.js';
import { pointReach } from './point/index.js';
import { makeEnv } from './registry.js';
import { box } from './space.js';
import { walk } from './testing.js';
import { createVectorEnv } from './vector-env.js';

const make = (n: number, options = { bound: 1 }) =>
  createVectorEnv(Array.from({ length: n }, () => createGoalEnv(walk(options))));

const actionsOf = (seed: number, n: number) => {
  const actions = new Float32Array(n);
  createRandom(seed).fillUniform(actions, -1, 1);
  return actions;
};

/** All that is seen of environments: columns of the present, of ends, and flags. */
const snapshot = ({ columns, final, ...flags }: EnvColumns) =>
  [columns, final, flags].map((arrays) =>
    Object.entries(arrays).flatMap(([key, value]) =>
      ArrayBuffer.isView(value) ? [[key, [...(value as Float32Array)]]] : [],
    ),
  );

test('every row is the environment alone, with its final time step kept before the reset', () => {
  const n = 3;
  const vector = make(n);
  vector.reset(7);
  const singles = Array.from({ length: n }, (_, i) => {
    const env = createGoalEnv(walk({ bound: 1 }));
    return { env, now: [...env.reset({ seed: mixSeed(7, 'env', i) }).observation] };
  });
  let ended = 0;
  for (let t = 0; t < 200; t++) {
    for (const [i, { now }] of singles.entries())
      expect([...vector.columns.observation.subarray(2 * i, 2 * i + 2)]).toEqual(now);
    const actions = actionsOf(t, n);
    vector.step(actions);
    for (const [i, single] of singles.entries()) {
      const step = single.env.step([actions[i]]);
      expect(vector.reward[i]).toBe(step.reward);
      expect(vector.terminated[i]).toBe(step.terminated ? 1 : 0);
      expect(vector.truncated[i]).toBe(step.truncated ? 1 : 0);
      expect(vector.failed[i]).toBe(step.failed ? 1 : 0);
      expect(vector.success[i]).toBe(step.isSuccess ? 1 : 0);
      expect(vector.columns.info[i]).toBe(step.info[0]);
      const ends = step.terminated || step.truncated;
      const led = ends ? vector.final : vector.columns;
      expect(led.achieved[i]).toBe(step.achieved[0]);
      expect([...led.observation.subarray(2 * i, 2 * i + 2)]).toEqual([...step.observation]);
      if (step.terminated || step.truncated) {
        ended++;
        single.env.reset();
      }
      single.now = [...step.observation]; // the arrays are reused: after a reset they show the new start
      expect(vector.columns.goal[i]).toBe(step.goal[0]);
      expect(vector.columns.achieved[i]).toBe(step.achieved[0]);
    }
  }
  expect(ended).toBeGreaterThan(30);
});

test('rows have seeds of their own', () => {
  const env = make(4);
  env.reset(0);
  expect(new Set(env.columns.goal).size).toBe(4);
});

test('restoring continues exactly', () => {
  const env = make(3);
  env.reset(1);
  for (let t = 0; t < 25; t++) env.step(actionsOf(t, 3));
  const saved = env.saveState();
  const shown = snapshot(env);
  const run = (target: typeof env) =>
    Array.from({ length: 60 }, (_, t) => {
      target.step(actionsOf(100 + t, 3));
      return snapshot(target);
    });
  const expected = run(env);
  const other = make(3);
  other.restoreState(saved);
  expect(snapshot(other)).toEqual(shown);
  expect(run(other)).toEqual(expected);
});

test('misuse is refused with the reason', async () => {
  const env = make(2);
  env.reset(0);
  expect(() => env.step(new Float32Array(3))).toThrow('3 action numbers for 2 environments; expected 2 x 1 = 2');
  expect(() => make(3).restoreState(env.saveState())).toThrow('not a saved state of that many environments');
  expect(() => env.restoreState(env.saveState().subarray(3))).toThrow('not a saved state');
  expect(() => createVectorEnv([])).toThrow('at least one');
  const point = await pointReach.create({ reward: 'sparse', distanceThreshold: 0.05 });
  expect(() => createVectorEnv([createGoalEnv(walk()), point])).toThrow('environment 1 is point/reach');
});

test('what an environment throws is told with its number', () => {
  const broken = createGoalEnv(walk());
  const env = createVectorEnv([
    createGoalEnv(walk()),
    {
      ...broken,
      step: () => {
        throw new TypeError('no power');
      },
    },
  ]);
  env.reset(0);
  expect(() => env.step(new Float32Array(2))).toThrow('test/walk: environment 1 threw: TypeError: no power');
});

test('two halves of one memory are the whole', () => {
  const whole = make(5);
  const { spec } = whole;
  const buffer = new SharedArrayBuffer(envMemoryBytes(spec, 5));
  const halves = [
    { first: 0, end: 2 },
    { first: 2, end: 5 },
  ].map(({ first, end }) => {
    const { columns, actions } = viewEnvMemory(spec, 5, buffer, { first, end });
    const envs = Array.from({ length: end - first }, () => createGoalEnv(walk({ bound: 1 })));
    return { env: createVectorEnv(envs, { columns, first }), actions };
  });
  const { columns, actions } = viewEnvMemory(spec, 5, buffer);
  whole.reset(3);
  for (const { env } of halves) env.reset(3);
  for (let t = 0; t < 60; t++) {
    actions.set(actionsOf(t, 5));
    whole.step(actions);
    for (const half of halves) half.env.step(half.actions);
    expect(snapshot(columns)).toEqual(snapshot(whole));
  }
});

test('environments of other sizes or spaces are refused, and the same object twice: rows would run into each other', async () => {
  const options = { reward: 'sparse' as const, successEndsEpisode: true };
  const [eight, six] = await Promise.all([8, 6].map((bits) => makeEnv('bit-flip', { ...options, bits })));
  expect(() => createVectorEnv([eight, six])).toThrow(
    /environment 1 of bit-flip differs from the first one in its columns: observation\[6\].* instead of observation\[8\]/,
  );
  const env = createGoalEnv(walk());
  expect(() => createVectorEnv([createGoalEnv(walk()), env, env])).toThrow(
    'environment 2 is the same object as environment 1; create one for each row',
  );
  const wide = walk();
  const moved = createGoalEnv({ ...wide, spec: { ...wide.spec, action: box(1, -2, 1) } });
  expect(() => createVectorEnv([env, moved])).toThrow(
    'differs from the first one in its actions: 1 numbers, [-2] to [1] instead of 1 numbers, [-1] to [1]',
  );
  const far = createGoalEnv({ ...wide, spec: { ...wide.spec, goal: box(1, -20, 10) } });
  expect(() => createVectorEnv([env, far])).toThrow('in the bounds of goal: [-20] to [10] instead of [-10] to [10]');
});
