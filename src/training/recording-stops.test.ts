// Demonstrations are told of while they are recorded, and whoever stops there leaves nothing half-done.
import { describe, expect, it } from 'vitest';
import { StoppedError } from '../errors.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { readCheckpoint } from '../runs/run-reader.js';
import { recordData } from './record.js';
import { resume, train } from './train.js';
import type { Progress, TrainOptions } from './types.js';

const sequence = ['place-0', 'place-1'];
const options = (tasks: object): TrainOptions => ({
  env: 'point/navigate',
  agent: 'sac',
  steps: 120,
  seed: 3,
  config: {
    env: { options: { places: 2 } },
    agent: { options: { hidden: [8, 8] } },
    training: { warmupSteps: 0, batchSize: 8, demonstrations: 6 },
    evaluation: { every: 0, episodes: 2 },
    runtime: { worker: false },
    tasks,
  },
});

/** Trains in a store of its own, aborted where `stop` says so. */
async function trained(given: TrainOptions, stop: (progress: Progress) => boolean = () => false) {
  const store = createMemoryStore();
  const told: Progress[] = [];
  const controller = new AbortController();
  const onProgress = (progress: Progress) => {
    told.push(progress);
    if (stop(progress)) controller.abort();
  };
  const result = await train({ ...given, store, onProgress, signal: controller.signal }).catch((error) => error);
  return { store, told, result, recorded: told.flatMap(({ demonstrations }) => demonstrations?.episodes ?? []) };
}

describe('demonstrations', () => {
  it('are told of before anything else', async () => {
    const { told, recorded } = await trained(options({}));
    expect(recorded).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(told.slice(0, 7).map(({ phase, steps }) => [phase, steps])).toEqual(
      recorded.map(() => ['demonstrations', 0]),
    );
    expect(told[6].demonstrations).toMatchObject({ totalEpisodes: 6, secondsLeft: 0 });
  });

  it('that are broken off leave no run', async () => {
    const { store, result, recorded } = await trained(
      options({}),
      (progress) => progress.demonstrations?.episodes === 3,
    );
    expect(result).toBeInstanceOf(StoppedError);
    expect(result.message).toBe('stopped while demonstrations were recorded: no run began, and nothing was written.');
    expect(recorded).toEqual([0, 1, 2, 3]);
    expect(await store.list('')).toEqual([]);
  });

  it('of a later task that are broken off leave a run that goes on as if nothing had been', async () => {
    const policyOf = async (store: TrainOptions['store'], run: string) =>
      (await readCheckpoint(store!, run, 120)).policy;
    const whole = await trained(options({ sequence }));
    const stopped = await trained(
      options({ sequence }),
      ({ steps, demonstrations }) => steps > 0 && demonstrations?.episodes === 1,
    );
    expect(stopped.result).toMatchObject({ ended: 'aborted', envSteps: 60 });
    const [run] = await stopped.store.list('');
    expect(await resume({ run, store: stopped.store })).toMatchObject({ ended: 'steps', envSteps: 120 });
    expect(await policyOf(stopped.store, run)).toEqual(await policyOf(whole.store, (await whole.store.list(''))[0]));
  });
});

it('a recording that is stopped before an episode is over has nothing to write', async () => {
  const recording = recordData({ env: 'point/reach', policy: 'random', episodes: 2, signal: AbortSignal.abort() });
  await expect(recording).rejects.toThrow('stopped before the first episode was over; nothing was recorded.');
});
