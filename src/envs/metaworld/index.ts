// The Meta-World tasks: the ten of MT10, singly and as a family, over the model files of the user's own copy.
import { loadEngine } from '../../physics/engine.js';
import type { EnvDefinition } from '../env.js';
import { taskFamily } from '../families/task-family.js';
import { createGoalEnv } from '../goal-env.js';
import { loadMetaworldAssets } from './assets.js';
import { type MetaworldOptions, metaworldOptions, metaworldRules } from './rules.js';
import { scriptedPolicy } from './scripted.js';
import { createMetaworld } from './simulation.js';
import { type MetaworldTask, metaworldTasks, taskSetups } from './tasks.js';

const define = (task: MetaworldTask): EnvDefinition<MetaworldOptions> => ({
  name: `metaworld/${task}`,
  description: `Meta-World's ${task}-v3: ${taskSetups[task].description}`,
  options: metaworldOptions,
  rules: (options) => metaworldRules(task, options),
  demonstrator: () => scriptedPolicy(task),
  create: async (options) => {
    const files = await loadMetaworldAssets(); // first: without them there is no need to load MuJoCo
    return createGoalEnv(createMetaworld(await loadEngine(options.physics), task, options, files));
  },
});

/** Each task by its name. */
export const metaworld = Object.fromEntries(metaworldTasks.map((task) => [task, define(task)])) as Readonly<
  Record<MetaworldTask, EnvDefinition<MetaworldOptions>>
>;

/** All ten; the task's number is what one-hot is in Meta-World. */
export const metaworldMt10 = taskFamily<MetaworldOptions>(
  'metaworld/mt10',
  (options) =>
    Object.fromEntries(
      metaworldTasks.map((task) => [
        task,
        { env: metaworld[task] as EnvDefinition, options, shares: ['S', 'A'] as const },
      ]),
    ),
  { description: "Meta-World's MT10: ten tasks of the Sawyer robot in one", options: metaworldOptions },
);
