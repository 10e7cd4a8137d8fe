// Goals held out of training: never desired, never relabelled to; fixed goals; repeating, going on, evaluating, refusing.
import { describe, expect, it } from 'vitest';
import type { EnvDefinition, GoalEnv } from '../envs/env.js';
import { grid } from '../envs/grid/index.js';
import { makeEnv, parseEnvOptions } from '../envs/index.js';
import { pointReach } from '../envs/point/index.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { readCheckpoint } from '../runs/run-reader.js';
import { configure } from '../training/configure.js';
import { evaluateRun } from '../training/policy.js';
import { resume, train } from '../training/train.js';
import type { TrainOptions } from '../training/types.js';
import { onlyGoals, type TrainingGoals, trainingGoals } from './training-goals.js';

const middle = { low: [-0.5, -0.5], high: [0.5, 0.5] };
const inMiddle = (x: number, y: number) => Math.abs(x) <= 0.5 && Math.abs(y) <= 0.5;
const inProcess = { worker: false, overlap: false };
const tiny = {
  agent: { options: { hidden: [16, 16] } },
  training: { batchSize: 32, warmupSteps: 100 },
  evaluation: { every: 150, episodes: 3 },
  runtime: inProcess,
};

/** The environment, and every goal under which a reward was asked for: live, in batches, replayed backwards. */
function watched<Options>(definition: EnvDefinition<Options>) {
  const goals = new Map<string, readonly number[]>();
  const watch = (desired: Float32Array) => {
    for (let i = 0; i < desired.length; i += 2) goals.set(desired.slice(i, i + 2).join(), [desired[i], desired[i + 1]]);
  };
  const env: EnvDefinition = {
    name: 'me/watched',
    description: '',
    options: definition.options,
    rules(options) {
      const rules = definition.rules(options as Options);
      goals.clear(); // what the checker asked for before the learner was made, whose rules are the last
      return {
        ...rules,
        computeReward(achieved, desired, info, out) {
          watch(desired);
          rules.computeReward(achieved, desired, info, out);
        },
      };
    },
    async create(options) {
      const made = await definition.create(options as Options);
      const step: GoalEnv['step'] = (action) => {
        const after = made.step(action);
        watch(after.goal);
        return after;
      };
      return { ...made, step };
    },
    demonstrator: () => () => [0.5, 0.5],
  };
  return { env, goals };
}

async function goalsOfTraining(definition: EnvDefinition<never>, options: Partial<TrainOptions>) {
  const { env, goals } = watched(definition);
  await train({ steps: 500, ...options, env, store: createMemoryStore(), config: { ...tiny, ...options.config } });
  return [...goals.values()];
}

describe('a region that is held out', () => {
  const point = pointReach as EnvDefinition<never>;
  it.each<[string, EnvDefinition<never>, Partial<TrainOptions>]>([
    ['sac, future', point, { agent: 'sac' }],
    ['td3, final, 3 environments', point, { agent: 'td3', steps: 1000, relabel: 'final:4', envs: 3 }],
    ['ddpg, random', point, { agent: 'ddpg', relabel: 'random:4' }],
    ['with demonstrations', point, { config: { training: { demonstrations: 20, batchSize: 32 } } }],
    ['ppo', point, { agent: 'ppo', steps: 1000, config: { training: { cycleSteps: 256, batchSize: 64 } } }],
    ['acting while learning', point, { config: { runtime: { worker: false, overlap: true } } }],
  ])('is never desired nor relabelled to: %s', async (_, definition, options) => {
    const held = await goalsOfTraining(definition, {
      ...options,
      config: { ...options.config, goals: { heldOut: middle } },
    });
    expect(held.length).toBeGreaterThan(20);
    expect(held.filter(([x, y]) => inMiddle(x, y))).toEqual([]);
    // The watch sees such goals where nothing is held out.
    const all = await goalsOfTraining(definition, options);
    expect(all.some(([x, y]) => inMiddle(x, y))).toBe(true);
  });

  it('neither in a table that replays backwards', async () => {
    const config = { env: { options: { map: 'open' } }, agent: { options: { replayBackwards: true } } };
    const options = { agent: 'tabular', steps: 2000 };
    const low = [3, 3];
    const inside = ([x, y]: readonly number[]) => x >= 3 && y >= 3;
    const held = await goalsOfTraining(grid as EnvDefinition<never>, {
      ...options,
      config: { ...config, goals: { heldOut: { low } } },
    });
    expect(held).toHaveLength(8 * 8 - 5 * 5); // every other goal is met
    expect(held.some(inside)).toBe(false);
    expect((await goalsOfTraining(grid as EnvDefinition<never>, { ...options, config })).some(inside)).toBe(true);
  });
});

