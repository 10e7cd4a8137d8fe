// Model-based learning end to end in memory: with goals and without, under several agents, exactly as after a stop.
import { describe, expect, it } from 'vitest';
import { openDataSet } from '../datasets/index.js';
import { loadEnv } from '../envs/registry.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { readCheckpoint } from '../runs/run-reader.js';
import { configure, specOf } from '../training/configure.js';
import { evaluateRun, exportPolicy, loadPolicy } from '../training/policy.js';
import { recordData } from '../training/record.js';
import { resume, train } from '../training/train.js';
import type { TrainOptions } from '../training/types.js';
import { createAgent } from './create-agent.js';

const tiny = {
  model: {
    kind: 'ensemble',
    members: 3,
    elites: 2,
    hidden: [16],
    epochs: 2,
    every: 100,
    rollouts: 300,
  },
  envs: 1,
  training: { batchSize: 32, warmupSteps: 100, updatesPerStep: 0.5, cycleSteps: 10 },
  evaluation: { every: 0, episodes: 2 },
  runtime: { worker: false, overlap: false },
};

async function finish(options: TrainOptions) {
  const store = createMemoryStore();
  const result = await train({ seed: 2, ...options, store });
  const dir = result.runDir.slice(store.location.length + 1);
  const { state } = await readCheckpoint(store, dir, result.envSteps);
  const text = new TextDecoder().decode(await store.read(`${dir}/metrics.jsonl`));
  const rows = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number>);
  return { store, dir, state, rows };
}

const small = { options: { hidden: [16, 16] } };

describe.each([
  ['sac', 'point/reach', [200, 500, 1, 3]],
  ['td3', 'pendulum', 'auto'],
  ['tqc', 'point/two-tasks', 2],
  ['dqn', 'bit-flip', 1],
] as const)('%s on %s with horizon %j', (agent, env, horizon) => {
  const config = { ...tiny, agent: small, model: { ...tiny.model, horizon, autoMost: 4, autoError: 0.5 } };

  it('learns from imagined rows, whose numbers are told, and goes on exactly after a stop', async () => {
    const whole = await finish({ env, agent, steps: 600, config });
    const row = whole.rows.find((one) => 'model/holdout_mse' in one);
    expect(row).toMatchObject({ 'model/epochs': 2 });
    expect(row?.['model/imagined_rows']).toBeGreaterThan(300);
    expect(row?.['model/horizon']).toBeGreaterThanOrEqual(1);
    expect(whole.state['learner.imagination.episodes'].length).toBeGreaterThan(10_000);

    // Stopped between two fits.
    const part = await finish({ env, agent, steps: 350, config });
    const { envSteps } = await resume({ run: part.dir, store: part.store, steps: 600 });
    const { state } = await readCheckpoint(part.store, part.dir, envSteps);
    const names = Object.keys(whole.state).filter((name) => name !== 'loop' && !name.startsWith('acting'));
    expect(names.some((name) => name.startsWith('learner.model.'))).toBe(true);
    for (const name of names) expect(state[name], name).toEqual(whole.state[name]);
  }, 60_000);
});

