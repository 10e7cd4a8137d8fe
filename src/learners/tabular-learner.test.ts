// Tabular Q-learning: the lecture's hand calculation, exact values of the grid, acting, exporting, going on, its limits.
import { describe, expect, it } from 'vitest';
import type { PolicyVectors } from '../agents/policy-vectors.js';
import { float32Of } from '../bytes.js';
import type { EnvDefinition, EnvSpec, PlainSimulation } from '../envs/env.js';
import { goalRules, targetState } from '../envs/goals/index.js';
import { goalValues, grid, gridTables, reachableSet, type TabularModel } from '../envs/grid/index.js';
import { arrayState, defineEnv, parseEnvOptions } from '../envs/index.js';
import { box, discrete } from '../envs/space.js';
import { rowLayout } from '../replay/index.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { readCheckpoint } from '../runs/run-reader.js';
import { nodeRuntime } from '../runtime/node.js';
import { configure } from '../training/configure.js';
import { exportPolicy, loadPolicy, loadValue } from '../training/policy.js';
import { resume, train } from '../training/train.js';
import type { TrainOptions } from '../training/types.js';
import { createLearner } from './create-learner.js';

const tables = (vectors: PolicyVectors, spec: Pick<EnvSpec, 'observation' | 'goal'>, actions: number) => {
  const goals = vectors.goals.length / spec.goal.size;
  const numberOf = (rows: Float32Array, row: ArrayLike<number>) => {
    for (let i = 0; i < rows.length; i += row.length) {
      if (Array.from(row).every((value, j) => rows[i + j] === Math.fround(value))) return i / row.length;
    }
    throw new Error(`no row [${Array.from(row)}]`);
  };
  return (observation: ArrayLike<number>, goal: ArrayLike<number>, action: number) =>
    vectors.values[(numberOf(vectors.states, observation) * goals + numberOf(vectors.goals, goal)) * actions + action];
};

describe("the lecture's hand calculation", () => {
  const path = [
    [0, 0],
    [0.3, 0.1],
    [0.5, 0.4],
    [0.5, 0.8],
  ];
  const plane = box(2, 0, 1);
  const { rewardRange, ...rules } = goalRules(targetState(plane, 0.05), 'zero-one');
  const spec: EnvSpec = {
    name: 'plane',
    observation: plane,
    achieved: plane,
    goal: plane,
    action: discrete(3),
    maxEpisodeSteps: 3,
    rewardRange,
    successEndsEpisode: false,
    info: [],
  };
  const plan: EnvDefinition<unknown> = {
    name: 'plane',
    description: 'three steps of a point',
    rules: () => ({ ...rules, spec }),
    create: () => {
      throw new Error('only its rules are needed');
    },
  };

  /** The one episode, action t at step t, given `times` times. */
  async function learned(relabel: string, times: number) {
    const config = await configure({
      env: plan,
      agent: 'tabular',
      relabel,
      config: { agent: { replayBackwards: true }, replay: { capacity: 30 } },
    });
    const learner = await createLearner({ config, definition: plan }, nodeRuntime);
    const layout = rowLayout(spec);
    let policy: PolicyVectors = {};
    for (let i = 0; i < times; i++) {
      const rows = new Float32Array(4 * layout.width);
      for (let t = 0; t <= 3; t++) {
        const row = rows.subarray(t * layout.width);
        row.set(path[t], layout.column('observation').offset);
        row.set(path[t], layout.column('achieved').offset);
        row.set([1, 1], layout.column('goal').offset);
        if (t < 3) row[layout.column('action').offset] = t;
      }
      const pieces = [{ env: 0, first: 0, steps: 3, end: 'truncated' as const }];
      policy = (await learner.learn({ rows, pieces }, 0)).policy;
    }
    await learner.dispose();
    return policy;
  }

  it('leaves every Q at 0 for the original goal, which was missed by 0.5385', async () => {
    const { values } = await learned('none', 1);
    expect(values.every((value) => value === 0)).toBe(true);
  });

  it('relabelled with the final position and replayed backwards gives 0.1, 0.0098, 0.0009604', async () => {
    const q = tables(await learned('final:1', 1), spec, 3);
    const relabelled = [0, 1, 2].map((t) => q(path[t], path[3], t));
    expect(relabelled[2]).toBeCloseTo(0.1, 8);
    expect(relabelled[1]).toBeCloseTo(0.0098, 9);
    expect(relabelled[0]).toBeCloseTo(0.0009604, 10);
    expect([0, 1, 2].map((t) => q(path[t], [1, 1], t))).toEqual([0, 0, 0]);
  });

  it('goes to 1, 0.98, 0.9604 when repeated', async () => {
    const q = tables(await learned('final:1', 400), spec, 3);
    [0.9604, 0.98, 1].forEach((limit, t) => {
      expect(q(path[t], path[3], t)).toBeCloseTo(limit, 5);
    });
  });
});

