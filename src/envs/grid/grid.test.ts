import { expect, test } from 'vitest';
import { checkEnv } from '../check-env.js';
import { parseEnvOptions } from '../define-env.js';
import { makeEnv } from '../registry.js';
import { fewestSteps, grid, gridMaps, gridTables, parseMap } from './index.js';

const settings: Record<string, unknown>[] = [
  {},
  { map: 'maze', observation: 'one-hot', reward: 'zero-one', successEndsEpisode: true },
  { map: 'open', slip: 0.3, stay: false, reward: 'dense' },
  { map: 'trap' },
  { goal: 'set', reward: 'dense' },
  { goal: 'set', observation: 'one-hot', slip: 0.1 },
  { goal: 'predicate', reward: 'zero-one' },
  { goal: 'predicate', observation: 'one-hot', successEndsEpisode: true },
];

test.each(settings)('keeps the contract with %o', async (options) => {
  const env = await makeEnv('grid', options);
  const rules = grid.rules(parseEnvOptions(grid, options));
  const { findings } = checkEnv(env, { rules, episodes: 6 });
  // In `trap` start and goal are drawn on the map.
  expect(findings.filter(({ check }) => options.map !== 'trap' || check !== 'goal')).toEqual([]);
});

test('walls and edges hold, other moves go where they point', async () => {
  const env = await makeEnv('grid', { map: 'S./.#' });
  const go = (...actions: number[]) => {
    env.reset({ seed: 0 });
    let { achieved } = env.step([actions[0]]);
    for (const action of actions.slice(1)) achieved = env.step([action]).achieved;
    return [...achieved];
  };
  const [up, right, down, left, stay] = [0, 1, 2, 3, 4];
  expect(go(up)).toEqual([0, 0]);
  expect(go(left)).toEqual([0, 0]);
  expect(go(right)).toEqual([1, 0]);
  expect(go(right, down)).toEqual([1, 0]); // wall
  expect(go(down)).toEqual([0, 1]);
  expect(go(down, stay)).toEqual([0, 1]);
});

