// Training end to end in memory: it learns, repeats exactly, does not depend on threads, and says what it refuses.
import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../acting/evaluate.js';
import type { EnvDefinition } from '../envs/index.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { readCheckpoint } from '../runs/run-reader.js';
import { configure } from './configure.js';
import { evaluateRun, exportPolicy, loadPolicy, loadValue } from './policy.js';
import { resume, train } from './train.js';
import type { TrainOptions } from './types.js';

const inProcess = { worker: false, overlap: false };
const tiny = {
  agent: { options: { hidden: [16, 16] } },
  training: { batchSize: 32, warmupSteps: 200 },
  evaluation: { every: 0, episodes: 3 },
};

async function finalVectors(options: Partial<TrainOptions>, runtime: Record<string, unknown> = inProcess) {
  const store = createMemoryStore();
  const result = await train({
    env: 'point/reach',
    steps: 800,
    seed: 4,
    ...options,
    store,
    config: { ...tiny, runtime },
  });
  const dir = result.runDir.slice(store.location.length + 1);
  const { state } = await readCheckpoint(store, dir, result.envSteps);
  return { result, bytes: Object.fromEntries(Object.entries(state).filter(([name]) => name !== 'loop')) };
}

describe('train', () => {
  // DDPG is TD3 with other settings; bandits try every agent (agents.test.ts).
  it.each(['sac', 'td3'])(
    '%s reaches nine of ten fresh goals on point/reach',
    async (agent) => {
      const store = createMemoryStore();
      const evaluations: Evaluation[] = [];
      const result = await train({
        env: 'point/reach',
        agent,
        seed: 1,
        steps: 10_000,
        untilSuccess: 0.95,
        store,
        config: { runtime: inProcess },
        onEvaluation: (evaluation) => evaluations.push(evaluation),
      });
      expect(evaluations[0].successRate).toBeLessThan(0.5); // it did not know from the start
      const dir = result.runDir.slice(store.location.length + 1);
      // 200 fresh goals: a policy of true success 0.97 fails this once in 10^6.
      const fresh = await evaluateRun({ run: dir, store, episodes: 200 });
      expect(fresh.successRate).toBeGreaterThan(0.9);
    },
    60_000,
  );

  it('is the same bytes for the same seed, others for another', async () => {
    const first = await finalVectors({});
    expect((await finalVectors({})).bytes).toEqual(first.bytes);
    expect((await finalVectors({ seed: 5 })).bytes['learner.vector.actor']).not.toEqual(
      first.bytes['learner.vector.actor'],
    );
  });

  it('overlapped order differs from serial order, but repeats', async () => {
    const overlapped = { worker: false, overlap: true };
    const first = await finalVectors({}, overlapped);
    expect((await finalVectors({}, overlapped)).bytes).toEqual(first.bytes);
    expect(first.bytes['learner.vector.actor']).not.toEqual((await finalVectors({})).bytes['learner.vector.actor']);
  });

  // Warm-up of 200 steps; 0.35 of an update per step is never whole, so errors would add up.
  it.each([
    [0.35, 1, { 500: 105, 1000: 280, 1200: 350 }],
    [2, 1, { 500: 600, 1000: 1600, 1200: 2000 }],
    // Three environments go 12 steps at a time: rows come at the first iteration's end from 500 and 1000 on.
    [0.35, 3, { 504: 106, 1008: 282, 1200: 350 }],
  ])('makes %d updates per step with %d environments, at every point of the run', async (ratio, envs, expected) => {
    const store = createMemoryStore();
    const result = await train({
      env: 'point/reach',
      steps: 1200,
      envs,
      store,
      config: { ...tiny, training: { ...tiny.training, updatesPerStep: ratio }, runtime: inProcess },
    });
    const dir = result.runDir.slice(store.location.length + 1);
    const lines = new TextDecoder()
      .decode(await store.read(`${dir}/metrics.jsonl`))
      .trim()
      .split('\n');
    const rows = lines.map((line) => JSON.parse(line) as Record<string, number>).filter((row) => 'time/fps' in row);
    expect(Object.fromEntries(rows.map((row) => [row.step, row['train/n_updates']]))).toEqual(expected);
    expect(result.updates).toBe(Object.values(expected).at(-1));
  });

  it('resumes in memory with more steps as if it had been asked for them at once', async () => {
    const settings = { env: 'point/reach', seed: 6, config: { ...tiny, runtime: inProcess } };
    const whole = createMemoryStore();
    const a = await train({ ...settings, steps: 1000, store: whole });
    const parts = createMemoryStore();
    const b = await train({ ...settings, steps: 600, store: parts });
    const dir = b.runDir.slice(parts.location.length + 1);
    const c = await resume({ run: dir, store: parts, steps: 1000 });
    expect(c.updates).toBe(a.updates);
    const last = await readCheckpoint(parts, dir, 1000);
    const wholeLast = await readCheckpoint(whole, a.runDir.slice(whole.location.length + 1), 1000);
    expect(last.state['learner.vector.actor']).toEqual(wholeLast.state['learner.vector.actor']);
  });

  it("checks an environment of one's own before training, and leaves nothing behind when it is broken", async () => {
    const store = createMemoryStore();
    const { pointReach } = await import('../envs/point/index.js');
    const own = (rules: (achieved: Float32Array, desired: Float32Array, out: Float32Array) => void): EnvDefinition => ({
      name: 'me/point',
      description: '',
      rules: () => pointReach.rules(pointReach.options!.parse({})),
      async create() {
        const env = await pointReach.create(pointReach.options!.parse({}));
        return { ...env, computeReward: (achieved, desired, _info, out) => rules(achieved, desired, out) };
      },
    });
    const options = { steps: 100, store, config: { ...tiny, runtime: inProcess } };
    await expect(train({ ...options, env: own((_achieved, _desired, out) => out.fill(-0.5)) })).rejects.toThrow(
      /breaks the contract that training relies on/,
    );
    expect(await store.list('')).toEqual([]);
  });

  it('chooses an agent for the kind of actions when none is named', async () => {
    expect((await configure({ env: 'bit-flip' })).agent.name).toBe('dqn');
    expect((await configure({ env: 'point/reach' })).agent.name).toBe('sac');
  });

  it('trains on the WebAssembly runtime, as in a page', async () => {
    const { webRuntime } = await import('../runtime/web.js');
    const { result } = await finalVectors({ runtime: webRuntime, steps: 400 });
    expect(result.updates).toBe(200);
    expect(Number.isFinite(result.evalMeanReward)).toBe(true);
  });

  it('stops when aborted, with a checkpoint to go on from', async () => {
    const controller = new AbortController();
    const store = createMemoryStore();
    const result = await train({
      env: 'point/reach',
      steps: 100_000,
      store,
      signal: controller.signal,
      config: { ...tiny, runtime: inProcess },
      onProgress: ({ steps }) => steps > 300 && controller.abort(),
    });
    expect(result.ended).toBe('aborted');
    expect(result.envSteps).toBeLessThan(50_000);
    const dir = result.runDir.slice(store.location.length + 1);
    expect((await readCheckpoint(store, dir, result.envSteps)).steps).toBe(result.envSteps);
  });

  it('starts from the policy of another run', async () => {
    const { createDiskStore } = await import('../runs/disk-store.js');
    const { mkdtempSync, rmSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const root = mkdtempSync(`${tmpdir()}/anygoal-init-`);
    try {
      const store = createDiskStore(root);
      // Normalisation would go on learning during the steps before the first update.
      const config = { ...tiny, training: { ...tiny.training, normalize: false }, runtime: inProcess };
      const first = await train({ env: 'point/reach', steps: 800, store, config });
      const second = await train({ env: 'point/reach', steps: 200, init: first.runDir, store, config });
      const act = async (run: string) => {
        const policy = await loadPolicy(run);
        const action = await policy.act({ observation: [0.2, -0.3], goal: [0.5, 0.5] });
        await policy.dispose();
        return [...action];
      };
      expect(await act(second.runDir)).toEqual(await act(first.runDir)); // no update yet
      await expect(
        train({
          env: 'point/reach',
          steps: 200,
          init: first.runDir,
          store,
          config: { ...config, agent: { options: { hidden: [8] } } },
        }),
      ).rejects.toThrow(/same environment, agent and network sizes/);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('puts demonstrations into the replay first, and refuses them where there is no controller', async () => {
    const store = createMemoryStore();
    const shared = { steps: 40, store, config: { ...tiny, runtime: inProcess } };
    const demonstrated = (demonstrations: number) => ({
      ...shared.config,
      training: { ...tiny.training, warmupSteps: 0, demonstrations },
    });
    const without = await train({ ...shared, env: 'arm/reach', config: demonstrated(0) });
    const given = await train({ ...shared, env: 'arm/reach', config: demonstrated(3) });
    // Without demonstrations there is no whole episode before step 50.
    expect(without).toMatchObject({ updates: 0, owedUpdates: 40 });
    expect(given.updates).toBe(40);
    await expect(train({ ...shared, env: 'point/reach', config: demonstrated(3) })).rejects.toThrow(
      /point\/reach has no scripted controller: set training.demonstrations to 0/,
    );
  });

  it.each([
    [{ env: 'arm/rech' }, /unknown environment "arm\/rech"; did you mean "arm\/reach"/],
    [{ agent: 'ppo2' }, /unknown agent "ppo2"/],
    [{ relabel: 'futur:4' }, /unknown relabel strategy "futur"; did you mean "future"/],
    [{ config: { agent: { options: { learningRat: 1 } } } }, /learningRat.*learningRate/],
    [{ config: { training: { batchSize: -3 } } }, /batchSize/],
  ])('refuses %j with the nearest right name', async (options, message) => {
    const store = createMemoryStore();
    await expect(train({ env: 'point/reach', ...options, store })).rejects.toThrow(message);
    expect(await store.list('')).toEqual([]); // nothing half-written
  });
});

describe('policy', () => {
  it('loaded and exported policies act alike', async () => {
    const store = createMemoryStore();
    const { runDir } = await train({ env: 'point/reach', steps: 600, store, config: { ...tiny, runtime: inProcess } });
    const run = runDir.slice(store.location.length + 1);
    const policy = await loadPolicy({ run, store });
    const input = { observation: [0.1, 0.7], goal: [-0.4, 0.2] };
    const action = await policy.act(input);
    const { nodeRuntime } = await import('../runtime/node.js');
    const model = await nodeRuntime.compile(await exportPolicy({ run, store }));
    expect(model.inputs.map(({ name }) => name).sort()).toEqual(['goal', 'observation']);
    const out = await model.run({
      observation: Float32Array.from(input.observation),
      goal: Float32Array.from(input.goal),
    });
    [...action].forEach((value, i) => {
      expect((out.action as Float32Array)[i]).toBeCloseTo(value, 5);
    });
    await expect(policy.act({ observation: [1], goal: [0, 0] })).rejects.toThrow(/observation has 1 numbers/);
    await expect(policy.act({ observation: [1, 0] } as typeof input)).rejects.toThrow(
      'act needs goal: a list of 2 numbers, as in act({ observation, goal }), not undefined.',
    );
    await policy.dispose();
    await model.dispose();
  });

  it('values: near goals are worth more than far ones, for the last checkpoint, which keeps the critics', async () => {
    const store = createMemoryStore();
    const steps = 1500;
    const { runDir } = await train({
      env: 'point/reach',
      steps,
      seed: 1,
      store,
      config: { runtime: inProcess, evaluation: { every: 1000, episodes: 3 } },
    });
    const run = runDir.slice(store.location.length + 1);
    const value = await loadValue({ run, store }, { rows: 2 });
    expect(value.steps).toBe(steps);
    const [near, far] = await value.evaluate({ observation: [0, 0, 0, 0], goal: [0.05, 0, 0.9, 0.9] });
    expect(near).toBeGreaterThan(far + 1);
    await expect(value.evaluate({ observation: [0, 0], goal: [0, 0] })).rejects.toThrow(
      /observation has 2 numbers, but 2 rows take 4/,
    );
    await value.dispose();
    await expect(loadValue({ run, store, checkpoint: 1000 })).rejects.toThrow(
      /checkpoint 1000 of .* does not keep "learner.vector.critics".*last/,
    );
  });
});
