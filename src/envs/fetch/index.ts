// The Fetch family: the tasks of Gymnasium-Robotics, over the model files of the user's own copy of it.
import { loadEngine } from '../../physics/engine.js';
import type { EnvDefinition } from '../env.js';
import { createGoalEnv } from '../goal-env.js';
import { loadFetchAssets } from './assets.js';
import { type FetchOptions, fetchOptions, fetchRules } from './rules.js';
import { type ScriptedTask, scriptedController, scriptedTasks } from './scripted.js';
import { createFetch } from './simulation.js';
import type { FetchTask } from './tasks.js';

const isScripted = (task: FetchTask): task is ScriptedTask => scriptedTasks.some((name) => name === task);

const define = (task: FetchTask, description: string): EnvDefinition<FetchOptions> => ({
  name: `fetch/${task}`,
  description,
  options: fetchOptions,
  rules: (options) => fetchRules(task, options),
  ...(isScripted(task) && { demonstrator: () => scriptedController(task) }),
  create: async (options) => {
    const files = await loadFetchAssets(); // first: without them there is no need to load MuJoCo
    return createGoalEnv(createFetch(await loadEngine(options.physics), task, options, files));
  },
});

export const fetchReach = define('reach', 'FetchReach-v4: bring the gripper of the Fetch robot to a point in the air');
export const fetchPush = define('push', 'FetchPush-v4: push a block over the table to a place, gripper closed');
export const fetchSlide = define('slide', 'FetchSlide-v4: hit a puck so that it stops at a place far off');
export const fetchPickAndPlace = define(
  'pick-and-place',
  'FetchPickAndPlace-v4: grasp a block and bring it to a place on or above the table',
);