test('rules of the environment and of the tables agree with the simulation, slips included', async () => {
  const options = parseEnvOptions(grid, { map: 'maze', slip: 0.4 });
  const { model, observations } = gridTables(options);
  const stateOf = (o: Float32Array) =>
    Array.from({ length: model.states }, (_, s) => s).find(
      (s) => observations[2 * s] === o[0] && observations[2 * s + 1] === o[1],
    ) ?? -1;
  const env = await makeEnv('grid', { map: 'maze', slip: 0.4, maxEpisodeSteps: 50_000 });
  let state = stateOf(env.reset({ seed: 9 }).observation);
  const seen = new Map<string, number>();
  const tried = new Map<number, number>();
  for (let t = 0; t < 50_000; t++) {
    const action = t % 5;
    const row = state * 5 + action;
    state = stateOf(env.step([action]).observation);
    tried.set(row, (tried.get(row) ?? 0) + 1);
    const key = `${row} ${state}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const probability = (row: number, to: number) => {
    let sum = 0;
    for (let k = 0; k < 5; k++) if (model.next[row * 5 + k] === to) sum += model.probability[row * 5 + k];
    return sum;
  };
  let chi2 = 0;
  let freedom = 0;
  for (const [row, n] of tried) {
    let places = 0;
    for (let to = 0; to < model.states; to++) {
      const p = probability(row, to);
      const count = seen.get(`${row} ${to}`) ?? 0;
      if (p === 0) expect(count).toBe(0);
      if (p === 0 || n * p < 5) continue;
      chi2 += (count - n * p) ** 2 / (n * p);
      places++;
    }
    freedom += Math.max(places - 1, 0);
  }
  expect(freedom).toBeGreaterThan(100);
  // Chi-squared with f degrees of freedom has mean f and variance 2 f: four standard deviations.
  expect(Math.abs(chi2 - freedom)).toBeLessThan(4 * Math.sqrt(2 * freedom));
});

test('the shortest way solves every cell from every start, within the time limit', async () => {
  const { model, observations } = gridTables(parseEnvOptions(grid, {}));
  const steps = fewestSteps(model);
  const env = await makeEnv('grid', {});
  for (let seed = 0; seed < 100; seed++) {
    const { achieved, goal } = env.reset({ seed });
    const cell = (at: Float32Array) =>
      Array.from({ length: model.states }, (_, s) => s).find(
        (s) => observations[2 * s] === at[0] && observations[2 * s + 1] === at[1],
      )!;
    const target = cell(goal);
    let state = cell(achieved);
    expect(state).not.toBe(target);
    for (let left = steps[target * model.states + state]; left > 0; left--) {
      const to = (a: number) => model.next[state * 5 + a];
      const action = [0, 1, 2, 3].find((a) =>
        left === 1 ? to(a) === target : steps[target * model.states + to(a)] === left - 1,
      )!;
      state = to(action);
      expect(env.step([action]).isSuccess).toBe(left === 1);
    }
  }
});

test('goals that are sets or regions are fulfilled by each of their cells and by no other', async () => {
  const env = await makeEnv('grid', { goal: 'predicate' });
  const success = new Uint8Array(1);
  for (let seed = 0; seed < 20; seed++) {
    const { goal, achieved } = env.reset({ seed });
    expect(goal.reduce((sum, value) => sum + value, 0)).toBe(1);
    env.computeSuccess(achieved, goal, new Float32Array(0), success);
    expect(success[0]).toBe(0); // something is left to do
  }
  expect(env.spec.goal.names).toEqual(['in-a', 'in-b', 'in-c', 'in-d', 'elsewhere']);
  const fulfils = (x: number, y: number, p: number) => {
    const goal = new Float32Array(5);
    goal[p] = 1;
    env.computeSuccess(Float32Array.of(x, y), goal, new Float32Array(0), success);
    return success[0];
  };
  expect([fulfils(1, 1, 0), fulfils(4, 4, 0), fulfils(5, 3, 0), fulfils(5, 3, 4), fulfils(9, 9, 3)]).toEqual([
    1, 1, 0, 1, 1,
  ]);
});

test('hindsight turns what was achieved into the set of that cell, and into the region it lies in', async () => {
  const sets = await makeEnv('grid', { goal: 'set', map: '../.#' });
  const out = new Float32Array(6);
  sets.goalFrom?.(Float32Array.of(1, 0, 0, 1), out);
  expect([...out]).toEqual([0, 1, 0, 0, 0, 1]);
  const regions = await makeEnv('grid', { goal: 'predicate', map: 'a.b' });
  const goals = new Float32Array(9);
  regions.goalFrom?.(Float32Array.of(0, 0, 1, 0, 2, 0), goals);
  expect([...goals]).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 0]);
});

test('maps: all named ones parse, and mistakes are named', async () => {
  for (const name of Object.keys(gridMaps)) expect(parseMap(name).cells).toBeGreaterThan(5);
  expect(parseMap('trap').starts).toHaveLength(1);
  expect(() => parseMap('four-room')).toThrow('did you mean "four-rooms"');
  expect(() => parseMap('../...')).toThrow('row 2 "..." has 3 signs, the first 2');
  expect(() => parseMap('..x/.?.')).toThrow('row 2, column 2 is "?"');
  expect(() => parseMap('##/##')).toThrow('no free cell');
  await expect(makeEnv('grid', { map: 'open', goal: 'predicate' })).rejects.toThrow('goal predicate needs regions');
  await expect(makeEnv('grid', { goal: 'predicate', reward: 'dense' })).rejects.toThrow('reward dense is minus');
  await expect(makeEnv('grid', { slip: 1 })).rejects.toThrow('setting slip is 1');
});

test('the scene shows walls, goal cells and the walker', async () => {
  const env = await makeEnv('grid', { map: 'S.#/..G' });
  env.reset({ seed: 0 });
  const names = env.scene?.().shapes.map(({ name }) => name);
  expect(names).toEqual(['floor', 'floor', 'wall', 'floor', 'floor', 'goal', 'walker']);
});
