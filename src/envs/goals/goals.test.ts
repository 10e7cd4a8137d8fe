import { expect, test } from 'vitest';
import { createRandom } from '../../random.js';
import { checkEnv } from '../check-env.js';
import type { EnvSpec, Simulation } from '../env.js';
import { arrayState, createGoalEnv } from '../goal-env.js';
import { box } from '../space.js';
import {
  type GoalForm,
  goalKinds,
  goalRules,
  type RewardForm,
  statePredicates,
  stateRegion,
  targetState,
} from './index.js';

const rows = (...numbers: number[]) => Float32Array.from(numbers);
const none = new Float32Array(0);
const rewards = (form: GoalForm, reward: RewardForm, achieved: Float32Array, desired: Float32Array, count: number) => {
  const out = new Float32Array(count);
  goalRules(form, reward).computeReward(achieved, desired, none, out);
  return [...out];
};

const square = box(2, -1, 1, ['x', 'y']);
const table = 0.4;
/** Of a block's position in metres: where it is on or above a table with a shelf. */
const block = statePredicates(
  3,
  {
    'block on the shelf': ([x, , z]) => x > 0.6 && Math.abs(z - (table + 0.2)) < 0.02,
    'block in the air': ([, , z]) => z > table + 0.05,
    'block left': ([, y]) => y > 0,
  },
  'block elsewhere',
);
const shelf = [0.7, -0.1, table + 0.2];
const leftAndHigh = [0.3, 0.1, table + 0.3];
const plain = [0.3, -0.1, table];

test('each kind says what hindsight needs, and those only declared say what they need', () => {
  const kinds = goalKinds();
  expect(kinds.map(({ name }) => name)).toEqual(['state', 'state-set', 'predicate', 'image', 'language']);
  expect(kinds.filter(({ needs }) => needs).map(({ name }) => name)).toEqual(['language']);
  expect(kinds.map(({ generalises }) => generalises)).toEqual(['nearby', 'nearby', 'none', 'visual', 'compositional']);
});

test('a target state has three forms of reward', () => {
  const form = targetState(square, 0.5);
  const achieved = rows(0, 0, 0, 0.5, 0.25, -0.25, 1, 1);
  const desired = rows(0, 0, 0, 0, 0, 0, -1, -1);
  expect(rewards(form, 'sparse', achieved, desired, 4)).toEqual([0, 0, 0, -1]);
  expect(rewards(form, 'zero-one', achieved, desired, 4)).toEqual([1, 1, 1, 0]);
  const dense = rewards(form, 'dense', achieved, desired, 4);
  expect(Object.is(dense[0], 0)).toBe(true);
  [0, -0.5, -Math.sqrt(0.125), -Math.hypot(2, 2)].forEach((value, i) => {
    expect(dense[i]).toBeCloseTo(value, 6);
  });
  expect(goalRules(form, 'dense').rewardRange).toEqual([-Math.hypot(2, 2), 0]);
});

test('a region is reached anywhere inside, and a number that does not matter gets the bounds of the space', () => {
  const form = stateRegion(square, [0.1, 0.2]);
  expect(form.goal.names).toEqual(['x-from', 'y-from', 'x-to', 'y-to']);
  const rightThird = [0.5, -1, 1, 1];
  const achieved = rows(0.5, -1, 0.9, 0.7, 0.4, 0, -0.5, 0);
  const desired = rows(...rightThird, ...rightThird, ...rightThird, ...rightThird);
  expect(rewards(form, 'zero-one', achieved, desired, 4)).toEqual([1, 1, 0, 0]);
  const dense = rewards(form, 'dense', achieved, desired, 4);
  expect(dense[2]).toBeCloseTo(-0.1, 6);
  expect(dense[3]).toBeCloseTo(-1, 6);
  const goals = new Float32Array(8);
  form.goalFrom?.(rows(0, 0, 0.95, -1), goals);
  const expected = [-0.1, -0.2, 0.1, 0.2, 0.85, -1, 1, -0.8];
  goals.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 6);
  });
  expect(() => stateRegion(square, [0.1])).toThrow('halfWidths has 1 numbers for a space of 2');
});

