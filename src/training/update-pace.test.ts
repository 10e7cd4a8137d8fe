// Updates that fall due before the first whole episode: made up at a bounded pace, over a stop and a resume, or told.
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../runs/memory-store.js';
import { readCheckpoint } from '../runs/run-reader.js';
import type { Store } from '../runs/store.js';
import { resume, train } from './train.js';
import type { StartedRun, TrainOptions } from './types.js';
import { mostUpdates, portionOfOwed, updatesDue } from './update-pace.js';

const inProcess = { worker: false, overlap: false };
const config = (more: Record<string, unknown> = {}) => ({
  agent: { options: { hidden: [8, 8] } },
  training: { batchSize: 8, warmupSteps: 0, updatesPerStep: 0.5, cycleSteps: 100 },
  evaluation: { every: 0, episodes: 2 },
  runtime: inProcess,
  ...more,
});

async function rowsOf(store: Store, dir: string): Promise<Record<string, number>[]> {
  const text = new TextDecoder().decode(await store.read(`${dir}/metrics.jsonl`));
  const rows = text.trim().split('\n');
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(JSON.parse(row) as Record<string, number>).filter(
        ([name]) => name !== 'wall' && !/^time\/(fps|time)/.test(name),
      ),
    ),
  );
}

const dirOf = (runDir: string, store: Store) => runDir.slice(store.location.length + 1);

/** Everything that a run ended with, times apart. */
async function endOf(store: Store, dir: string, steps: number) {
  const { state, policy } = await readCheckpoint(store, dir, steps);
  const { loop, ...rest } = state;
  return { rest, policy, rows: await rowsOf(store, dir) };
}

// 20 environments whose episodes have 50 steps each: the first 1000 steps hold no whole episode.
const many = { env: 'point/reach', envs: 20, seed: 5 } as const;

