// Recording gives others their turns, and stops at once: what is over is kept, what has begun is dropped.
import { expect, it } from 'vitest';
import { makeEnv } from '../envs/index.js';
import { recordEpisodes } from './record.js';

it('stops in the middle of an episode, and keeps those that are over', async () => {
  const env = await makeEnv('point/reach');
  const length = env.spec.maxEpisodeSteps;
  const stopped = async (after: number) => {
    const controller = new AbortController();
    let steps = 0;
    const act = () => {
      if (++steps === after) controller.abort();
      return [0.5, 0.1];
    };
    const options = { episodes: 300, seed: 2, signal: controller.signal };
    return { ...(await recordEpisodes(env, act, options)).episodes, acted: steps };
  };
  const whole = (await recordEpisodes(env, () => [0.5, 0.1], { episodes: 2, seed: 2 })).episodes;
  const two = await stopped(2 * length + 7);
  expect([two.acted, ...two.steps]).toEqual([2 * length + 7, length, length]);
  expect(two.columns).toEqual(whole.columns);
  expect([...(await stopped(7)).steps]).toEqual([]);
});

it('gives others their turns during an episode', async () => {
  const env = await makeEnv('point/reach');
  let [turns, steps] = [0, 0];
  const timer = setInterval(() => turns++, 1);
  const slow = () => {
    const begin = performance.now();
    while (performance.now() - begin < 2);
    if (++steps === env.spec.maxEpisodeSteps) expect(turns).toBeGreaterThan(3);
    return [0, 0];
  };
  await recordEpisodes(env, slow, { episodes: 1, seed: 2 });
  clearInterval(timer);
  expect(steps).toBe(env.spec.maxEpisodeSteps);
});
