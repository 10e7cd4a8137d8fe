// Figures of training episodes in the log.
import { expect, test } from 'vitest';
import { createMemoryStore } from '../runs/memory-store.js';
import { train } from './train.js';

test('returns and success of training are logged by task too', async () => {
  const store = createMemoryStore();
  const config = {
    agent: { options: { hidden: [8] } },
    training: { batchSize: 32, warmupSteps: 200 },
    evaluation: { every: 0, episodes: 2 },
    runtime: { worker: false, overlap: false },
  };
  const result = await train({ env: 'point/two-tasks', steps: 1000, envs: 2, store, config });
  const dir = result.runDir.slice(store.location.length + 1);
  const rows = new TextDecoder()
    .decode(await store.read(`${dir}/metrics.jsonl`))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number>);
  const last = rows.filter((row) => 'rollout/ep_rew_mean' in row).at(-1) as Record<string, number>;
  const tasks = ['reach', 'turned-round'];
  // Of the same twenty episodes: the mean of all lies between those of the tasks.
  const returns = tasks.map((task) => last[`rollout/${task}/ep_rew_mean`]);
  expect(Math.min(...returns)).toBeLessThanOrEqual(last['rollout/ep_rew_mean']);
  expect(Math.max(...returns)).toBeGreaterThanOrEqual(last['rollout/ep_rew_mean']);
  for (const task of tasks) expect(last[`rollout/${task}/success_rate`]).toBeGreaterThanOrEqual(0);
  expect(Object.keys(last).filter((name) => name.startsWith('rollout/'))).toHaveLength(3 + 4);
});
