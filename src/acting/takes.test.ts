// Takes are what recording writes, one by one: the same rows, kept or not, as a data set that is read and fits.
import { expect, test } from 'vitest';
import { checkFits, openDataSet } from '../datasets/index.js';
import { loadEnv, parseEnvOptions } from '../envs/index.js';
import { makeEnv } from '../envs/registry.js';
import { mixSeed } from '../random.js';
import { controllerOf, findDemonstrator } from './demonstrations.js';
import { recordEpisodes } from './record.js';
import { encodeTakes, recordTake } from './takes.js';

const name = 'point/two-tasks';
const scripted = async (env = name) => {
  const definition = await loadEnv(env);
  return controllerOf(findDemonstrator(definition, parseEnvOptions(definition, {})));
};

test('a take has the rows that recordEpisodes writes for the same start, whoever acts', async () => {
  const env = await makeEnv('arm/reach');
  const act = await scripted('arm/reach');
  const { episodes, successes } = await recordEpisodes(env, act, { episodes: 1, seed: 4, holdSteps: 10 });
  const take = await recordTake(env, act, { seed: mixSeed(4, 'recording', 0), holdSteps: 10 });
  expect(take.episodes).toEqual(episodes);
  expect([take.success, take.steps]).toEqual([successes === 1, episodes.steps[0]]);
  expect(take.steps).toBeLessThan(env.spec.maxEpisodeSteps); // it ended once it was held
  env.dispose?.();
});

const moves = async () => [0.5, 0.25];

test('the kept ones are a data set with their tasks, in their order', async () => {
  const env = await makeEnv(name);
  const takes = [];
  for (const task of [1, 0, 1]) takes.push(await recordTake(env, moves, { seed: task, task }));
  const bytes = encodeTakes([takes[0], takes[2], takes[1]], {
    env: { name, spec: env.spec },
    options: {},
    policy: 'by hand',
    holdSteps: 3,
  });
  const data = await openDataSet('kept', bytes);
  checkFits(data, env.spec);
  expect([...data.steps]).toEqual([50, 50, 50]);
  expect(data.origin).toEqual({ policy: 'by hand', holdSteps: 3, successRate: 0 });
  const { columns } = await data.read(0, 3);
  expect([...columns.task]).toEqual([1, 1, 0]);
  expect([...columns.action.slice(0, 2)]).toEqual([0.5, 0.25]);
});

test('what is broken off leaves nothing, and the next take begins as if it had not been', async () => {
  const env = await makeEnv(name);
  const first = await recordTake(env, moves, { seed: 7, task: 0 });
  let steps = 0;
  const breaks = async () => {
    if (steps++ === 5) throw new Error('once more');
    return [1, 1];
  };
  await expect(recordTake(env, breaks, { seed: 8, task: 1 })).rejects.toThrow('once more');
  expect((await recordTake(env, moves, { seed: 7, task: 0 })).episodes).toEqual(first.episodes);
});

test('without an episode there is no data set', async () => {
  const { spec } = await makeEnv(name);
  expect(() => encodeTakes([], { env: { name, spec }, options: {}, policy: 'by hand' })).toThrow('none was kept');
});
