// The newest policy in practice: it is given all that it sees, the task too.
import { expect, test } from 'vitest';
import { makeEnv } from '../../src/envs/registry.js';
import { mixSeed } from '../../src/random.js';
import { createMemoryStore } from '../../src/runs/memory-store.js';
import { loadPolicy, openPolicy } from '../../src/training/policy.js';
import { train } from '../../src/training/train.js';
import { createPractice } from './practice.js';

test('acts for the task of its episode, as the policy does elsewhere', async () => {
  const store = createMemoryStore();
  const env = 'point/two-tasks';
  const tasks = new Set<number>();
  const config = { runtime: { worker: false, overlap: false }, evaluation: { every: 0, episodes: 2 } };
  for (const seed of [1, 2, 3, 4]) {
    const { runDir } = await train({ env, steps: 20, seed, store, config });
    const source = { run: runDir.slice(store.location.length + 1), store };
    const { run, vectors } = await openPolicy(source);
    const practice = await createPractice(run.config);
    const { frame } = await practice.step(vectors, 5, true);
    const policy = await loadPolicy(source);
    const alone = await makeEnv(env);
    let now = alone.reset({ seed: mixSeed(seed, 'practice') >>> 2 });
    tasks.add(now.task[0]);
    for (let t = 0; t < 5; t++) {
      const { observation, goal, task } = now;
      now = alone.step(await policy.act({ observation, goal, task }));
    }
    const [{ place = [], task }] = frame.panels;
    expect(task).toBe(now.task[0]);
    for (let i = 0; i < 2; i++) expect(place[i]).toBeCloseTo(now.observation[i], 4);
    await policy.dispose();
  }
  expect(tasks.size).toBe(2);
}, 60_000);
