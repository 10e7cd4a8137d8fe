import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RunError } from '../errors.js';
import { createRandom } from '../random.js';
import type { GoalEnv, GoalTransition, Simulation } from './env.js';
import { arrayState, createGoalEnv } from './goal-env.js';
import { discrete } from './space.js';
import { walk } from './testing.js';

const copy = (t: GoalTransition) => ({
  ...t,
  observation: [...t.observation],
  achieved: [...t.achieved],
  goal: [...t.goal],
  info: [...t.info],
});

/** Steps with the actions of a seed, beginning new episodes where they end. */
function play(env: GoalEnv, seed: number, steps: number) {
  const random = createRandom(seed);
  return Array.from({ length: steps }, () => {
    const step = copy(env.step([2 * random.uniform() - 1]));
    return step.terminated || step.truncated ? { ...step, next: [...env.reset().observation] } : step;
  });
}

test('live reward and success are those of the rules for the float32 time step', () => {
  const env = createGoalEnv(walk());
  env.reset({ seed: 3 });
  let successes = 0;
  for (const t of play(env, 1, 500)) {
    const [reward, success] = [new Float32Array(1), new Uint8Array(1)];
    const arrays = [t.achieved, t.goal, t.info].map((array) => Float32Array.from(array)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    env.computeReward(...arrays, reward);
    env.computeSuccess(...arrays, success);
    expect(t.reward).toBe(reward[0]);
    expect(t.isSuccess).toBe(success[0] === 1);
    successes += success[0];
  }
  expect(successes).toBeGreaterThan(10);
});

test('the time limit truncates and never terminates', () => {
  const env = createGoalEnv(walk({ maxEpisodeSteps: 7, bound: Infinity }));
  env.reset({ seed: 0 });
  const steps = play(env, 2, 70);
  steps.forEach((t, i) => {
    expect(t.terminated).toBe(false);
    expect(t.truncated).toBe(i % 7 === 6);
  });
});

test('failure terminates; success does only where it is declared to', () => {
  const failing = createGoalEnv(walk({ bound: 0.6 }));
  failing.reset({ seed: 0 });
  const failed = play(failing, 3, 200).filter((t) => t.failed);
  expect(failed.length).toBeGreaterThan(5);
  for (const t of failed) expect([t.terminated, t.truncated]).toEqual([true, false]);

  for (const successEndsEpisode of [true, false]) {
    const env = createGoalEnv(walk({ successEndsEpisode, bound: Infinity }));
    env.reset({ seed: 0 });
    const successes = play(env, 4, 300).filter((t) => t.isSuccess);
    expect(successes.length).toBeGreaterThan(5);
    for (const t of successes) expect(t.terminated).toBe(successEndsEpisode);
  }
});

test('at the time limit a termination is not also a truncation', () => {
  const env = createGoalEnv(walk({ maxEpisodeSteps: 1, successEndsEpisode: true, bound: Infinity }));
  const reached = env.reset({ seed: 0 }).achieved[0];
  env.reset({ seed: 0, goal: [reached] });
  expect(copy(env.step([0]))).toMatchObject({ isSuccess: true, terminated: true, truncated: false });
});

test('actions are clipped to their box and reach the simulation as float32', () => {
  const seen: number[] = [];
  const base = walk();
  const env = createGoalEnv({
    ...base,
    step(action, now, random) {
      seen.push(action[0]);
      return base.step(action, now, random);
    },
  });
  env.reset({ seed: 0 });
  for (const action of [5, -Infinity, 0.1]) env.step([action]);
  expect(seen).toEqual([1, -1, Math.fround(0.1)]);
});

test('discrete actions must be one of the choices', () => {
  const base = walk();
  const env = createGoalEnv({ ...base, spec: { ...base.spec, action: discrete(3) } });
  env.reset();
  env.step([2]);
  for (const wrong of [3, -1, 0.5, Number.NaN]) expect(() => env.step([wrong])).toThrow(/whole number from 0 to 2/);
});

test('misuse is refused with the reason', () => {
  const env = createGoalEnv(walk({ maxEpisodeSteps: 1 }));
  expect(() => env.step([0])).toThrow('no episode has begun; call reset() first');
  env.reset();
  expect(() => env.step([0, 0])).toThrow('action has 2 numbers; it must have 1');
  expect(() => env.step([Number.NaN])).toThrow('action[0] is NaN');
  env.step([0]);
  expect(() => env.step([0])).toThrow('the episode has ended; call reset() first');
  expect(() => env.reset({ goal: [1, 2] })).toThrow('goal has 2 numbers');
  expect(() => env.reset({ goal: [10.5] })).toThrow('goal[0] is 10.5; it must lie in [-10, 10]');
  expect(() => env.reset({ goal: [Number.NaN] })).toThrow('goal[0] is NaN');
  expect(() => env.reset({ seed: -1 })).toThrow('seed is -1');
  expect(() => env.restoreState(new Uint8Array(11))).toThrow('not a saved state');
  const cut = env.saveState();
  expect(() => env.restoreState(cut.subarray(0, cut.length - 1))).toThrow(/saved state/);
});

test('a simulation that produces NaN is named with place and step', () => {
  const base = walk();
  const env = createGoalEnv({
    ...base,
    step(action, now, random) {
      base.step(action, now, random);
      if (action[0] > 0.5) now.observation[1] = Number.NaN;
    },
  });
  env.reset();
  env.step([0]);
  expect(() => env.step([1])).toThrow('observation[1] is NaN after step 2 of the episode');
});

test('a reward that is no finite number is named with its step, before anything learns from it', () => {
  const odd: Simulation = { ...walk(), computeReward: (_achieved, _desired, _info, out) => out.fill(Number.NaN) };
  const env = createGoalEnv(odd);
  env.reset();
  expect(() => env.step([0])).toThrow(/test\/walk: the reward is NaN after step 1 .*computeReward must write finite/);
});

test('specs that cannot be meant are refused', () => {
  const base = walk();
  const make = (change: object) => () => createGoalEnv({ ...base, spec: { ...base.spec, ...change } });
  expect(make({ maxEpisodeSteps: 0 })).toThrow('spec.maxEpisodeSteps is 0');
  expect(make({ rewardRange: [1, 0] })).toThrow('spec.rewardRange');
  expect(make({ goal: { kind: 'box', size: 1, low: [1], high: [0] } })).toThrow('spec.goal has bounds [1, 0]');
  expect(make({ goal: { kind: 'box', size: 2, low: [0], high: [1] } })).toThrow('one of each per number');
  const beyond = { goal: 0, observation: base.spec.observation.size, size: 1 };
  expect(make({ relations: { groups: [beyond] } })).toThrow('spec.relations.groups.0.observation is about 1 numbers');
  expect(make({ relations: { groups: [] } })).toThrow('spec.relations.groups is empty');
});

test('equal seeds give equal episodes, whatever came before', () => {
  const [a, b] = [createGoalEnv(walk()), createGoalEnv(walk())];
  a.reset({ seed: 5 });
  b.reset({ seed: 99 });
  play(b, 0, 33);
  b.reset({ seed: 5 });
  expect(play(b, 1, 100)).toEqual(play(a, 1, 100));
});

test('restoring brings back simulation, generator, step count and time step exactly', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(60), fc.nat(60), (seed, before, after) => {
      const env = createGoalEnv(walk({ bound: 1 }));
      env.reset({ seed });
      play(env, seed, before);
      const saved = env.saveState();
      const expected = play(env, seed + 1, after);
      const other = createGoalEnv(walk({ bound: 1 }));
      other.restoreState(saved);
      expect([...other.saveState()]).toEqual([...saved]);
      expect(play(other, seed + 1, after)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test('reset({ state }) starts a full episode from a saved time step, its goal or another', () => {
  const env = createGoalEnv(walk({ maxEpisodeSteps: 10, bound: Infinity }));
  env.reset({ seed: 1 });
  play(env, 0, 6);
  const saved = env.saveState();
  const next = createRandom(0);
  next.restore(new Uint32Array(saved.slice(0, 20).buffer).subarray(1));
  const goal = env.reset({ state: saved }).goal[0];
  const start = env.reset({ state: saved, goal: [0.5] });
  expect(start.goal[0]).toBe(0.5);
  expect(goal).not.toBe(0.5);
  expect(play(env, 0, 10).map((t) => t.truncated)).toEqual([...new Array(9).fill(false), true]);
  // The generator goes on: two starts from one state do not repeat each other's noise.
  const once = env.reset({ state: saved, seed: 4 }).observation[0] + env.step([0]).observation[0];
  const again = env.reset({ state: saved }).observation[0] + env.step([0]).observation[0];
  const same = env.reset({ state: saved, seed: 4 }).observation[0] + env.step([0]).observation[0];
  expect(again).not.toBe(once);
  expect(same).toBe(once);
});

test('a step returns the same objects each time', () => {
  const env = createGoalEnv(walk());
  const now = env.reset();
  const first = env.step([0]);
  expect(env.step([0])).toBe(first);
  expect(first.observation).toBe(now.observation);
});

test('arrayState refuses the state of another simulation', () => {
  const { saveState } = arrayState(new Float64Array(2));
  expect(() => arrayState(new Float64Array(3)).restoreState(saveState())).toThrow('16 bytes, expected 24');
});

test('what a simulation throws is told with the environment and the time step; our own errors pass as they are', () => {
  const simulation = walk();
  const { step } = simulation;
  let calls = 0;
  const broken = createGoalEnv({
    ...simulation,
    step(action, now, random) {
      if (++calls === 3) throw new TypeError('no such motor');
      return step(action, now, random);
    },
  });
  broken.reset({ seed: 1 });
  broken.step([0]);
  broken.step([0]);
  let error: unknown;
  try {
    broken.step([0]);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(RunError);
  expect((error as RunError).message).toBe(
    `${simulation.spec.name}: its step() threw in step 3 of the episode: TypeError: no such motor`,
  );
  expect((error as RunError).cause).toBeInstanceOf(TypeError);
  const own = new RunError('the motor is off; switch it on');
  const reset = () => {
    throw own;
  };
  expect(() => createGoalEnv({ ...simulation, reset }).reset()).toThrow(own);
});

test('an asynchronous reset or step is refused, and what it would fail with does not hide that', () => {
  const failing = async () => {
    throw new Error('lost');
  };
  const late = createGoalEnv({ ...walk(), reset: failing as never });
  expect(() => late.reset()).toThrow('test/walk: its reset() is asynchronous (it returned a promise)');
  const env = createGoalEnv({ ...walk(), step: failing as never });
  env.reset();
  expect(() => env.step([0])).toThrow(/step\(\) is asynchronous .*load what takes time in `create`/);
});

test.each([
  [1, 'returned 1; return true for a failure'],
  [null, 'returned null'],
  ['done', 'returned "done"'],
  [[[0], 1, false], 'returned a list'],
  [{ reward: 1, done: true }, 'returned an object with reward, done;'],
])('a step that returns %j is refused', (value, message) => {
  const env = createGoalEnv({ ...walk(), step: () => value as never });
  env.reset();
  expect(() => env.step([0])).toThrow(message);
});

test('a view that there is not is refused with the nearest', () => {
  const { spec, ...rest } = walk();
  expect(() => createGoalEnv({ ...rest, spec: { ...spec, view: 'cell' as never } })).toThrow(
    'unknown spec.view of test/walk "cell"; did you mean "cells"?',
  );
});

test('another episode of the same goal begins elsewhere, by its own way where it has one', () => {
  const env = createGoalEnv(walk());
  expect(() => env.reset({ again: true })).toThrow('test/walk: reset was given again, but no episode has begun');
  const first = env.reset({ seed: 4 });
  const [goal, start] = [[...first.goal], [...first.observation]];
  const second = env.reset({ again: true });
  expect([...second.goal]).toEqual(goal);
  expect([...second.observation]).not.toEqual(start);
  const simulation = walk();
  const own = createGoalEnv({
    ...simulation,
    again(_random, now) {
      now.observation.fill(0.25);
    },
  });
  own.reset({ seed: 4 });
  const begun = own.reset({ again: true });
  expect([...begun.goal]).toEqual(goal);
  expect(new Set(begun.observation)).toEqual(new Set([0.25]));
  // With the things of another observation, and towards another goal, both of which its own way is told.
  let told: readonly number[] = [];
  const other = createGoalEnv({
    ...simulation,
    again(_random, now) {
      told = [...now.observation, ...now.goal];
    },
  });
  other.reset({ seed: 4 });
  const [things, wanted] = [first.observation.map(() => 0.5), goal.map(() => 0.75)];
  other.reset({ again: things, goal: wanted });
  expect(told).toEqual([...things, ...wanted]);
  expect(() => other.reset({ again: [0.5, 0.5, 0.5, 0.5, 0.5] })).toThrow('again');
});
