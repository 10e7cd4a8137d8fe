// Diagnosis of runs: gradients of a trained run's tasks, what is refused, and transfer from curves that are made up.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { transferLines } from '../cli/commands/tasks-diagnose.js';
import { createMemoryStore } from '../runs/memory-store.js';
import type { Store } from '../runs/store.js';
import { diagnoseRun } from './diagnose.js';
import { recordData } from './record.js';
import { train } from './train.js';
import { compareRuns, readTaskCurves, type TaskCurves } from './transfer.js';

const config = {
  agent: { options: { hidden: [32, 32], learningRate: 3e-3 } },
  training: { warmupSteps: 200, batchSize: 64 },
  evaluation: { every: 600, episodes: 4 },
  runtime: { worker: false, overlap: false, threads: 1 },
};

async function trained(agent: string, options: object = {}, more: object = {}): Promise<{ store: Store; run: string }> {
  const store = createMemoryStore();
  const all = { ...config, agent: { options: { ...config.agent.options, ...options } }, ...more };
  await train({ env: 'point/two-tasks', agent, steps: 1200, config: all, store });
  const [run] = await store.list('');
  return { store, run };
}

describe('a run of mtsac', () => {
  let of: { store: Store; run: string };
  beforeAll(async () => {
    of = await trained('mtsac', { gradients: 'pcgrad', scaleRewards: true });
  }, 60_000);

  it('has cosines, lengths and noise of actor and critics, whole and by layer; the same for the same seed', async () => {
    const one = await diagnoseRun({ ...of, batches: 4, rows: 16 });
    expect(one.tasks).toEqual(['reach', 'turned-round']);
    expect(Object.keys(one.vectors)).toEqual(['critics', 'actor']);
    expect(one.vectors.actor.map(({ name }) => name)).toEqual(['all', '0', '1', '2']);
    expect(one.vectors.critics.map(({ name }) => name)).toEqual([
      'all',
      'q1.0',
      'q1.1',
      'q1.2',
      'q2.0',
      'q2.1',
      'q2.2',
    ]);
    for (const parts of Object.values(one.vectors)) {
      for (const { cosines, norms, noise } of parts) {
        expect(cosines[0][1]).toBeCloseTo(cosines[1][0], 6);
        expect(Math.abs(cosines[0][1])).toBeLessThanOrEqual(1);
        for (const value of [...norms, ...noise]) expect(value).toBeGreaterThan(0);
      }
      // The squared lengths of the layers are those of the whole.
      const [all, ...layers] = parts;
      const sum = layers.reduce((total, { norms }) => total + norms[0] ** 2, 0);
      expect(Math.sqrt(sum)).toBeCloseTo(all.norms[0], 5);
    }
    expect(await diagnoseRun({ ...of, batches: 4, rows: 16 })).toEqual(one);
    expect(await diagnoseRun({ ...of, batches: 4, rows: 16, seed: 1 })).not.toEqual(one);
  });

  it('leaves the run as it is', async () => {
    const files = async () => (await of.store.list(of.run)).sort();
    const before = await files();
    await diagnoseRun({ ...of, batches: 2, rows: 4 });
    expect(await files()).toEqual(before);
  });

  it('refuses a single batch, which has no noise', async () => {
    await expect(diagnoseRun({ ...of, batches: 1 })).rejects.toThrow(/batches is 1; give at least 2/);
  });
}, 60_000);

it('takes agents that know nothing of tasks', async () => {
  const { vectors } = await diagnoseRun({ ...(await trained('td3')), batches: 2, rows: 8 });
  expect(Object.keys(vectors)).toEqual(['critics', 'actor']);
}, 60_000);

