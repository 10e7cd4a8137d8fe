// A model is fitted and imagines the same bytes for any number of threads, in a thread of its own or not.
import { expect, it } from 'vitest';

const built = (path: string) => new URL(`../dist/${path}`, import.meta.url).href;
// Threads need compiled files, so everything comes from the build.
const { train }: typeof import('../src/training/index.js') = await import(built('training/index.js'));
const { createMemoryStore }: typeof import('../src/runs/memory-store.js') = await import(built('runs/memory-store.js'));
const { readCheckpoint }: typeof import('../src/runs/run-reader.js') = await import(built('runs/run-reader.js'));

/** What is left of the model after its first fit: until then actions are random, so that all runs have the same data. */
async function modelOf(runtime: { readonly threads: number; readonly worker: boolean }) {
  const store = createMemoryStore();
  const { runDir, envSteps } = await train({
    env: 'pendulum',
    steps: 400,
    seed: 5,
    store,
    config: {
      agent: { options: { hidden: [32, 32] } },
      model: {
        kind: 'ensemble',
        members: 3,
        elites: 2,
        hidden: [16],
        epochs: 3,
        every: 10_000,
        rollouts: 500,
        horizon: 2,
      },
      training: { batchSize: 96, warmupSteps: 400, updatesPerStep: 0 },
      evaluation: { every: 0, episodes: 1 },
      runtime: { ...runtime, overlap: false },
    },
  });
  const { state } = await readCheckpoint(store, runDir.slice(store.location.length + 1), envSteps);
  return Object.fromEntries(Object.entries(state).filter(([name]) => /^learner\.(model|imagination)\./.test(name)));
}

it('is the same with one thread, with three, and in a worker', async () => {
  const one = await modelOf({ threads: 1, worker: false });
  expect(one['learner.imagination.episodes'].length).toBeGreaterThan(10_000);
  expect(await modelOf({ threads: 3, worker: false })).toEqual(one);
  expect(await modelOf({ threads: 3, worker: true })).toEqual(one);
}, 60_000);
