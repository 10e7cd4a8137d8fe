// Exact values against hand calculation, an independent linear solver, plain value iteration, and simulation.
import { expect, test } from 'vitest';
import { createRandom } from '../../random.js';
import { parseEnvOptions } from '../define-env.js';
import {
  createGoalBackups,
  fewestSteps,
  type GoalValueOptions,
  goalValues,
  grid,
  gridModel,
  gridTables,
  parseMap,
  reachableSet,
  type TabularModel,
} from './index.js';

const model = (map: string, slip = 0, stay = true) => gridModel(parseMap(map), { slip, stay });
const cases = (['sparse', 'zero-one'] as const).flatMap((reward) =>
  [true, false].map((successEndsEpisode) => ({ reward, successEndsEpisode })),
);

test('a corridor of three cells has the values one computes by hand', () => {
  const corridor = model('...');
  const values = (options: Omit<GoalValueOptions, 'discount'>) => {
    const { v } = goalValues(corridor, { discount: 0.5, ...options });
    return Array.from(v.slice(6, 9), (value) => Number(value.toFixed(9))); // goal: the right cell
  };
  // From the left: two steps; from the middle: one; at the goal: stay.
  expect(values({ reward: 'zero-one', successEndsEpisode: true })).toEqual([0.5, 1, 1]);
  expect(values({ reward: 'zero-one', successEndsEpisode: false })).toEqual([1, 2, 2]); // 1 / (1 - 0.5) = 2
  expect(values({ reward: 'sparse', successEndsEpisode: true })).toEqual([-1, 0, 0]);
  expect(values({ reward: 'sparse', successEndsEpisode: false })).toEqual([-1, 0, 0]);
});

test('Q of one slippery step by hand: the move meant with 0.6 + 0.1, each other with 0.1', () => {
  const { q, v } = goalValues(model('..', 0.4), { discount: 0.9, reward: 'zero-one', successEndsEpisode: true });
  // Goal: the right cell; from the left cell, `right` arrives with 0.7, otherwise the walker is where it was.
  const value = 0.7 / (1 - 0.9 * 0.3);
  expect(v[2 * 1 + 0]).toBeCloseTo(value, 9);
  expect(q[(2 * 1 + 0) * 5 + 1]).toBeCloseTo(0.7 + 0.3 * 0.9 * value, 9);
  expect(q[(2 * 1 + 0) * 5 + 3]).toBeCloseTo(0.1 + 0.9 * 0.9 * value, 9);
});

test('sweep n knows the goal from n steps away, and the sweeps end at the values', () => {
  const corridor = model('........');
  const options = { discount: 0.5, reward: 'zero-one', successEndsEpisode: true } as const;
  const { v, sweep } = createGoalBackups(corridor, options);
  const goal = v.subarray(7 * 8, 8 * 8);
  for (let n = 1; n <= 8; n++) {
    sweep(7);
    expect(goal.filter((value) => value > 0)).toHaveLength(Math.min(n + 1, 8)); // at the goal one can stay
  }
  expect(goal).toEqual(goalValues(corridor, options).v.subarray(7 * 8, 8 * 8));
});

test('rewards of arriving anywhere: those of the sparse reward, and minus the distance', () => {
  const corridor = model('....');
  const rewards = (of: (s: number, g: number) => number) =>
    Float64Array.from({ length: 16 }, (_, i) => of(i % 4, i >> 2));
  const rest = { discount: 0.5, successEndsEpisode: false };
  const sparse = rewards((s, g) => (s === g ? 0 : -1));
  expect(goalValues(corridor, { reward: sparse, ...rest }).v).toEqual(
    goalValues(corridor, { reward: 'sparse', ...rest }).v,
  );
  const dense = goalValues(corridor, { reward: rewards((s, g) => -Math.abs(s - g)), ...rest }).v;
  expect(dense[3 * 4 + 0]).toBeCloseTo(-2 - 0.5 * 1, 9); // from 0 to 3: past 1 and 2
});

test('staying at a 0/1 goal is worth 1 / (1 - discount) unless success ends the episode', () => {
  const four = model('four-rooms');
  const { v } = goalValues(four, { discount: 0.98, reward: 'zero-one', successEndsEpisode: false });
  for (let s = 0; s < four.states; s++) expect(v[s * four.states + s]).toBeCloseTo(50, 8);
});

