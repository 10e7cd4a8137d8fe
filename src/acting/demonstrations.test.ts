// Demonstrations of task families: the controller knows the task of the episode.
import { expect, test } from 'vitest';
import { createGoalEnv } from '../envs/goal-env.js';
import { type EnvDefinition, type GoalEnv, parseEnvOptions, taskFamily } from '../envs/index.js';
import { createPoint, type PointOptions, pointReach } from '../envs/point/reach.js';
import { wrapEnv } from '../envs/wrap-env.js';
import { collectDemonstrations, demonstratorOf, findDemonstrator } from './demonstrations.js';

/** The point, its actions as they are or turned round, and a controller that goes straight to the goal. */
const point = (direction: 1 | -1): EnvDefinition<PointOptions> => ({
  ...pointReach,
  create: (options) => createGoalEnv(createPoint(options, { direction })),
  demonstrator: () => (position, goal) =>
    [0, 1].map((i) => direction * Math.min(Math.max((goal[i] - position[i]) / 0.1, -1), 1)),
});
const members = { there: { env: point(1) }, 'turned-round': { env: point(-1) } };

test("a family asks the controller of the episode's task", async () => {
  const family = taskFamily('me/both', members);
  const env = (await family.create({})) as GoalEnv;
  const options = { episodes: 20, seed: 1, envNumber: 0 };
  const tasks = new Set<number>();
  const demonstrator = findDemonstrator(family as EnvDefinition, {});
  const watched: typeof demonstrator = (observation, goal, task) => {
    tasks.add(task ?? -1);
    return demonstrator(observation, goal, task);
  };
  expect((await collectDemonstrations(env, watched, options)).successRate).toBe(1);
  expect(tasks).toEqual(new Set([0, 1]));
  // Whoever does not know the task goes the wrong way in one of them.
  const blind = await collectDemonstrations(env, (observation, goal) => demonstrator(observation, goal), options);
  expect(blind.successRate).toBeLessThan(0.8);
});

test('a family in which a task has no controller is refused by its name', () => {
  const family = taskFamily('me/some', { ...members, alone: { env: pointReach } });
  expect(() => findDemonstrator(family as EnvDefinition, {})).toThrow(
    'me/some has for alone no scripted controller: record with policy random',
  );
});

test('an expert of the environment itself demonstrates where no controller does', async () => {
  const env = (await pointReach.create(parseEnvOptions(pointReach))) as GoalEnv;
  const towards = ({ observation, goal }: { observation: Float32Array; goal: Float32Array }) =>
    [0, 1].map((i) => Math.min(Math.max((goal[i] - observation[i]) / 0.1, -1), 1));
  let now = env.reset({ seed: 0 });
  const knowing = wrapEnv(env, {
    reset(options) {
      now = env.reset(options);
      return now;
    },
    expert: () => towards(now),
  });
  const unable = { ...pointReach, demonstrator: undefined };
  const shown = demonstratorOf(unable as unknown as EnvDefinition, {}, knowing);
  expect((await collectDemonstrations(knowing, shown, { episodes: 5, seed: 1, envNumber: 0 })).successRate).toBe(1);
  expect(() => demonstratorOf(unable as unknown as EnvDefinition, {}, env)).toThrow('no scripted controller');
});
