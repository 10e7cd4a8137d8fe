// Updates shared out among threads: the numbers of one thread but for rounding, errors that say what broke, no thread left.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../src/agents/index.js';

const built = (path: string) => new URL(`../dist/${path}`, import.meta.url).href;
// Threads need compiled files, so everything comes from the build.
const { box, discrete }: typeof import('../src/envs/index.js') = await import(built('envs/index.js'));
const { findAgent, vectorSpec }: typeof import('../src/agents/index.js') = await import(built('agents/index.js'));
const { createRandom }: typeof import('../src/random.js') = await import(built('random.js'));
const { nodeRuntime }: typeof import('../src/runtime/node.js') = await import(built('runtime/node.js'));
const { program }: typeof import('../src/tensor/index.js') = await import(built('tensor/index.js'));
const { createUpdater }: typeof import('../src/updates/updater.js') = await import(built('updates/updater.js'));
const { resume, train }: typeof import('../src/training/index.js') = await import(built('training/index.js'));
const { createMemoryStore }: typeof import('../src/runs/memory-store.js') = await import(built('runs/memory-store.js'));
const { readCheckpoint }: typeof import('../src/runs/run-reader.js') = await import(built('runs/run-reader.js'));

const rows = 24;
const spec = vectorSpec({ observation: 3, goal: 2, action: box(2, -1, 1), rewardRange: [-1, 0] });

/** An updater on random batches, and its generator. */
async function startOf(threads: number, agent: Agent, actions = 2) {
  const widths = { observation: 3, 'next.observation': 3, goal: 2, action: actions, reward: 1, terminated: 1 };
  const columns = Object.entries(widths).map(([key, width]) => [key, new Float32Array(rows * width)]);
  const batch: Record<string, Float32Array> = {
    ...Object.fromEntries(columns),
    normalizer: new Float32Array(10).fill(1),
    pick: new Float32Array(rows), // read by no agent
  };
  const [random, samples] = [createRandom(1), createRandom(2)];
  const updater = await createUpdater({
    agent,
    rows,
    runtime: nodeRuntime,
    threads,
    random,
    batch,
    nextBatch() {
      for (const key of Object.keys(widths))
        samples.fillUniform(batch[key], actions === 1 ? 0 : -1, key === 'reward' ? 0 : 1);
    },
  });
  const vectors = () => Object.fromEntries(updater.names.map((key) => [key, updater.vector(key).slice()]));
  return { updater, batch, vectors, metrics: () => updater.takeMetrics(), generator: () => random.save() };
}

function start(threads: number, name: string, options: Record<string, unknown>) {
  const { config, create } = findAgent(name);
  const of = name === 'dqn' ? { ...spec, action: discrete(3) } : spec;
  const settings = config.parse({ hidden: [96, 96], ...options });
  return startOf(threads, create(of, settings, { normalize: true }), name === 'dqn' ? 1 : 2);
}

/** The largest difference relative to the largest number. */
function difference(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const scale = Math.max(...Array.from(wanted, Math.abs));
  return Math.max(...Array.from(wanted, (value, i) => Math.abs(got[i] - value))) / (scale || 1);
}

const threadsOfThisProcess = () => readdirSync('/proc/self/task').length;

describe('an update in three and five threads', () => {
  it.each([
    ['sac', {}],
    ['sac', { policyDelay: 3, policyAverage: 0.1 }],
    ['sac', { critics: 5, targetCritics: 2, actorValue: 'mean', criticLayerNorm: true }],
    ['tqc', { critics: 2, quantiles: 5 }],
    ['td3', { policyDelay: 3 }],
    ['ddpg', {}],
    ['dqn', { gradientClip: 1e-3, targetEvery: 2 }],
  ] as const)('%s %j: what it is in one, but for rounding', async (name, options) => {
    const one = await start(1, name, options);
    const others = await Promise.all([3, 5].map((threads) => start(threads, name, options)));
    for (const { vectors } of others) expect(vectors()).toEqual(one.vectors());
    for (const count of [1, 3]) {
      await one.updater.update(count);
      const [wanted, generator, theirs] = [one.vectors(), one.generator(), one.metrics()];
      for (const several of others) {
        await several.updater.update(count);
        const [got, ours] = [several.vectors(), several.metrics()];
        for (const key of one.updater.names) expect(difference(got[key], wanted[key]), key).toBeLessThan(1e-5);
        expect(several.generator()).toEqual(generator);
        expect(Object.keys(ours)).toEqual(Object.keys(theirs));
        for (const key of Object.keys(theirs)) expect(ours[key]).toBeCloseTo(theirs[key], 4);
      }
    }
    await Promise.all([one, ...others].map(({ updater }) => updater.dispose()));
  });
});