test('deterministic values are those of the shortest ways, found by search, for every pair and convention', () => {
  for (const name of ['four-rooms', 'maze', 'islands']) {
    const world = model(name);
    const steps = shortestWays(world);
    expect([...fewestSteps(world)]).toEqual(steps);
    const g = 0.9;
    for (const { reward, successEndsEpisode } of cases) {
      const { v } = goalValues(world, { discount: g, reward, successEndsEpisode });
      const expected = steps.map((d) => {
        if (d < 0) return reward === 'sparse' ? -1 / (1 - g) : 0;
        const at = successEndsEpisode ? 1 : 1 / (1 - g);
        return reward === 'sparse' ? -(1 - g ** (d - 1)) / (1 - g) : g ** (d - 1) * at;
      });
      const worst = Math.max(...expected.map((value, i) => Math.abs(value - v[i])));
      expect(worst).toBeLessThan(1e-9);
    }
  }
});

/** Breadth-first search from every state, at least one step. */
function shortestWays({ states, actions, next }: TabularModel): number[] {
  const steps = new Array(states * states).fill(-1);
  for (let from = 0; from < states; from++) {
    const queue = [{ state: from, length: 0 }];
    for (const { state, length } of queue) {
      for (let a = 0; a < actions; a++) {
        const to = next[state * actions + a];
        if (steps[to * states + from] >= 0) continue;
        steps[to * states + from] = length + 1;
        queue.push({ state: to, length: length + 1 });
      }
    }
  }
  return steps;
}

test('slippery values satisfy the optimality equation as an independent solver finds it', () => {
  const world = model('..#/.../#..', 0.3);
  const discount = 0.95;
  for (const { reward, successEndsEpisode } of cases) {
    const { v, q } = goalValues(world, { discount, reward, successEndsEpisode });
    for (let goal = 0; goal < world.states; goal++) {
      const exact = policyIteration(world, goal, discount, reward === 'sparse' ? -1 : 0, successEndsEpisode);
      for (let s = 0; s < world.states; s++) {
        expect(v[goal * world.states + s]).toBeCloseTo(exact[s], 9);
        const row = (goal * world.states + s) * world.actions;
        expect(Math.max(...q.slice(row, row + world.actions))).toBe(v[goal * world.states + s]);
      }
    }
  }
});

/** Howard's policy iteration with Gaussian elimination: shares nothing with what it checks. */
function policyIteration(world: TabularModel, goal: number, discount: number, missed: number, ends: boolean): number[] {
  const { states: n, actions, outcomes, next, probability } = world;
  const reward = (to: number) => (to === goal ? missed + 1 : missed);
  const future = (to: number) => (ends && to === goal ? 0 : discount);
  const q = (s: number, a: number, v: number[]) => {
    let sum = 0;
    for (let k = 0; k < outcomes; k++) {
      const i = (s * actions + a) * outcomes + k;
      sum += probability[i] * (reward(next[i]) + future(next[i]) * v[next[i]]);
    }
    return sum;
  };
  const policy = new Array(n).fill(0);
  for (;;) {
    const rows = policy.map((a, s) => {
      const row = new Array(n + 1).fill(0);
      row[s] = 1;
      for (let k = 0; k < outcomes; k++) {
        const i = (s * actions + a) * outcomes + k;
        row[next[i]] -= probability[i] * future(next[i]);
        row[n] += probability[i] * reward(next[i]);
      }
      return row;
    });
    const v = solve(rows);
    let changed = false;
    for (let s = 0; s < n; s++) {
      for (let a = 0; a < actions; a++) {
        if (q(s, a, v) <= q(s, policy[s], v) + 1e-12) continue;
        policy[s] = a;
        changed = true;
      }
    }
    if (!changed) return v;
  }
}

function solve(rows: number[][]): number[] {
  const n = rows.length;
  for (let c = 0; c < n; c++) {
    const pivot = rows
      .slice(c)
      .reduce((best, row, i) => (Math.abs(row[c]) > Math.abs(rows[best][c]) ? c + i : best), c);
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = rows[r][c] / rows[c][c];
      for (let k = c; k <= n; k++) rows[r][k] -= factor * rows[c][k];
    }
  }
  return rows.map((row, i) => row[n] / row[i]);
}