describe('updates that fall due before the first whole episode', () => {
  it('are made up, at most twice as many at a time as fall due', async () => {
    const store = createMemoryStore();
    const result = await train({ ...many, steps: 3000, store, config: config() });
    expect(result).toMatchObject({ updates: 1500, envSteps: 3000 });
    expect(result.owedUpdates).toBeUndefined();
    const rows = await rowsOf(store, dirOf(result.runDir, store));
    const updates = rows.filter((row) => row['train/n_updates'] !== undefined).map((row) => row['train/n_updates']);
    // Rows every 500 steps, each with 250 updates due. The iteration in which episodes end (step 1000) does 100 of them.
    expect(updates).toEqual([0, 100, 600, 1050, 1300, 1500].map((most, i) => (i < 3 ? most : expect.any(Number))));
    for (const [i, count] of updates.entries()) expect(count - (updates[i - 1] ?? 0)).toBeLessThanOrEqual(500);
  });

  it.each(['tabular', 'dqn'])('are made up by %s too', async (agent) => {
    const store = createMemoryStore();
    const own = agent === 'tabular' ? { agent: { options: {} } } : {};
    const result = await train({ env: 'grid', agent, envs: 20, seed: 2, steps: 2000, store, config: config(own) });
    expect(result).toMatchObject({ updates: 1000 });
  });

  it('are done after the last step where the run ends before they are made up', async () => {
    const store = createMemoryStore();
    const phases = new Set<string>();
    const result = await train({
      ...many,
      steps: 1200,
      store,
      config: config({ evaluation: { every: 100, episodes: 2 } }),
      onProgress: ({ phase }) => phases.add(phase),
    });
    expect(result).toMatchObject({ updates: 600, envSteps: 1200, ended: 'steps' });
    const rows = await rowsOf(store, dirOf(result.runDir, store));
    // The last evaluation is of the policy after them, and the last row of figures counts them.
    expect(rows.filter((row) => row.step === 1200).map((row) => row['train/n_updates'])).toEqual([600, undefined]);
  });

  it('are told where no episode ends, before the run and after it, and a run that goes on makes them up', async () => {
    const store = createMemoryStore();
    const started: StartedRun[] = [];
    const result = await train({
      ...many,
      steps: 600,
      store,
      config: config(),
      onStart: (run) => started.push(run),
    });
    expect(result).toMatchObject({ updates: 0, owedUpdates: 300, ended: 'steps' });
    const [warning] = started[0].warnings;
    expect(warning).toBe(
      'steps 600 over envs 20 are 30 for each environment, but an episode of point/reach may take 50: what is learned from are whole episodes, so nothing will be learned unless episodes end earlier; raise steps to at least 1000, or lower envs to at most 12.',
    );
    expect(result.warnings).toEqual([warning]);
    const dir = dirOf(result.runDir, store);
    expect(await resume({ run: dir, store, steps: 3000 })).toMatchObject({ updates: 1500 });
  });

  it('are told as owed where a run is stopped', async () => {
    const store = createMemoryStore();
    const stop = new AbortController();
    let iterations = 0;
    const result = await train({
      ...many,
      steps: 3000,
      store,
      config: config(),
      signal: stop.signal,
      onIteration() {
        if (++iterations === 11) stop.abort();
        return undefined;
      },
    });
    expect(result).toMatchObject({ ended: 'aborted', envSteps: 1100, updates: 200, owedUpdates: 350 });
  });

  // Stopped while nothing is there (8), while they are made up (13), and after the last step (16 of 1200 steps: 12 iterations).
  it.each([
    ['serial', inProcess, 3000, 8],
    ['serial', inProcess, 3000, 13],
    ['serial', inProcess, 1200, 16],
    ['overlapped', { worker: false, overlap: true }, 3000, 8],
    ['overlapped', { worker: false, overlap: true }, 3000, 13],
    ['overlapped', { worker: false, overlap: true }, 1200, 16],
  ])(
    'are the same over a stop and a resume: %s %o, %i steps, stopped after iteration %i',
    async (_, runtime, steps, at) => {
      const options = (store: Store): TrainOptions => ({
        ...many,
        steps,
        store,
        config: config({ runtime, checkpoint: { every: 300 } }),
      });
      const whole = createMemoryStore();
      const a = await train(options(whole));
      const broken = createMemoryStore();
      const stop = new AbortController();
      let iterations = 0;
      const first = await train({
        ...options(broken),
        signal: stop.signal,
        onIteration() {
          if (++iterations === at) stop.abort();
          return undefined;
        },
      });
      expect(first.ended).toBe('aborted');
      expect(first.owedUpdates).toBeGreaterThan(0);
      const dir = dirOf(first.runDir, broken);
      const b = await resume({ run: dir, store: broken });
      expect([b.updates, b.envSteps]).toEqual([a.updates, a.envSteps]);
      expect(b.updates).toBe(steps / 2);
      expect(await endOf(broken, dir, b.envSteps)).toEqual(await endOf(whole, dirOf(a.runDir, whole), a.envSteps));
    },
  );

  it('cost agents nothing that learn from whatever happens', async () => {
    const store = createMemoryStore();
    const started: StartedRun[] = [];
    const settings = { ...config(), relabel: 'none' };
    const result = await train({
      ...many,
      agent: 'ppo',
      steps: 600,
      store,
      config: settings,
      onStart: (run) => started.push(run),
    });
    expect(result.updates).toBeGreaterThan(0);
    expect(result.owedUpdates).toBeUndefined();
    expect(started[0].warnings).toEqual([]);
  });
});

describe('the pace', () => {
  const settings = { training: { warmupSteps: 100, updatesPerStep: 0.35, cycleSteps: 10 }, envs: 1 };
  const of = settings as Parameters<typeof portionOfOwed>[0];
  it('is exact over any number of steps, and doubled at most', () => {
    expect([updatesDue(of, 100), updatesDue(of, 1100)]).toEqual([0, 350]);
    expect(mostUpdates(4)).toBe(8);
    expect(portionOfOwed(of)).toBe(4);
    expect(portionOfOwed({ ...of, envs: 1000 })).toBe(350);
  });

  it('says beforehand where warm-up leaves no step to learn in', async () => {
    const started: StartedRun[] = [];
    await train({
      env: 'point/reach',
      steps: 100,
      store: createMemoryStore(),
      config: { ...config(), training: { warmupSteps: 100 } },
      onStart: (run) => started.push(run),
    });
    expect(started[0].warnings[0]).toMatch(/steps 100 end before the first update: training.warmupSteps is 100/);
  });
});
