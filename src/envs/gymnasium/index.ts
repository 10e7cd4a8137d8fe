// Gymnasium's MuJoCo tasks, version 5, over the model files of the user's own copy of the package.
import { loadEngine } from '../../physics/engine.js';
import type { EnvDefinition } from '../env.js';
import { createGoalEnv } from '../goal-env.js';
import { loadGymnasiumAssets } from './assets.js';
import { type GymnasiumOptions, gymnasiumOptions, gymnasiumRules } from './rules.js';
import { createGymnasium } from './simulation.js';
import { type GymnasiumTask, gymnasiumTasks, taskSetups } from './tasks.js';

const define = (task: GymnasiumTask): EnvDefinition<GymnasiumOptions> => ({
  name: `gymnasium/${task}`,
  description: taskSetups[task].description,
  options: gymnasiumOptions,
  rules: (options) => gymnasiumRules(task, options),
  create: async (options) => {
    const files = await loadGymnasiumAssets(); // first: without them there is no need to load MuJoCo
    return createGoalEnv(createGymnasium(await loadEngine(options.physics), task, options, files));
  },
});

/** Each task by its name. */
export const gymnasium = Object.fromEntries(gymnasiumTasks.map((task) => [task, define(task)])) as Readonly<
  Record<GymnasiumTask, EnvDefinition<GymnasiumOptions>>
>;