const pointGoals = async (goals: Record<string, unknown>, seed = 3) => {
  const config = await configure({ env: 'point/reach', seed, config: { goals } });
  const env = await makeEnv('point/reach');
  return { env, config, goals: trainingGoals(env, config) };
};
/** The first goals of episodes of one part. */
const firstGoals = (env: GoalEnv, goals: TrainingGoals, part: 'trained' | 'held-out' | 'all', count: number) => {
  const chosen = onlyGoals(env, goals, part);
  return Array.from({ length: count }, (_, i) => [...chosen.reset(i === 0 ? { seed: 8 } : undefined).goal]);
};

describe('the parts of the goals', () => {
  it('fixed goals are different, outside of the region, made by the seed, and drawn with equal chances', async () => {
    const { env, goals } = await pointGoals({ heldOut: middle, trained: 50 });
    const fixed = Array.from({ length: 50 }, (_, i) => [...goals.fixed!.subarray(2 * i, 2 * i + 2)]);
    expect(new Set(fixed.map(String)).size).toBe(50);
    expect(fixed.some(([x, y]) => inMiddle(x, y))).toBe(false);
    expect((await pointGoals({ heldOut: middle, trained: 50 })).goals).toEqual(goals);
    expect((await pointGoals({ heldOut: middle, trained: 50 }, 4)).goals.fixed).not.toEqual(goals.fixed);
    const counts = new Map<string, number>(fixed.map((goal) => [String(goal), 0]));
    for (const goal of firstGoals(env, goals, 'trained', 5000)) {
      counts.set(String(goal), counts.get(String(goal))! + 1); // NaN where the goal is none of them
    }
    const chi = [...counts.values()].reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
    expect(counts.size).toBe(50);
    expect(chi).toBeLessThan(98.8); // 49 degrees of freedom, p = 3e-5
  });

  it('episodes of training have no other goals than the fixed ones', async () => {
    const config = { goals: { heldOut: middle, trained: 7 }, training: { batchSize: 32, updatesPerStep: 0.02 } };
    // 80 episodes: each goal is missed by all of them with probability 5e-6.
    const options = { steps: 4000, relabel: 'none', seed: 3, envs: 2, config };
    const seen = await goalsOfTraining(pointReach as EnvDefinition<never>, options);
    const { goals } = await pointGoals(config.goals);
    const fixed = new Set(Array.from({ length: 7 }, (_, i) => goals.fixed!.slice(2 * i, 2 * i + 2).join()));
    expect(new Set(seen.map(String))).toEqual(fixed);
  });

  it('trained, held-out and all goals are where they should be, and their densities those of the environment', async () => {
    const { env, goals } = await pointGoals({ heldOut: middle });
    expect(firstGoals(env, goals, 'trained', 500).some(([x, y]) => inMiddle(x, y))).toBe(false);
    expect(firstGoals(env, goals, 'held-out', 500).every(([x, y]) => inMiddle(x, y))).toBe(true);
    const share = firstGoals(env, goals, 'all', 4000).filter(([x, y]) => inMiddle(x, y)).length / 4000;
    expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 4000));
  });

  it('without a region, goals that are not among the fixed ones are held out', async () => {
    const config = await configure({ env: 'grid', config: { goals: { trained: 60 } } });
    const env = await makeEnv('grid');
    const goals = trainingGoals(env, config);
    const parts = (['trained', 'held-out'] as const).map(
      (part) => new Set(firstGoals(env, goals, part, 2000).map(String)),
    );
    expect(parts.map(({ size }) => size)).toEqual([60, 8]);
    expect([...parts[0]].some((goal) => parts[1].has(goal))).toBe(false);
  });

  it('an environment with fixed goals is saved and restored exactly; given goals and states are taken', async () => {
    const { env, goals } = await pointGoals({ trained: 20 });
    const chosen = onlyGoals(env, goals, 'trained');
    chosen.reset({ seed: 1 });
    chosen.step([1, 0]);
    const bytes = chosen.saveState();
    const next = () => [chosen.reset(), chosen.reset()].map(({ goal, observation }) => [...goal, ...observation]);
    const first = next();
    chosen.restoreState(bytes);
    expect(next()).toEqual(first);
    chosen.restoreState(bytes);
    const goal = [...chosen.step([0, 0]).goal];
    expect([...chosen.reset({ state: bytes }).goal]).toEqual(goal);
    expect([...chosen.reset({ goal: [0.25, 0.5] }).goal]).toEqual([0.25, 0.5]);
  });
});