it('takes runs that learn from recorded episodes alone, which have none of their own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'anygoal-diagnose-'));
  try {
    const file = join(folder, 'random.safetensors');
    const env = 'point/two-tasks';
    writeFileSync(file, (await recordData({ env, policy: 'random', episodes: 20 })).bytes);
    const store = createMemoryStore();
    await train({ env, agent: 'td3', data: file, steps: 100, config, store });
    const [run] = await store.list('');
    const { vectors } = await diagnoseRun({ store, run, batches: 2, rows: 8 });
    expect(vectors.critics[0].norms.every((norm) => norm > 0)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

it('tells of the tasks that were practised, under their names', async () => {
  const places = (weights: object) => ({
    env: { options: { places: 3, reward: 'dense' } },
    tasks: { weights },
    training: { ...config.training, warmupSteps: 100 },
  });
  const run = async (weights: object) => {
    const store = createMemoryStore();
    const all = { ...config, ...places(weights), evaluation: { every: 0, episodes: 3 } };
    await train({ env: 'point/navigate', agent: 'td3', relabel: 'none', steps: 300, config: all, store });
    const [name] = await store.list('');
    return { store, run: name };
  };
  const { tasks, vectors } = await diagnoseRun({ ...(await run({ 'place-1': 0 })), batches: 2, rows: 16 });
  expect(tasks).toEqual(['place-0', 'place-2']);
  expect(vectors.critics[0].norms).toHaveLength(2);
  // Of one and the same task it would be nearly 1.
  expect(vectors.critics[0].cosines[0][1]).toBeLessThan(0.99);
  await expect(diagnoseRun(await run({ 'place-0': 0, 'place-1': 0 }))).rejects.toThrow(/practised place-2 alone/);
}, 60_000);

it('refuses runs with a single task', async () => {
  const store = createMemoryStore();
  await train({ env: 'point/reach', steps: 300, config, store });
  const [run] = await store.list('');
  await expect(diagnoseRun({ store, run })).rejects.toThrow(/point\/reach has a single task/);
  await expect(readTaskCurves(run, store)).rejects.toThrow(
    /which has a single task; a specialist is a run of the family/,
  );
}, 60_000);

it('a run that practised one task is a specialist', async () => {
  const { store, run } = await trained('sac', {}, { tasks: { weights: { 'turned-round': 0 } } });
  const curves = await readTaskCurves(run, store);
  expect(curves.practised).toEqual(['reach']);
  expect(curves.mean).toEqual(curves.curves.reach);
  expect(curves.steps).toBe(1200);
}, 60_000);

describe('transfer', () => {
  const tasks = ['a', 'b', 'c', 'd'];
  const run = (practised: string[], ...success: number[]): TaskCurves => {
    const mean = success.map((value, i) => ({ steps: 100 * (i + 1), success: value }));
    return {
      run: practised.join('+'),
      env: 'me/four',
      tasks,
      practised,
      curves: Object.fromEntries(tasks.map((task) => [task, mean])),
      mean,
      steps: mean.at(-1)!.steps,
    };
  };
  const [a, b] = [run(['a'], 0.5, 0.95), run(['b'], 0.2, 0.9)];

  it('is by task, at equal data; f and c from generalists over several numbers of tasks', () => {
    // Specialists take 200 steps; K = 4 takes 500 = 2.5, K = 2 takes 400 = 2: each task adds 0.25, so f = 0.75, c = 1.5.
    const all = run(tasks, 0, 0.2, 0.4, 0.6, 0.9);
    const pair = run(['a', 'b'], 0, 0.3, 0.6, 0.95);
    const { rows, sharing } = compareRuns([all, a, b, pair]);
    expect(rows.map(({ task, transfer }) => [task, Math.round(100 * transfer)])).toEqual([
      ['a', 40],
      ['b', 70],
    ]);
    expect(sharing?.specialist).toBe(200);
    expect(sharing?.generalists).toEqual([
      [4, 2.5],
      [2, 2],
    ]);
    expect(sharing?.fit?.shared).toBeCloseTo(0.75, 10);
    expect(sharing?.fit?.overhead).toBeCloseTo(1.5, 10);
    expect(sharing?.thresholds?.added).toBeCloseTo(1.5 / 4, 10);
    expect(sharing?.verdict).toBe('generalist');
    const text = transferLines(compareRuns([all, a, b, pair])).join('\n');
    expect(text).toContain('one generalist is cheaper');
    expect(text).toContain('f 75% is common');
  });

  it('says where specialists are cheaper, and what is not known', () => {
    const slow = run(['a', 'b'], 0, 0, 0, 0, 0.9);
    expect(compareRuns([slow, a, b]).sharing?.verdict).toBe('specialists');
    expect(compareRuns([slow, a, b]).sharing?.fit).toBeUndefined();
    expect(compareRuns([slow, a, b], 0.99).sharing).toBeUndefined();
    expect(transferLines(compareRuns([slow, a, b], 0.99)).join('\n')).toContain('not known');
  });

  it('refuses runs that cannot be compared', () => {
    expect(() => compareRuns([a, b])).toThrow(/0 practised several tasks, 2 a single one/);
    expect(() => compareRuns([run(tasks, 1), { ...a, env: 'me/other' }])).toThrow(/give runs of one family/);
  });
});
