// The tabletop family: ten tasks of one scene, for the six-axis arm in MuJoCo.
import { loadEngine } from '../../physics/engine.js';
import { withCamera } from '../camera.js';
import type { EnvDefinition } from '../env.js';
import { createGoalEnv } from '../goal-env.js';
import { tabletopInstructions } from './instructions.js';
import { type TabletopOptions, tabletopOptions, tabletopRules } from './rules.js';
import { scriptedController } from './scripted/index.js';
import { createTabletop } from './simulation.js';
import { drawAgain, drawTask, type TabletopTask, taskFacts } from './tasks.js';

/** One task as an environment of its own, `tabletop/NAME`. */
export const tabletopEnv = (task: TabletopTask): EnvDefinition<TabletopOptions> => ({
  name: `tabletop/${task}`,
  description: taskFacts[task].description,
  options: tabletopOptions,
  rules: (options) => tabletopRules(task, options),
  demonstrator: () => scriptedController(task),
  instructions: tabletopInstructions(task),
  create: async (options) =>
    createGoalEnv(
      withCamera(
        createTabletop(await loadEngine(options.physics), {
          rules: tabletopRules(task, options),
          goalMarker: options.goalMarker,
          draw: (random, start, goal) => drawTask(task, random, start, goal),
          drawAgain: (random, start, goal) => drawAgain(task, random, start, goal),
        }),
        options.camera,
      ),
    ),
});

export { type TabletopOptions, tabletopOptions } from './rules.js';
export { type TabletopTask, tabletopTasks } from './tasks.js';