test('values of a policy: the uniform one, against solving its linear equations', () => {
  const world = model('.../.#.', 0.2);
  const { states, actions } = world;
  const policy = new Float64Array(states * states * actions).fill(1 / actions);
  const { v } = goalValues(world, { discount: 0.9, reward: 'zero-one', successEndsEpisode: true, policy });
  for (let goal = 0; goal < states; goal++) {
    const rows = Array.from({ length: states }, (_, s) => {
      const row = new Array(states + 1).fill(0);
      row[s] = 1;
      for (let i = s * actions * world.outcomes; i < (s + 1) * actions * world.outcomes; i++) {
        const p = world.probability[i] / actions;
        if (world.next[i] === goal) row[states] += p;
        else row[world.next[i]] -= 0.9 * p;
      }
      return row;
    });
    for (const [s, exact] of solve(rows).entries()) expect(v[goal * states + s]).toBeCloseTo(exact, 9);
  }
});

test('the slippery value is the mean discounted return of acting greedily', () => {
  const world = model('four-rooms', 0.2);
  const { states, actions, outcomes, next, probability } = world;
  const discount = 0.9;
  const { v, q } = goalValues(world, { discount, reward: 'zero-one', successEndsEpisode: true });
  const random = createRandom(11);
  const [goal, start] = [states - 1, 20];
  const episodes = 20_000;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < episodes; i++) {
    let [state, worth] = [start, 1];
    for (let t = 0; t < 200; t++) {
      const row = (goal * states + state) * actions;
      const best = q.slice(row, row + actions).reduce((b, value, a, all) => (value > all[b] ? a : b), 0);
      let k = (state * actions + best) * outcomes;
      for (let u = random.uniform() - probability[k]; u >= 0; u -= probability[k]) k++;
      state = next[k];
      if (state === goal) break;
      worth *= discount;
    }
    const value = state === goal ? worth : 0;
    sum += value;
    squares += value * value;
  }
  const mean = sum / episodes;
  const error = Math.sqrt((squares / episodes - mean * mean) / episodes);
  expect(Math.abs(mean - v[goal * states + start])).toBeLessThan(4 * error);
});

test('what can be reached is what has a positive value, and the parts of a map are apart', () => {
  for (const slip of [0, 0.3]) {
    const world = model('islands', slip);
    const reachable = reachableSet(world);
    const { v } = goalValues(world, { discount: 0.9, reward: 'zero-one', successEndsEpisode: false });
    expect(Array.from(v, (value) => (value > 1e-6 ? 1 : 0))).toEqual([...reachable]);
    expect(reachable.reduce((sum, value) => sum + value, 0)).toBe(9 * 9 + 9 * 9);
  }
  // One-way world: 0 leads to 1, 1 stays; 0 is left and cannot be reached again.
  const oneWay = { states: 2, actions: 1, outcomes: 1, next: Int32Array.of(1, 1), probability: Float64Array.of(1, 1) };
  expect([...reachableSet(oneWay)]).toEqual([0, 0, 1, 1]);
});

test('values of regions: the nearest cell of the region counts', () => {
  const { model: world, reached, goals } = gridTables(parseEnvOptions(grid, { goal: 'predicate' }));
  expect(goals).toHaveLength(25); // rooms a to d and elsewhere
  const g = 0.9;
  const { v } = goalValues(world, { discount: g, reward: 'zero-one', successEndsEpisode: true, reached });
  const steps = fewestSteps(world);
  for (let p = 0; p < 5; p++) {
    for (let s = 0; s < world.states; s++) {
      const ways = Array.from({ length: world.states }, (_, cell) => cell)
        .filter((cell) => reached[p * world.states + cell] === 1)
        .map((cell) => steps[cell * world.states + s]);
      expect(v[p * world.states + s]).toBeCloseTo(g ** (Math.min(...ways) - 1), 9);
    }
  }
});

test('a discount of 1 and a mask of the wrong size are refused', () => {
  const options = { reward: 'sparse', successEndsEpisode: true } as const;
  expect(() => goalValues(model('..'), { discount: 1, ...options })).toThrow('discount is 1');
  const reached = new Uint8Array(3);
  expect(() => goalValues(model('..'), { discount: 0.9, ...options, reached })).toThrow('reached has 3 numbers');
});
