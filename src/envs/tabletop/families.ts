// Families of the tabletop's tasks: three, all ten, and two that want opposite things.
import { speech } from '../families/sentences.js';
import { type TaskFamily, taskFamily } from '../families/task-family.js';
import { tabletopEnv } from './index.js';
import { type TabletopOptions, tabletopOptions } from './rules.js';
import { type TabletopTask, tabletopTasks } from './tasks.js';

/** One scene, one action, one reward of goals; how episodes begin and which goals they have is each task's own. */
const shares = ['S', 'A', 'T', 'r'] as const;

const family = (name: string, tasks: readonly TabletopTask[], description: string): TaskFamily<TabletopOptions> =>
  taskFamily<TabletopOptions>(
    `tabletop/${name}`,
    (options) => Object.fromEntries(tasks.map((task) => [task, { env: tabletopEnv(task), options, shares }])),
    { description, options: tabletopOptions, speech },
  );

export const tabletopMt3 = family(
  'mt3',
  ['reach', 'push', 'pick-and-place'],
  'three tasks on a table: reach, push, pick and place',
);
export const tabletopMt10 = family('mt10', tabletopTasks, 'ten tasks on a table, in one scene');
export const tabletopPushLeftRight = family(
  'push-left-right',
  ['push-left', 'push-right'],
  'two tasks with opposed gradients: push an object to the left, or to the right',
);
