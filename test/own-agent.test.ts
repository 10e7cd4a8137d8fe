// The agent of the documents: it clones the actions that it is shown.
import { box } from 'anygoal/envs';
import { expect, it } from 'vitest';
import { cloning } from '../examples/own-agent.js';
import { vectorSpec } from '../src/agents/index.js';
import { bestAction, testBatch, testUpdater } from '../src/agents/testing.js';
import { createRandom } from '../src/random.js';

it('imitates actions that depend on state and goal', async () => {
  const spec = vectorSpec({ observation: 1, goal: 1, action: box(1, -2, 2), rewardRange: [-1, 0] });
  const settings = cloning.config.parse({ hidden: [32], learningRate: 1e-2 });
  const agent = cloning.create(spec, settings, { normalize: true });
  const random = createRandom(1);
  const updater = await testUpdater(agent, testBatch(spec, 64), (batch) => {
    random.fillUniform(batch.observation, -1, 1);
    random.fillUniform(batch.goal, -1, 1);
    batch.action.set(batch.goal.map((goal, i) => goal - 0.5 * batch.observation[i]));
  });
  await updater.update(500);
  expect(updater.takeMetrics().actor_loss).toBeLessThan(0.1);
  expect((await bestAction(agent, spec, updater, [0.4], [0.8]))[0]).toBeCloseTo(0.6, 1);
  expect((await bestAction(agent, spec, updater, [-0.4], [0]))[0]).toBeCloseTo(0.2, 1);
  await updater.dispose();
});
