// Runs whose environments live in Python: the same numbers after going on, and a checkpoint when Python breaks.
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../runs/memory-store.js';
import { readCheckpoint } from '../../runs/run-reader.js';
import { diagnoseModel } from '../../training/diagnose-model.js';
import { pictureEpisode } from '../../training/pictures.js';
import { resume, train } from '../../training/train.js';
import { testEnv, whyNoGymnasium } from './testing.js';

const config = {
  agent: { options: { hidden: [8, 8] } },
  training: { batchSize: 16, warmupSteps: 40, updatesPerStep: 0.1 },
  evaluation: { every: 0, episodes: 1 },
  runtime: { worker: false, overlap: false },
  workers: 0,
};

describe.skipIf(whyNoGymnasium())('training in Python environments', () => {
  it('goes on bit for bit in the middle of episodes, hindsight included', async () => {
    const settings = { env: testEnv('Goal-v0'), seed: 6, envs: 2, config };
    const [whole, parts] = [createMemoryStore(), createMemoryStore()];
    const a = await train({ ...settings, steps: 300, store: whole });
    const b = await train({ ...settings, steps: 130, store: parts });
    await resume({ run: b.runDir.slice(parts.location.length + 1), store: parts, steps: 300 });
    const last = async (store: typeof whole, dir: string) =>
      (await readCheckpoint(store, dir.slice(store.location.length + 1), 300)).state;
    const [one, other] = [await last(whole, a.runDir), await last(parts, b.runDir)];
    for (const name of ['learner.vector.actor', 'learner.staging', 'actor.envs'])
      expect(other[name]).toEqual(one[name]);
  });

  it('says what will not go on, is saved when Python throws, and goes on with new episodes', async () => {
    const store = createMemoryStore();
    const warnings: string[] = [];
    const started = train({
      env: `${testEnv('Trouble-v0')}?how=raise&after=300`,
      seed: 1,
      envs: 2,
      steps: 800,
      config: { ...config, training: { ...config.training, cycleSteps: 140 } },
      store,
      onStart: (run) => void warnings.push(...run.warnings),
    });
    const error: Error = await started.then(
      () => new Error('it did not break'),
      (reason) => reason,
    );
    expect(error.message).toMatch(/ValueError: the robot fell over\nThe run was saved at step (\d+) and can go on/);
    const steps = Number(/at step (\d+)/.exec(error.message)?.[1]);
    expect(steps).toBeGreaterThan(200);
    const [run] = await store.list('');
    // Episodes that ended in the steps that failed are not counted: the run takes those steps again.
    const monitor = new TextDecoder().decode(await store.read(`${run}/monitor.csv`));
    const lengths = monitor
      .split('\n')
      .slice(2)
      .map((row) => Number(row.split(',')[1] ?? 0));
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(500);
    const goneOn = await resume({ run, store, steps: steps + 40 });
    expect(goneOn.envSteps).toBe(steps + 40);
  });

  it('an episode of its policy can be seen', async () => {
    const store = createMemoryStore();
    const { runDir } = await train({ env: testEnv('Goal-v0'), seed: 6, steps: 60, store, config });
    const run = runDir.slice(store.location.length + 1);
    const episode = await pictureEpisode({ run, store, seed: 1, width: 20 });
    expect(episode).toMatchObject({ width: 20, height: 3, warnings: [] });
    expect([episode.pictures.length, episode.rewards.length]).toEqual([21, 20]);
    for (const png of episode.pictures) expect(String.fromCharCode(...png.slice(1, 4))).toBe('PNG');
    const again = await pictureEpisode({ run, store, seed: 1, width: 20, steps: 4 });
    expect(again.rewards).toEqual(episode.rewards.slice(0, 4));
    const own = await train({ env: 'point/reach', steps: 20, store, config });
    const ownRun = own.runDir.slice(store.location.length + 1);
    await expect(pictureEpisode({ run: ownRun, store })).rejects.toThrow(/point\/reach draws no pictures of its own/);
  });

  it("rules of goals are ready for planners and for the model's diagnosis", async () => {
    const store = createMemoryStore();
    const small = { kind: 'ensemble', members: 2, elites: 2, hidden: [8], epochs: 2, every: 50 };
    const { runDir } = await train({
      env: testEnv('Goal-v0'),
      agent: 'planner',
      seed: 1,
      steps: 120,
      store,
      config: {
        ...config,
        agent: { options: { horizon: 2, samples: 8, elites: 2, rounds: 1 } },
        training: { batchSize: 16, warmupSteps: 40 },
        model: small,
      },
    });
    const run = runDir.slice(store.location.length + 1);
    const { measured } = await diagnoseModel({ run, store, steps: 100, most: 2 });
    expect(measured?.returns[0].real).toBeLessThanOrEqual(0);
  });
});
