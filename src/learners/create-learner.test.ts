// A learner asks the environment's rules: what they throw is told with the environment's name, and they are freed.
import { expect, it } from 'vitest';
import { createGoalEnv, defineEnv } from '../envs/index.js';
import { walk } from '../envs/testing.js';
import { rowLayout } from '../replay/index.js';
import { nodeRuntime } from '../runtime/node.js';
import { configure } from '../training/configure.js';
import { createLearner } from './create-learner.js';

it('names the environment whose reward is no finite number under a goal of hindsight', async () => {
  const env = defineEnv({
    name: 'me/walk',
    create: () => ({
      ...createGoalEnv(walk()),
      computeReward: (_achieved, _desired, _info, out) => out.fill(-Infinity),
    }),
  });
  const config = await configure({ env, config: { agent: { hidden: [4] }, training: { batchSize: 4 } } });
  const learner = await createLearner({ config, definition: env }, nodeRuntime);
  const rows = new Float32Array(2 * rowLayout(walk().spec).width);
  const episode = { rows, pieces: [{ env: 0, first: 0, steps: 1, end: 'truncated' as const }] };
  await expect(learner.learn(episode, 1)).rejects.toThrow(/test\/walk: its computeReward\(\) gave -Infinity/);
  await learner.dispose();
});

it('names the environment whose reward throws, and frees the instance whose rules it had', async () => {
  let alive = 0;
  const env = defineEnv({
    name: 'me/walk',
    create() {
      alive++;
      return {
        ...createGoalEnv(walk()),
        computeReward() {
          throw new TypeError('no such sensor');
        },
        dispose: () => alive--,
      };
    },
  });
  const config = await configure({
    env,
    config: { agent: { options: { hidden: [4] } }, training: { batchSize: 4 } },
  });
  expect(alive).toBe(0);
  const learner = await createLearner({ config, definition: env }, nodeRuntime);
  expect(alive).toBe(1);
  const rows = new Float32Array(2 * rowLayout(walk().spec).width);
  const episode = { rows, pieces: [{ env: 0, first: 0, steps: 1, end: 'truncated' as const }] };
  const error = await learner.learn(episode, 1).catch((failure: Error) => failure);
  expect(String(error)).toMatch(/^RunError: test\/walk: its computeReward\(\) threw .* no such sensor/);
  expect(((error as Error).cause as Error).stack).toMatch(/create-learner\.test/);
  await learner.dispose();
  expect(alive).toBe(0);
});
