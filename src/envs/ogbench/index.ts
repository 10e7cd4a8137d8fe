// The OGBench family: its point mazes, equal to Python's, and who made its data sets in them.
import { loadMujoco } from '../../physics/engine.js';
import type { EnvDefinition } from '../env.js';
import { createGoalEnv } from '../goal-env.js';
import { dataPolicies, solver } from './controllers.js';
import { mazeOf, type OgbenchMaze } from './mazes.js';
import { type PointmazeOptions, pointmazeOptions, pointmazeRules } from './rules.js';
import { createPointmaze } from './simulation.js';

/** `steps`: of the episodes of OGBench's `navigate` data, of which the last action leads nowhere. */
const define = (maze: OgbenchMaze, description: string, steps = 1000): EnvDefinition<PointmazeOptions> => ({
  name: `ogbench/pointmaze-${maze}`,
  description,
  options: pointmazeOptions,
  rules: (options) => pointmazeRules(maze, options),
  demonstrator: () => solver(mazeOf(maze)),
  dataPolicies: dataPolicies(mazeOf(maze), steps),
  dataColumns: { achieved: 'observation' },
  create: async (options) => createGoalEnv(createPointmaze(await loadMujoco(), maze, options)),
});

export const pointmazeMedium = define(
  'medium',
  'pointmaze-medium-v0: roll a ball through a maze of 26 cells to a goal',
);
export const pointmazeLarge = define('large', 'pointmaze-large-v0: roll a ball through a maze of 46 cells to a goal');
export const pointmazeGiant = define(
  'giant',
  'pointmaze-giant-v0: roll a ball through a maze of 86 cells to a goal',
  2000,
);
export const pointmazeTeleport = define(
  'teleport',
  'pointmaze-teleport-v0: the same with places from which it is moved to others at random',
);
