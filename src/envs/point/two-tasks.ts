// point/two-tasks: the point's task and the same with its actions turned round, as one family.
import type { EnvDefinition } from '../env.js';
import { taskFamily } from '../families/task-family.js';
import { createGoalEnv } from '../goal-env.js';
import { createPoint, type PointOptions, pointOptions, pointReach, pointRules } from './reach.js';

/** Other dynamics: each action moves the point the other way. */
const turnedRound: EnvDefinition<PointOptions> = {
  name: 'point/turned-round',
  description: 'move a point whose actions are turned round to a goal',
  options: pointOptions,
  rules: pointRules,
  create: (options) => createGoalEnv(createPoint(options, { direction: -1 })),
};

/** A policy that does not know its task can solve only one of them. */
export const pointTwoTasks = taskFamily<PointOptions>(
  'point/two-tasks',
  (options) => ({
    reach: { env: pointReach, options, shares: ['S', 'A', 'r', 'p0'] },
    'turned-round': { env: turnedRound, options, shares: ['S', 'A', 'r', 'p0'] },
  }),
  {
    description: 'two tasks in one: move a point to a goal, with actions as they are and turned round',
    options: pointOptions,
  },
);
