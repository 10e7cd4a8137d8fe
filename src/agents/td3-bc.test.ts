// TD3+BC between its two terms: with alpha 0 it does what was recorded, with a large one what the critics say.
import { expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { bandit, banditAgent, banditSpec, banditUpdater, bestAction } from './testing.js';

it.each([
  [0, 0.5, 0.1],
  [1000, -0.8, 0.25],
])('alpha %d', async (alpha, wanted, within) => {
  const agent = banditAgent('td3-bc', { alpha, learningRate: 3e-3 });
  const fill = bandit(2);
  const random = createRandom(3);
  // Without weight on the critics what is recorded lies near 0.5; rewards, and so the critics, prefer the goal.
  const updater = await banditUpdater(agent, (batch) => {
    fill(batch);
    for (let i = 0; i < batch.action.length; i++) {
      if (alpha === 0) batch.action[i] = 0.5 + 0.3 * (random.uniform() - 0.5);
      batch.reward[i] = -((batch.action[i] - batch.goal[i]) ** 2);
    }
  });
  await updater.update(1200);
  const [action] = await bestAction(agent, banditSpec, updater, [0.3, -0.4], [-0.8]);
  expect(Math.abs(action - wanted)).toBeLessThan(within);
  await updater.dispose();
});