async function trained(options: Partial<TrainOptions>) {
  const store = createMemoryStore();
  const result = await train({ env: 'grid', agent: 'tabular', seed: 2, ...options, store });
  const run = result.runDir.slice(store.location.length + 1);
  const { state } = await readCheckpoint(store, run, result.envSteps);
  const vectors = Object.fromEntries(
    ['states', 'goals', 'values'].map((name) => [name, float32Of(state[`learner.vector.${name}`])]),
  );
  return { store, run, state, vectors };
}

const quick = { evaluation: { every: 0, episodes: 1 }, replay: { capacity: 100_000 } };

/** Q(s, a, g) of a table for all states, actions and goals of a grid, in the order of dynamic programming, and its exact values. */
function gridValues(vectors: PolicyVectors, given: Record<string, unknown>, discount: number) {
  const options = parseEnvOptions(grid, given);
  const { spec } = grid.rules(options);
  const { model, observations, goals } = gridTables(options);
  const { reward, successEndsEpisode } = options;
  const exact = goalValues(model, { discount, reward: reward as 'sparse' | 'zero-one', successEndsEpisode });
  const table = tables(vectors, spec, model.actions);
  const row = (all: Float32Array, i: number) => all.subarray(2 * i, 2 * i + 2);
  const q = Array.from(exact.q, (_, i) => {
    const [state, action] = [Math.floor(i / model.actions) % model.states, i % model.actions];
    return table(row(observations, state), row(goals, Math.floor(i / model.actions / model.states)), action);
  });
  /** V(s, g) = max_a Q(s, a, g): [goals, states]. */
  const v = Array.from(exact.v, (_, i) => Math.max(...q.slice(i * model.actions, (i + 1) * model.actions)));
  return { model, exact, q, v };
}

const errors = (values: readonly number[], exact: Float64Array) => values.map((value, i) => value - exact[i]);
const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));

/** 1 where following the best action meets the goal, with at least one step: [goals, states]. */
function arrivals({ states, actions, next }: TabularModel, q: readonly number[]): number[] {
  return Array.from({ length: states * states }, (_, i) => {
    const goal = Math.floor(i / states);
    let state = i % states;
    for (let step = 0; step < states; step++) {
      const row = (goal * states + state) * actions;
      const values = q.slice(row, row + actions);
      state = next[state * actions + values.indexOf(Math.max(...values))];
      if (state === goal) return 1;
    }
    return 0;
  });
}

describe('grid', () => {
  // Short episodes with random actions, so that all is tried from everywhere.
  it.each([
    { map: 'four-rooms', reward: 'sparse', successEndsEpisode: false },
    { map: 'four-rooms', reward: 'zero-one', successEndsEpisode: false },
    { map: 'islands', reward: 'zero-one', successEndsEpisode: true },
  ])(
    'Q and V of all goals are those of dynamic programming: $map, $reward, success ends $successEndsEpisode',
    async ({ map, ...rewards }) => {
      const env = { options: { map, maxEpisodeSteps: 10, ...rewards } };
      const agent = { options: { learningRate: 1, epsilon: 1, discount: 0.8, states: 68, goals: 68 } };
      const steps = map === 'islands' ? 6000 : 16_000;
      const training = { batchSize: 256 };
      const { vectors } = await trained({ steps, config: { ...quick, env, agent, training } });
      const { model, exact, q, v } = gridValues(vectors, env.options, 0.8);
      expect(q).toHaveLength(model.states * model.states * 5);
      expect(largest(errors(q, exact.q))).toBeLessThan(1e-3);
      expect(largest(errors(v, exact.v))).toBeLessThan(1e-3);
      // Acting on it goes from any cell to any other that can be reached, and of course to no more.
      const reachable = [...reachableSet(model)];
      expect(reachable.filter((one) => one === 1)).toHaveLength(map === 'islands' ? 2 * 81 : 68 * 68);
      expect(arrivals(model, q)).toEqual(reachable);
    },
    60_000,
  );

  it('a slippery grid: right with goals from anywhere, too hopeful with goals from its own future', async () => {
    const env = { options: { map: '.../.#.', slip: 0.3, maxEpisodeSteps: 8 } };
    const agent = { options: { learningRate: 1, visitPower: 0.7, epsilon: 1, discount: 0.6, states: 16, goals: 16 } };
    const training = { updatesPerStep: 0.25 };
    const learned = async (relabel: string) => {
      const { vectors } = await trained({ steps: 20_000, relabel, config: { ...quick, env, agent, training } });
      const { exact, q, v } = gridValues(vectors, env.options, 0.6);
      return { ofQ: errors(q, exact.q), ofV: errors(v, exact.v) };
    };
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    // About 570 tries of each action in each state leave 0.02 of uncertainty in each outcome's probability.
    const anywhere = await learned('random:4');
    for (const wrong of Object.values(anywhere)) {
      expect(largest(wrong)).toBeLessThan(0.15);
      expect(Math.abs(mean(wrong))).toBeLessThan(0.05);
    }
    // A goal taken from what chance brought about makes chance look like skill.
    expect(mean((await learned('future:4')).ofQ)).toBeGreaterThan(0.2);
  }, 60_000);
});

