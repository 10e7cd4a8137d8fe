// A learner in a thread of its own hears a stop between two updates, and what goes on then is the same run.
import { expect, it } from 'vitest';

const built = (path: string) => new URL(`../dist/${path}`, import.meta.url).href;
// Threads need compiled files, so everything comes from the build.
const { recordData, resume, train }: typeof import('../src/training/index.js') = await import(
  built('training/index.js')
);
const { openDataSet }: typeof import('../src/datasets/index.js') = await import(built('datasets/index.js'));
const { createMemoryStore }: typeof import('../src/runs/memory-store.js') = await import(built('runs/memory-store.js'));
const { readCheckpoint }: typeof import('../src/runs/run-reader.js') = await import(built('runs/run-reader.js'));

const { bytes } = await recordData({ env: 'point/reach', policy: 'random', episodes: 20, seed: 3 });
const data = await openDataSet('walks', bytes);

/** Updates of a step. */
const UPDATES = 1000;

/** Clones for two steps, stopped once, so many milliseconds after the first was evaluated: how many updates there were then. */
async function clone(worker: boolean, milliseconds?: number) {
  const store = createMemoryStore();
  const controller = new AbortController();
  const { runDir, ended, updates } = await train({
    ...{ env: 'point/reach', agent: 'bc', data, steps: 2, seed: 4, store, signal: controller.signal },
    onEvaluation: () => {
      if (milliseconds !== undefined) setTimeout(() => controller.abort(), milliseconds);
    },
    config: {
      agent: { options: { hidden: [64, 64] } },
      training: { batchSize: 64, cycleSteps: 1, updatesPerStep: UPDATES },
      evaluation: { every: 1, episodes: 1 },
      runtime: { worker },
    },
  });
  const run = runDir.slice(store.location.length + 1);
  if (ended === 'aborted') await resume({ run, data: [data], store });
  return { updates, policy: (await readCheckpoint(store, run, 2)).policy };
}

it('ends after the update under way', async () => {
  const whole = await clone(false);
  expect(whole.updates).toBe(2 * UPDATES);
  // How long the second step takes depends on the machine; one of these falls into it.
  for (const milliseconds of [10, 40, 160, 640, 2560]) {
    const stopped = await clone(true, milliseconds);
    expect(stopped.policy).toEqual(whole.policy);
    if (stopped.updates > UPDATES && stopped.updates < 2 * UPDATES) return;
  }
  expect.fail('no stop came within a step');
});