describe('planner', () => {
  const quick = { options: { horizon: 3, samples: 6, rounds: 2, elites: 2 } };
  const { rollouts: _, ...planned } = tiny.model;
  const config = { ...tiny, model: planned, agent: quick, training: { warmupSteps: 100, cycleSteps: 10 } };

  it('plans with the model of the last fit, and goes on exactly after a stop in an episode', async () => {
    const whole = await finish({ env: 'pendulum', agent: 'planner', steps: 300, config });
    expect(whole.state['learner.vector.elites']).toEqual(whole.state['learner.model.elites']);
    expect(whole.state['learner.imagination.episodes']).toBeUndefined();
    const part = await finish({ env: 'pendulum', agent: 'planner', steps: 150, config });
    await resume({ run: part.dir, store: part.store, steps: 300 });
    const { state } = await readCheckpoint(part.store, part.dir, 300);
    expect(state['actor.memory.plan'].some((byte) => byte !== 0)).toBe(true);
    for (const name of Object.keys(whole.state)) {
      if (name !== 'loop') expect(state[name], name).toEqual(whole.state[name]);
    }
  }, 60_000);

  it('is fitted once to recorded data alone', async () => {
    const { bytes } = await recordData({ env: 'pendulum', policy: 'random', episodes: 2 });
    const data = await openDataSet('random', bytes);
    const { rows, state } = await finish({ env: 'pendulum', agent: 'planner', steps: 300, data, config });
    expect(state['learner.vector.elites'].some((byte) => byte !== 0)).toBe(true);
    expect(rows.filter((row) => 'model/holdout_mse' in row)).toHaveLength(1);
    expect(rows.at(-1)?.['train/n_updates'] ?? rows[0]['train/n_updates']).toBe(1);
  }, 60_000);

  it('plans for goals, by the rules on what is predicted to be achieved, and goes on exactly', async () => {
    const env = { options: { reward: 'dense' } };
    const model = { ...planned, hidden: [32], epochs: 60 };
    const options = { horizon: 6, samples: 32, rounds: 2, elites: 6 };
    const goals = { ...config, env, model, agent: { options } };
    const whole = await finish({ env: 'point/reach', agent: 'planner', steps: 130, config: goals });
    const part = await finish({ env: 'point/reach', agent: 'planner', steps: 105, config: goals });
    await resume({ run: part.dir, store: part.store, steps: 130 });
    const { state } = await readCheckpoint(part.store, part.dir, 130);
    for (const name of Object.keys(whole.state)) {
      if (name !== 'loop') expect(state[name], name).toEqual(whole.state[name]);
    }
    const source = { run: whole.dir, store: whole.store };
    // Chance ends in success in 3 of 100 episodes.
    const { successRate } = await evaluateRun({ ...source, checkpoint: 'last', episodes: 6 });
    expect(successRate).toBeGreaterThan(0.5);
    const policy = await loadPolicy(source);
    expect(policy.inputs).toEqual(['observation', 'achieved', 'goal']);
    await policy.dispose();
    await expect(exportPolicy(source)).rejects.toThrow('is no single program; export its model');
  }, 60_000);

  it('is refused without a model, and where it would not see its goal', async () => {
    const run = (env: string, more: object) =>
      train({ env, agent: 'planner', steps: 200, store: createMemoryStore(), config: { ...config, ...more } });
    await expect(run('pendulum', { model: { kind: 'none' } })).rejects.toThrow(/plans in a model/);
    const blind = { tasks: { identifiers: ['task'] }, evaluation: { episodes: 3 } };
    await expect(run('tabletop/mt3', blind)).rejects.toThrow(/must see the goal of/);
  });

  it('is refused where its program would be too large to compile', async () => {
    const spec = specOf(await loadEnv('pendulum'), {});
    const create = async (options: object) =>
      createAgent(await configure({ env: 'pendulum', agent: 'planner', config: { agent: { options } } }), spec);
    await expect(create({ horizon: 200, rounds: 6 })).rejects.toThrow(
      /agent.horizon is 200 and agent.rounds 6: their product may be 1000 at most/,
    );
    await expect(create({ horizon: 100, samples: 100_000 })).rejects.toThrow(
      /agent.samples is 100000: plans of all rounds have 24400000 numbers, of at most 1000000; lower/,
    );
    await create({ horizon: 25, rounds: 5, samples: 400, planner: 'cem' }); // PETS
  });
});

describe('ppo', () => {
  const config = {
    ...tiny,
    model: { ...tiny.model, rollouts: 40, horizon: 5, rounds: 3 },
    agent: { options: { hidden: [16, 16], epochs: 2 } },
    training: { cycleSteps: 100, batchSize: 20 },
  };

  it.each(['pendulum', 'grid'])(
    'learns from each real rollout, then from imagined ones, and goes on exactly after a stop: %s',
    async (env) => {
      const whole = await finish({ env, agent: 'ppo', steps: 400, config });
      const [row] = whole.rows.filter((one) => 'model/holdout_mse' in one);
      expect(row).toMatchObject({ 'model/epochs': 2, 'model/horizon': 5 });
      expect(row['train/approx_kl']).toBeLessThan(0.3); // ratios begin with 1, in the model too
      const part = await finish({ env, agent: 'ppo', steps: 200, config });
      await resume({ run: part.dir, store: part.store, steps: 400 });
      const { state } = await readCheckpoint(part.store, part.dir, 400);
      expect(state['learner.model.elites'].some((byte) => byte !== 0)).toBe(true);
      for (const name of Object.keys(whole.state)) {
        if (name !== 'loop') expect(state[name], name).toEqual(whole.state[name]);
      }
    },
    60_000,
  );

  const updatesOf = (rows: readonly Record<string, number>[]) =>
    rows.find((row) => 'train/n_updates' in row)?.['train/n_updates'];

  it('makes epochs over the real rollout and over each imagined one; what networks see is scaled by real data', async () => {
    const once = { ...config, training: { ...config.training, normalize: true } };
    const { state, rows } = await finish({ env: 'pendulum', agent: 'ppo', steps: 100, config: once });
    // 2 epochs of 100 real steps and of 3 times 40 rollouts of 5 steps, in batches of 20.
    expect(updatesOf(rows)).toBe(10 + 3 * 20);
    const alone = { ...once, model: { kind: 'none' } };
    const without = await finish({ env: 'pendulum', agent: 'ppo', steps: 100, config: alone });
    expect(updatesOf(without.rows)).toBe(10);
    expect(state['learner.normalizer']).toEqual(without.state['learner.normalizer']);
    expect(state['learner.normalizer']).toBeDefined();
    expect(state['learner.vector.actor']).not.toEqual(without.state['learner.vector.actor']);
  }, 60_000);

  it('brings settings of its own, and refuses those that have no effect', async () => {
    const settings = (model: object, agent = 'ppo') =>
      configure({ env: 'pendulum', agent, config: { model: { kind: 'ensemble', ...model } } });
    expect(await settings({})).toMatchObject({
      model: { rollouts: 200, horizon: 15, rounds: 10 },
      training: { cycleSteps: 512, warmupSteps: 0 },
    });
    await expect(settings({ realShare: 0.5 })).rejects.toThrow(
      /model.realShare has no effect with agent "ppo", which is on-policy: .* leave it out/,
    );
    await expect(settings({ retain: 5 })).rejects.toThrow(/model.retain has no effect with agent "ppo"/);
    await expect(settings({ rounds: 3 }, 'sac')).rejects.toThrow(/model.rounds has no effect with agent "sac"/);
  });
});

