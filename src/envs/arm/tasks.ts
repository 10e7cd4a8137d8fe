// Where the arm's episodes begin and what their goals are, sampled as Gymnasium-Robotics' Fetch tasks do.
import type { Random } from '../../random.js';
import { geometry } from './kinematics.js';
import { type ArmObject, objectHalfHeight } from './model.js';
import type { ArmTask } from './rules.js';

export interface TaskSetup {
  readonly object: ArmObject;
  /** Where the gripper starts, in metres. */
  readonly home: readonly [number, number, number];
  /** Where the gripper may go. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Whether the action's last number opens and closes the gripper; otherwise it stays closed. */
  readonly gripper: boolean;
  /** Half width of the square around `home` in which the object starts, at least 0.1 m away from the gripper. */
  readonly objectRange: number;
  /** Draws a goal, in metres. */
  drawGoal(random: Random, goal: Float32Array): void;
}

const { table } = geometry;
const around = (random: Random, centre: number, range: number) => centre + range * (2 * random.uniform() - 1);

function setup(
  object: ArmObject,
  home: [number, number, number],
  rest: Omit<TaskSetup, 'object' | 'home' | 'low' | 'high'>,
) {
  return {
    object,
    home,
    low: [home[0] - 0.22, -0.25, table + 0.02],
    high: [home[0] + 0.2, 0.25, table + 0.5],
    ...rest,
  };
}

export function taskSetup(task: ArmTask): TaskSetup {
  switch (task) {
    case 'reach': {
      const home: [number, number, number] = [0.55, 0, table + 0.2];
      return setup('none', home, {
        gripper: false,
        objectRange: 0,
        drawGoal(random, goal) {
          for (let i = 0; i < 3; i++) goal[i] = around(random, home[i], 0.15);
        },
      });
    }
    case 'push':
      return setup('block', [0.55, 0, table + 0.025], {
        gripper: false,
        objectRange: 0.15,
        drawGoal: (random, goal) => drawOnTable(random, goal, 'block', 0.55, 0.15, 0.15),
      });
    case 'slide':
      return setup('puck', [0.48, 0, table + 0.02], {
        gripper: false,
        objectRange: 0.1,
        // From 0.78 m on: the gripper cannot go beyond 0.68 m, so the puck has to be sent there.
        drawGoal: (random, goal) => drawOnTable(random, goal, 'puck', 0.98, 0.2, 0.25),
      });
    case 'pick-and-place':
      return setup('block', [0.55, 0, table + 0.2], {
        gripper: true,
        objectRange: 0.15,
        drawGoal(random, goal) {
          drawOnTable(random, goal, 'block', 0.55, 0.15, 0.15);
          // Half of the goals are in the air: from the table alone, lifting would never be learned.
          if (random.uniform() < 0.5) goal[2] += 0.45 * random.uniform();
        },
      });
  }
}

function drawOnTable(
  random: Random,
  goal: Float32Array,
  object: Exclude<ArmObject, 'none'>,
  x: number,
  xRange: number,
  yRange: number,
): void {
  goal[0] = around(random, x, xRange);
  goal[1] = around(random, 0, yRange);
  goal[2] = table + objectHalfHeight[object];
}