describe('a table as a policy', () => {
  const settings = {
    config: { ...quick, env: { options: { map: '.../.#./...' } }, agent: { options: { states: 16 } } },
  };

  it('repeats for a seed, and goes on as if it had not stopped', async () => {
    const strip = (state: Readonly<Record<string, Uint8Array>>) =>
      Object.fromEntries(Object.entries(state).filter(([name]) => name !== 'loop'));
    const whole = await trained({ ...settings, steps: 1000 });
    expect(strip((await trained({ ...settings, steps: 1000 })).state)).toEqual(strip(whole.state));
    expect((await trained({ ...settings, steps: 1000, seed: 3 })).vectors).not.toEqual(whole.vectors);
    const parts = await trained({ ...settings, steps: 600 });
    await resume({ run: parts.run, store: parts.store, steps: 1000 });
    expect(strip((await readCheckpoint(parts.store, parts.run, 1000)).state)).toEqual(strip(whole.state));
  });

  it('acts alike loaded and exported, and as the nearest known state and goal where it knows none', async () => {
    const { store, run } = await trained({ ...settings, steps: 3000 });
    const policy = await loadPolicy({ run, store });
    const model = await nodeRuntime.compile(await exportPolicy({ run, store }));
    const cells = [0, 1, 2].flatMap((x) => [0, 1, 2].map((y) => [x, y])).filter(([x, y]) => x !== 1 || y !== 1);
    for (const observation of cells) {
      for (const goal of cells) {
        const [action] = await policy.act({ observation, goal });
        const exported = await model.run({
          observation: Float32Array.from(observation),
          goal: Float32Array.from(goal),
        });
        expect((exported.action as Float32Array)[0]).toBe(action);
        const beside = (cell: number[]) => cell.map((x) => x + 0.3);
        expect((await policy.act({ observation: beside(observation), goal: beside(goal) }))[0]).toBe(action);
      }
    }
    await policy.dispose();
    await model.dispose();
  });

  it('says what to do when it is full, and refuses continuous actions', async () => {
    const small = { ...settings.config, agent: { options: { states: 5 } } };
    await expect(trained({ config: small })).rejects.toThrow(/room for 5 different observations.*agent\.states.*dqn/);
    await expect(trained({ env: 'point/reach' })).rejects.toThrow(/"tabular" needs discrete actions/);
  });
});

describe('a plain Markov decision process', () => {
  /** Five places; the last one pays 1 and ends the episode. The second action goes on, the first goes back. */
  const chain = defineEnv({
    name: 'me/chain',
    create(): PlainSimulation {
      const place = new Float64Array(1);
      return {
        spec: {
          name: 'me/chain',
          observation: box(1, 0, 4),
          action: discrete(2),
          maxEpisodeSteps: 30,
          rewardRange: [0, 1],
        },
        ...arrayState(place),
        reset(random, now) {
          now.observation[0] = place[0] = random.below(4);
        },
        step([action], now) {
          now.observation[0] = place[0] = Math.max(0, place[0] + (action === 1 ? 1 : -1));
          now.reward[0] = place[0] === 4 ? 1 : 0;
          return place[0] === 4;
        },
      };
    },
  });

  it.each([true, false])(
    'has its exact values, replayed backwards or not (%s); they load and export',
    async (backwards) => {
      const agent = { learningRate: 1, discount: 0.5, epsilon: 0.5, states: 8, replayBackwards: backwards };
      const { store, run } = await trained({ env: chain, steps: 600, config: { ...quick, agent } });
      const value = await loadValue({ run, store }, { rows: 4 });
      expect([...(await value.evaluate({ observation: [0, 1, 2, 3] }))]).toEqual([0.125, 0.25, 0.5, 1]);
      await value.dispose();
      const policy = await loadPolicy({ run, store });
      expect([...(await policy.act({ observation: [2] }))]).toEqual([1]);
      await policy.dispose();
      expect((await exportPolicy({ run, store })).length).toBeGreaterThan(0);
      await resume({ run, store, env: chain, steps: 700 });
    },
  );
});
