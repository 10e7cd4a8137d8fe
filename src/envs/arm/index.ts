// The arm family: reach, push, slide, and pick and place, on a six-axis arm in MuJoCo.
import { loadEngine } from '../../physics/engine.js';
import { withCamera } from '../camera.js';
import type { EnvDefinition } from '../env.js';
import { createGoalEnv } from '../goal-env.js';
import { type ArmOptions, type ArmTask, armOptions, armRules } from './rules.js';
import { scriptedController } from './scripted.js';
import { createArm } from './simulation.js';

const define = (task: ArmTask, description: string): EnvDefinition<ArmOptions> => ({
  name: `arm/${task}`,
  description,
  options: armOptions,
  rules: (options) => armRules(task, options),
  demonstrator: () => scriptedController(task),
  create: async (options) =>
    createGoalEnv(withCamera(createArm(await loadEngine(options.physics), task, options), options.camera)),
});

export const armReach = define('reach', 'bring the gripper of a six-axis arm to a point in the air');
export const armPush = define('push', 'push a block over the table to a place, gripper closed');
export const armSlide = define('slide', 'hit a puck so that it stops at a place out of reach');
export const armPickAndPlace = define('pick-and-place', 'grasp a block and bring it to a place on or above the table');