describe('a run with goals held out', () => {
  const settings = {
    env: 'point/reach',
    seed: 6,
    envs: 2,
    config: { ...tiny, goals: { heldOut: middle, trained: 30 } },
  };
  const stateOf = async (options: Partial<TrainOptions>) => {
    const store = createMemoryStore();
    const { runDir, envSteps } = await train({ ...settings, ...options, store });
    const run = runDir.slice(store.location.length + 1);
    return { store, run, state: (await readCheckpoint(store, run, envSteps)).state };
  };
  const strip = (state: Readonly<Record<string, Uint8Array>>) =>
    Object.fromEntries(Object.entries(state).filter(([name]) => name !== 'loop'));

  it.each([settings.config.goals, { heldOut: middle }])('goes on bit for bit: %j', async (goals) => {
    const config = { ...settings.config, goals };
    const whole = await stateOf({ steps: 500, config });
    const parts = await stateOf({ steps: 300, config });
    await resume({ run: parts.run, store: parts.store, steps: 500 });
    const { state } = await readCheckpoint(parts.store, parts.run, 500);
    expect(strip(state)).toEqual(strip(whole.state));
    const other = { ...config, goals: {} };
    expect(strip((await stateOf({ steps: 500, config: other })).state)).not.toEqual(strip(whole.state));
  });

  it('is evaluated on the part of the goals that one asks for', async () => {
    const { store, run } = await stateOf({ steps: 400 });
    const goals = async (part?: 'trained' | 'held-out' | 'all') => {
      const desired: number[][] = [];
      const result = await evaluateRun({
        run,
        store,
        goals: part,
        episodes: 40,
        onEpisode: (_, { goal }) => desired.push([...goal]),
      });
      expect(result.goals).toBe(part ?? 'all');
      return desired;
    };
    const { goals: own } = await pointGoals(settings.config.goals, 6);
    const fixed = new Set(Array.from({ length: 30 }, (_, i) => own.fixed!.slice(2 * i, 2 * i + 2).join()));
    expect((await goals('trained')).every((goal) => fixed.has(String(goal)))).toBe(true);
    expect((await goals('held-out')).every(([x, y]) => inMiddle(x, y))).toBe(true);
    const all = await goals();
    expect(all.some(([x, y]) => inMiddle(x, y))).toBe(true);
    expect(all.some(([x, y]) => !inMiddle(x, y))).toBe(true);
  });

  it.each([
    [{ heldOut: { low: [0] } }, /goals\.heldOut\.low has 1 bounds, but goals of point\/reach have 2 numbers \(x, y\)/],
    [{ heldOut: { low: [0.5, 0], high: [0, 1] } }, /low 0\.5 exceeds high 0 for x/],
    [{ heldOut: { low: [2, null] } }, /x from 2 to Infinity holds nothing out.*in \[-1, 1\]/],
    [{ heldOut: { low: [-1, null] } }, /leaves no goal of point\/reach to train on: 10000 episodes/],
    [{ heldOut: { low: [-1, null] }, trained: 5 }, /trained is 5.*showed only 0 different goals outside/],
    [{ heldOut: { lo: [0, 0] } }, /unknown setting "goals\.heldOut\.lo" in config; did you mean "goals\.heldOut\.low"/],
    [{ trained: 0 }, /goals\.trained must be/],
  ])('refuses %j with the reason, and leaves nothing behind', async (goals, message) => {
    const store = createMemoryStore();
    await expect(train({ env: 'point/reach', store, config: { ...tiny, goals } })).rejects.toThrow(message);
    expect(await store.list('')).toEqual([]);
  });

  it('asks for fewer fixed goals where there are not so many, and says when none are held out', async () => {
    const config = await configure({ env: 'grid', config: { goals: { trained: 100 } } });
    expect(() => trainingGoals(gridEnv(), config)).toThrow(/trained is 100, but grid showed only 68 different goals/);
    const { store, run } = await stateOf({ steps: 300, config: { ...tiny, goals: {} } });
    await expect(evaluateRun({ run, store, goals: 'held-out' })).rejects.toThrow(/this run held no goals out/);
  });
});

const gridEnv = () => grid.create(parseEnvOptions(grid, {})) as GoalEnv;
