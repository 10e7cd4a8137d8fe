// Iterations: evaluations where they are asked for, steps that are counted once they were learned in, and what cannot be.
import { describe, expect, it } from 'vitest';
import { openDataSet } from '../datasets/index.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { readCheckpoint } from '../runs/run-reader.js';
import { configure } from './configure.js';
import { coarseWarnings, iterationSteps } from './iteration.js';
import { recordData } from './record.js';
import { resume, train } from './train.js';
import type { Progress } from './types.js';

const env = 'point/reach';
const { bytes } = await recordData({ env, policy: 'random', episodes: 20, seed: 3 });
const data = await openDataSet('walks', bytes);

/** Imitates for so many steps, in iterations of 100; stops at `stopAt` and goes on from there. */
async function clone(every: number, { steps = 230, envs = 1, stopAt = Infinity } = {}) {
  const store = createMemoryStore();
  const [evaluatedAt, told]: [number[], Progress[]] = [[], []];
  const controller = new AbortController();
  const watch = {
    store,
    onEvaluation: ({ steps }: { steps: number }) => void evaluatedAt.push(steps),
    onProgress(progress: Progress) {
      told.push(progress);
      if (progress.steps >= stopAt) controller.abort();
    },
  };
  const first = await train({
    ...{ env, agent: 'bc', data, steps, envs, seed: 4, signal: controller.signal },
    ...watch,
    config: {
      agent: { options: { hidden: [8, 8] } },
      training: { batchSize: 16 },
      evaluation: { every, episodes: 1 },
      runtime: { worker: false },
    },
  });
  const run = first.runDir.slice(store.location.length + 1);
  const result = first.ended === 'aborted' ? await resume({ run, data: [data], ...watch }) : first;
  const { policy } = await readCheckpoint(store, run, steps);
  return { first, result, evaluatedAt, told, policy };
}

describe('learning from data alone', () => {
  it('evaluates where it is asked to, not at the ends of iterations, and learns the same', async () => {
    const [often, never] = [await clone(70), await clone(0)];
    expect(often.evaluatedAt).toEqual([70, 140, 210, 230]);
    expect(never.evaluatedAt).toEqual([230]);
    expect(often.policy).toEqual(never.policy);
  });

  it('ends and evaluates at the step that is asked for with several environments too, none of which steps', async () => {
    const { evaluatedAt, result } = await clone(70, { envs: 3 });
    expect(evaluatedAt).toEqual([70, 140, 210, 230]);
    expect(result).toMatchObject({ envSteps: 230, updates: 230 });
  });

  it('shows the steps that it has learned in, also where it is stopped and goes on', async () => {
    const { first, result, told, policy } = await clone(0, { steps: 330, stopAt: 100 });
    expect(first).toMatchObject({ ended: 'aborted', envSteps: first.updates });
    expect(result).toMatchObject({ ended: 'steps', envSteps: 330, updates: 330 });
    for (const { steps, updates } of told) expect(steps).toBe(updates);
    expect(policy).toEqual((await clone(0, { steps: 330 })).policy);
  });
});

it('whoever acts takes whole iterations, and is told where these are longer than asked for', async () => {
  const short = { evaluation: { every: 20 }, checkpoint: { every: 50 } };
  const config = await configure({ env, envs: 3, config: { training: { cycleSteps: 40 }, ...short } });
  expect(iterationSteps(config, { steps: 42, evaluatedAt: 0 }, 500)).toBe(42);
  expect(coarseWarnings(config)).toEqual([
    'evaluation.every is 20, but evaluations come between iterations only, which take 42 steps each (training.cycleSteps over envs); lower training.cycleSteps, or raise evaluation.every to at least 42.',
  ]);
  expect(coarseWarnings(await configure({ env, config: { evaluation: { every: 0 } } }))).toEqual([]);
  const cloning = await configure({ env, agent: 'bc', data: 'walks.safetensors', config: short });
  expect(coarseWarnings(cloning)).toEqual([expect.stringMatching(/^checkpoint\.every is 50, but checkpoints come/)]);
});