test('predicates: reward 1 where the predicate holds in the state that was reached', () => {
  expect(block.goal.names).toEqual(['block on the shelf', 'block in the air', 'block left', 'block elsewhere']);
  const states = [shelf, leftAndHigh, plain];
  const truth = [
    [1, 1, 0, 0],
    [0, 1, 1, 0],
    [0, 0, 0, 1],
  ];
  for (const [s, state] of states.entries()) {
    for (let p = 0; p < 4; p++) {
      const goal = rows(0, 0, 0, 0);
      goal[p] = 1;
      expect(rewards(block, 'zero-one', rows(...state), goal, 1)).toEqual([truth[s][p]]);
    }
  }
  expect(rewards(block, 'zero-one', rows(...shelf), rows(0, 0, 0, 0), 1)).toEqual([0]);
  expect(() => goalRules(block, 'dense')).toThrow('reward dense is minus a distance, but goals of kind predicate');
});

test('hindsight asks the predicates: every relabelled goal is fulfilled, and all that could be chosen are', () => {
  const random = createRandom(3);
  const count = 4000;
  const achieved = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    achieved[3 * i] = random.uniform();
    achieved[3 * i + 1] = random.uniform() - 0.5;
    achieved[3 * i + 2] = random.uniform() < 0.3 ? table + 0.2 : table + 0.4 * random.uniform();
  }
  const goals = new Float32Array(4 * count);
  const success = new Uint8Array(count);
  const rules = goalRules(block, 'sparse');
  rules.goalFrom?.(achieved, goals);
  rules.computeSuccess(achieved, goals, none, success);
  expect(success.every((value) => value === 1)).toBe(true);
  // Of states that fulfil exactly "in the air" and "left", about half get either: within 4 standard deviations.
  let [air, left] = [0, 0];
  for (let i = 0; i < count; i++) {
    const [x, y, z] = achieved.subarray(3 * i);
    if (x > 0.6 || y <= 0 || z <= table + 0.05) continue;
    air += goals[4 * i + 1];
    left += goals[4 * i + 2];
  }
  const n = air + left;
  expect(n).toBeGreaterThan(500);
  expect(Math.abs(air - n / 2)).toBeLessThan(4 * Math.sqrt(n / 4));
});

test('without a predicate for the rest, a state that fulfils none gets a goal that nothing fulfils', () => {
  const form = statePredicates(1, { high: ([x]) => x > 1 });
  const goals = new Float32Array(2);
  form.goalFrom?.(rows(2, 0), goals);
  expect([...goals]).toEqual([1, 0]);
  expect(form.distance(rows(2), 0, rows(0), 0)).toBe(1);
  expect(() => statePredicates(1, {})).toThrow('predicates is empty');
  expect(() => statePredicates(1, { high: () => true }, 'high')).toThrow('choose another');
});

/** A point that moves in the square, with goals of any form. */
function point(form: GoalForm, drawGoal: Simulation['reset']): Simulation {
  const state = new Float64Array(2);
  const { rewardRange, ...rules } = goalRules(form, 'sparse');
  const spec: EnvSpec = {
    name: 'test/point',
    observation: square,
    achieved: square,
    goal: form.goal,
    goalKind: form.kind,
    action: box(2, -0.3, 0.3),
    maxEpisodeSteps: 20,
    rewardRange,
    successEndsEpisode: false,
    info: [],
  };
  return {
    ...rules,
    ...arrayState(state),
    spec,
    reset(random, now) {
      state.fill(0);
      drawGoal(random, now);
      now.observation.set(state);
      now.achieved.set(state);
    },
    step(action, now) {
      for (let j = 0; j < 2; j++) state[j] = Math.min(Math.max(state[j] + action[j], -1), 1);
      now.observation.set(state);
      now.achieved.set(state);
    },
  };
}

test('environments with goals of each kind keep the contract', () => {
  const state = point(targetState(square, 0.2), (random, { goal }) => random.fillUniform(goal, -1, 1));
  const region = point(stateRegion(square, [0.1, 0.1]), (random, { goal }) => {
    for (let j = 0; j < 2; j++) {
      goal[j] = 1.5 * random.uniform() - 1;
      goal[2 + j] = goal[j] + 0.5;
    }
  });
  const predicates = { left: ([x]: Float32Array) => x < 0, up: ([, y]: Float32Array) => y > 0.2 };
  const predicate = point(statePredicates(2, predicates, 'neither'), (random, { goal }) => {
    goal.fill(0);
    goal[random.below(3)] = 1;
  });
  for (const simulation of [state, region, predicate]) {
    expect(checkEnv(createGoalEnv(simulation)).findings).toEqual([]);
  }
});
