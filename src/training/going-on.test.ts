// Going on with runs: finished ones, ones that succeeded, ones of an environment that has no name, other settings of inputs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pointReach } from '../envs/point/index.js';
import { createDiskStore } from '../runs/disk-store.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { evaluateRun, loadPolicy } from './policy.js';
import { resume, train } from './train.js';

const root = mkdtempSync(join(tmpdir(), 'anygoal-going-on-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const config = {
  agent: { options: { hidden: [8] } },
  training: { batchSize: 8, warmupSteps: 100, updatesPerStep: 0.1 },
  evaluation: { every: 100, episodes: 2 },
  runtime: { worker: false },
};

describe('resume', () => {
  it('takes a finished run of several environments, which went a little over its steps, as it is', async () => {
    const store = createMemoryStore();
    const { runDir, envSteps } = await train({ env: 'point/reach', steps: 100, envs: 3, store, config });
    expect(envSteps).toBe(102);
    const run = runDir.slice(store.location.length + 1);
    expect(await resume({ run, store })).toMatchObject({ envSteps: 102, ended: 'steps' });
    await expect(resume({ run, store, steps: 100 })).rejects.toThrow(/steps 100 is less than the 102/);
  });

  it('goes on with a run that succeeded when asked for more', async () => {
    const store = createMemoryStore();
    // Any evaluation is a success of at least 0.
    const first = await train({ env: 'point/reach', steps: 1000, untilSuccess: 0, store, config });
    expect(first).toMatchObject({ envSteps: 200, ended: 'success' });
    const run = first.runDir.slice(store.location.length + 1);
    expect(await resume({ run, store })).toMatchObject({ envSteps: 200, ended: 'success' });
    expect(await resume({ run, store, steps: 1000 })).toMatchObject({ envSteps: 400, ended: 'success' });
    expect(await resume({ run, store, steps: 600, untilSuccess: 1 })).toMatchObject({ envSteps: 600, ended: 'steps' });
  });

  it('and evaluateRun take the environment itself where it cannot be loaded by name', async () => {
    const env = { ...pointReach, name: 'me/point' };
    const store = createMemoryStore();
    const { runDir } = await train({ env, steps: 100, store, config });
    const run = runDir.slice(store.location.length + 1);
    await expect(resume({ run, store, steps: 200 })).rejects.toThrow(/unknown environment "me\/point"/);
    expect(await resume({ run, store, env, steps: 200 })).toMatchObject({ envSteps: 200 });
    expect(await evaluateRun({ run, store, env, episodes: 3 })).toMatchObject({ episodes: 3, env: 'me/point' });
  });
});

describe('init', () => {
  it('refuses networks that were trained on inputs of another kind', async () => {
    const store = createDiskStore(root);
    const { runDir } = await train({ env: 'point/reach', steps: 100, store, config });
    const raw = { ...config, training: { ...config.training, normalize: false } };
    await expect(train({ env: 'point/reach', steps: 100, init: runDir, store, config: raw })).rejects.toThrow(
      /init: training.normalize is false here, but true in .*; set it to true/,
    );
    await expect(train({ env: 'point/reach', steps: 100, init: join(root, 'none'), store, config })).rejects.toThrow(
      /is not a run/,
    );
  });
});

describe('loadPolicy', () => {
  it('gives reward ranges without bounds back as they were', async () => {
    type Options = Parameters<typeof pointReach.rules>[0];
    const rules = (options: Options) => {
      const own = pointReach.rules(options);
      return { ...own, spec: { ...own.spec, rewardRange: [-Infinity, Infinity] as const } };
    };
    const create = async (options: Options) => {
      const env = await pointReach.create(options);
      return { ...env, spec: rules(options).spec };
    };
    const store = createMemoryStore();
    const { runDir } = await train({
      env: { ...pointReach, name: 'me/point', rules, create },
      steps: 100,
      store,
      config,
    });
    const policy = await loadPolicy({ run: runDir.slice(store.location.length + 1), store });
    expect(policy.spec.rewardRange).toEqual([-Infinity, Infinity]);
    await policy.dispose();
  });
});
