// One update in two threads: the same numbers as in one, errors that say what broke, no thread left behind.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const built = (path: string) => new URL(`../dist/${path}`, import.meta.url).href;
// Threads need compiled files, so everything comes from the build.
const { box }: typeof import('../src/envs/index.js') = await import(built('envs/index.js'));
const { findAgent }: typeof import('../src/agents/index.js') = await import(built('agents/index.js'));
const { createRandom }: typeof import('../src/random.js') = await import(built('random.js'));
const { nodeRuntime }: typeof import('../src/runtime/node.js') = await import(built('runtime/node.js'));
const { program }: typeof import('../src/tensor/index.js') = await import(built('tensor/index.js'));
const { createUpdater }: typeof import('../src/training/updater.js') = await import(built('training/updater.js'));
const { resume, train }: typeof import('../src/training/index.js') = await import(built('training/index.js'));
const { createMemoryStore }: typeof import('../src/runs/memory-store.js') = await import(built('runs/memory-store.js'));
const { readCheckpoint }: typeof import('../src/runs/run-reader.js') = await import(built('runs/run-reader.js'));

const rows = 32;
const spec = { observation: 3, goal: 2, action: box(2, -1, 1), rewardRange: [-1, 0] as const };

/** An updater on random batches, and its generator. */
async function start(threads: number, name: string, options: Record<string, unknown>) {
  const { config, create } = findAgent(name);
  const settings = config.parse({ hidden: [16, 16], simultaneous: true, ...options });
  const agent = create(spec, settings, { batchSize: rows, normalize: true });
  const widths = { observation: 3, nextObservation: 3, goal: 2, action: 2, reward: 1, terminated: 1 };
  const columns = Object.entries(widths).map(([key, width]) => [key, new Float32Array(rows * width)]);
  const batch: Record<string, Float32Array> = {
    ...Object.fromEntries(columns),
    normalizer: new Float32Array(10).fill(1),
  };
  const [random, samples] = [createRandom(1), createRandom(2)];
  const updater = await createUpdater({
    agent,
    runtime: nodeRuntime,
    threads,
    random,
    batch,
    nextBatch() {
      for (const key of Object.keys(widths)) samples.fillUniform(batch[key], -1, key === 'reward' ? 0 : 1);
    },
  });
  const vectors = () => Object.fromEntries(updater.names.map((key) => [key, updater.vector(key).slice()]));
  return { updater, vectors, metrics: () => updater.takeMetrics(), generator: () => random.save() };
}

const threadsOfThisProcess = () => readdirSync('/proc/self/task').length;

describe('an update in two threads', () => {
  it.each([
    ['sac', {}],
    ['sac', { policyDelay: 3, policyAverage: 0.1 }],
    ['sac', { critics: 5, targetCritics: 2, actorValue: 'mean', criticDropout: 0.1, criticLayerNorm: true }],
    ['tqc', { critics: 2, quantiles: 5 }],
    ['td3', { policyDelay: 3 }],
  ] as const)('%s %j: bit for bit what it is in one', async (name, options) => {
    const [one, two] = [await start(1, name, options), await start(2, name, options)];
    expect(two.vectors()).toEqual(one.vectors());
    for (const count of [1, 7, 2]) {
      await Promise.all([one.updater.update(count), two.updater.update(count)]);
      expect(two.vectors()).toEqual(one.vectors());
      expect(two.metrics()).toEqual(one.metrics());
      expect(two.generator()).toEqual(one.generator());
    }
    // Vectors that somebody sets (resuming does) are those that the next update begins with.
    for (const { updater } of [one, two]) {
      for (const key of updater.names)
        updater.setVector(
          key,
          updater.vector(key).map((v) => 0.9 * v),
        );
      await updater.update(3);
    }
    expect(two.vectors()).toEqual(one.vectors());
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

  it('says what broke over there', async () => {
    const picks = program('picks', (g) => {
      const rowsOf = g.input('table', [4, 2]);
      return { picked: rowsOf.gather(g.input('index', [1]).cast('int64'), 0) };
    });
    const thread = await nodeRuntime.startThread!(picks, { wanted: ['picked'] });
    thread.inputs.table.set([0, 1, 2, 3, 4, 5, 6, 7]);
    thread.inputs.index[0] = 3;
    thread.start({ load: true, store: true });
    await thread.finish();
    expect([...thread.outputs.picked]).toEqual([6, 7]);
    thread.inputs.index[0] = 9;
    thread.start({ load: true, store: true });
    await expect(thread.finish()).rejects.toThrow(/thread of program "picks" failed: .*out of data bounds/s);
    await thread.dispose();
  });
});

describe('a run whose updates take two threads', () => {
  const settings = (threads: number) => ({
    agent: { options: { hidden: [16, 16], simultaneous: true } },
    training: { batchSize: 32, warmupSteps: 100 },
    evaluation: { every: 0, episodes: 2 },
    runtime: { threads, overlap: false, worker: false },
  });
  async function stateOf(threads: number, stopAt?: number) {
    const store = createMemoryStore();
    const options = { env: 'point/reach', steps: 400, seed: 4, store, config: settings(threads), runtime: nodeRuntime };
    let { runDir, envSteps } = await train({ ...options, steps: stopAt ?? options.steps });
    const dir = runDir.slice(store.location.length + 1);
    if (stopAt) ({ envSteps } = await resume({ run: dir, store, steps: options.steps, runtime: nodeRuntime }));
    const { state } = await readCheckpoint(store, dir, envSteps);
    return Object.fromEntries(Object.entries(state).filter(([name]) => name !== 'loop'));
  }

  it('ends with the same bytes as in one, and as one that was resumed', async () => {
    const whole = await stateOf(2);
    expect(await stateOf(1)).toEqual(whole);
    expect(await stateOf(2, 200)).toEqual(whole);
  });
});