describe('an update in two threads', () => {
  it.each([
    ['sac', { criticDropout: 0.1, critics: 3, targetCritics: 2 }],
    ['dqn', { gradientClip: 1 }],
  ] as const)('%s %j: bit for bit the same each time', async (name, options) => {
    const [one, again] = [await start(2, name, options), await start(2, name, options)];
    for (const { updater } of [one, again]) {
      await updater.update(7);
      // Vectors that somebody sets (resuming does) are those that the next update begins with.
      const halves = updater.names.map((key) => [key, updater.vector(key).map((v) => 0.5 * v)] as const);
      for (const [key, half] of halves) updater.setVector(key, half);
      await updater.update(0);
      for (const [key, half] of halves) expect(updater.vector(key)).toEqual(half);
      await updater.update(3);
    }
    expect(again.vectors()).toEqual(one.vectors());
    expect(again.metrics()).toEqual(one.metrics());
    await Promise.all([one.updater.dispose(), again.updater.dispose()]);
  });

  it('reads vectors that were set between updates', async () => {
    const [one, two] = [await start(1, 'ddpg', {}), await start(2, 'ddpg', {})];
    for (const { updater } of [one, two]) {
      await updater.update(2);
      for (const key of updater.names) updater.setVector(key, new Float32Array(updater.vector(key).length).fill(0.1));
      await updater.update(1);
    }
    for (const key of one.updater.names) {
      expect(difference(two.vectors()[key], one.vectors()[key]), key).toBeLessThan(1e-4);
    }
    await Promise.all([one.updater.dispose(), two.updater.dispose()]);
  });

  it.runIf(process.platform === 'linux')('leaves no thread behind', async () => {
    const before = threadsOfThisProcess();
    const { updater } = await start(2, 'sac', {});
    await updater.update(2);
    expect(threadsOfThisProcess()).toBeGreaterThan(before);
    await updater.dispose();
    expect(threadsOfThisProcess()).toBe(before);
  });

  // The rows of the first share (this thread), of the last, and of one in between.
  it.each([
    [2, 0],
    [2, 1],
    [4, 2],
  ])('of %i, says what broke in share %i, and ends', async (threads, broken) => {
    const before = threadsOfThisProcess();
    const { updater, batch } = await startOf(threads, picking());
    await updater.update(2);
    batch.pick.fill(1e6, (broken * rows) / threads, ((broken + 1) * rows) / threads);
    await expect(updater.update(1)).rejects.toThrow(/failed: .*out of data bounds/s);
    await updater.dispose();
    expect(threadsOfThisProcess()).toBe(before);
  });

  it('is not begun, and leaves no thread, where the programs do not fit their inputs', async () => {
    const before = threadsOfThisProcess();
    await expect(startOf(2, { ...picking(), state: {} })).rejects.toThrow();
    expect(threadsOfThisProcess()).toBe(before);
  });
});

/** An agent whose gradient reads the parameters at the batch's `pick`. */
function picking(): Agent {
  const { config, create } = findAgent('ddpg');
  const agent = create(spec, config.parse({ hidden: [4] }), { normalize: true });
  return {
    ...agent,
    steps(batchSize) {
      const { all } = agent.steps(batchSize);
      const picks = program('picks', (g) => {
        const actor = g.input('actor', [agent.state.actor.size]);
        const picked = actor
          .gather(g.input('pick', [batchSize]).cast('int64'), 0)
          .sum()
          .reshape([1]);
        return { 'actor.gradient': actor.mul(picked), metrics: picked };
      });
      const optimizerSteps = [all.optimizerSteps[0]];
      return { all: { ...all, program: picks, metricNames: ['picked'], optimizerSteps, averages: [] } };
    },
  };
}

it('a run of ppo ends with the same bytes in any number of threads: its advantages are standardised', async () => {
  const bytesOf = async (threads: number) => {
    const store = createMemoryStore();
    const config = {
      agent: { options: { hidden: [160, 160], epochs: 2 } },
      training: { cycleSteps: 256, batchSize: 64 },
      evaluation: { every: 0, episodes: 2 },
      runtime: { threads, worker: false },
    };
    const { runDir, envSteps } = await train({
      env: 'point/reach',
      agent: 'ppo',
      steps: 512,
      seed: 4,
      store,
      config,
    });
    const { state } = await readCheckpoint(store, runDir.slice(store.location.length + 1), envSteps);
    return Object.fromEntries(Object.entries(state).filter(([name]) => name !== 'loop'));
  };
  const one = await bytesOf(1);
  for (const threads of [2, 4]) expect(await bytesOf(threads)).toEqual(one);
});

describe('a run whose updates take two threads', () => {
  const settings = (threads: number, worker: boolean) => ({
    agent: { options: { hidden: [16, 16] } },
    training: { batchSize: 32, warmupSteps: 100 },
    evaluation: { every: 0, episodes: 2 },
    runtime: { threads, overlap: false, worker },
  });
  async function stateOf({ threads = 2, worker = false, stopAt = 0 }) {
    const store = createMemoryStore();
    const config = settings(threads, worker);
    const options = { env: 'point/reach', steps: 400, seed: 4, store, config };
    let { runDir, envSteps } = await train({ ...options, steps: stopAt || options.steps });
    const dir = runDir.slice(store.location.length + 1);
    if (stopAt) ({ envSteps } = await resume({ run: dir, store, steps: options.steps }));
    const { state } = await readCheckpoint(store, dir, envSteps);
    return Object.fromEntries(Object.entries(state).filter(([name]) => name !== 'loop'));
  }

  it('ends with the same bytes each time, and as one that was resumed', async () => {
    const whole = await stateOf({});
    expect(await stateOf({})).toEqual(whole);
    expect(await stateOf({ stopAt: 200 })).toEqual(whole);
  });

  it('ends with the same bytes where the learner has a thread of its own, and leaves none', async () => {
    const before = threadsOfThisProcess();
    const whole = await stateOf({});
    expect(await stateOf({ worker: true })).toEqual(whole);
    expect(await stateOf({ worker: true, stopAt: 200 })).toEqual(whole);
    expect(threadsOfThisProcess()).toBe(before);
  });
});