it('is refused where nothing is learned from the replay, with what to do', async () => {
  const options = { steps: 200, config: tiny, store: createMemoryStore() };
  const { rollouts: _, ...model } = tiny.model;
  await expect(
    train({ ...options, env: 'grid', agent: 'tabular', config: { model, runtime: tiny.runtime } }),
  ).rejects.toThrow(/model.kind.*tabular.*learns a table; set model.kind=none/);
  await expect(train({ ...options, env: 'point/camera', agent: 'sac' })).rejects.toThrow(
    /point\/camera shows "camera" in bytes \(pictures\)/,
  );
  await expect(
    train({ ...options, env: 'pendulum', config: { ...tiny, model: { ...tiny.model, elites: 4 } } }),
  ).rejects.toThrow(/model.elites is 4, but there are model.members=3/);
  const { bytes } = await recordData({ env: 'point/reach', policy: 'random', episodes: 2 });
  const data = await openDataSet('random', bytes);
  await expect(train({ ...options, env: 'point/reach', agent: 'gciql', data })).rejects.toThrow(
    /model.kind does not go with agent "gciql" .* goals along whole recorded episodes; set model.kind=none/,
  );
  const vast = { ...tiny.model, rollouts: 10_000_000, retain: 1000 };
  await expect(train({ ...options, env: 'pendulum', config: { ...tiny, model: vast } })).rejects.toThrow(
    /could not be allocated; lower model.rollouts, model.retain or model.horizon\./,
  );
  const schedule = (horizon: number[]) =>
    configure({ env: 'pendulum', config: { model: { kind: 'ensemble', horizon } } });
  await expect(schedule([100, 0, 5, 1])).rejects.toThrow(/model.horizon: \[s0, s1, k0, k1\] needs a step s1 after s0/);
  await expect(schedule([0, 100, 1, 1e9])).rejects.toThrow(/model.horizon: .* needs k0 and k1 from 1 to 1000 steps/);
});

it('buys with updates what real steps cost, unless told otherwise', async () => {
  const { training } = await configure({ env: 'pendulum', config: { model: { kind: 'ensemble' } } });
  expect(training.updatesPerStep).toBe(10);
  const set = { model: { kind: 'ensemble' }, training: { updatesPerStep: 2 } };
  expect((await configure({ env: 'pendulum', config: set })).training.updatesPerStep).toBe(2);
  expect((await configure({ env: 'pendulum' })).training.updatesPerStep).toBe(1);
});

it('a planner is evaluated on few episodes, unless told otherwise', async () => {
  const of = async (more: object) => (await configure({ env: 'pendulum', agent: 'planner', ...more })).evaluation;
  expect((await of({})).episodes).toBe(10);
  expect((await of({ config: { evaluation: { episodes: 3 } } })).episodes).toBe(3);
  expect((await of({ agent: 'sac' })).episodes).toBe(20); // as tuned for every other agent
});

it('settings that would have no effect are refused', async () => {
  const settings = (agent: string, model: object) => configure({ env: 'pendulum', agent, config: { model } });
  await expect(settings('sac', { kind: 'ensemble', realShare: 1 })).rejects.toThrow(
    /model.realShare is 1: every row of a batch of \d+ would be real/,
  );
  await expect(settings('sac', { kind: 'ensemble', realShare: 0.999 })).rejects.toThrow(/model.realShare is 0.999/);
  await expect(settings('planner', { rollouts: 500 })).rejects.toThrow(
    /model.rollouts has no effect with agent "planner"/,
  );
  await expect(settings('planner', { horizon: 3 })).rejects.toThrow(/agent.horizon is the length of plans/);
  await settings('planner', { members: 3, elites: 2, rollouts: 20_000 });
  await settings('sac', { kind: 'none', realShare: 1 });
});
