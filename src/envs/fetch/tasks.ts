// What tells the four Fetch tasks apart, with the numbers of Gymnasium-Robotics 1.4.2 (v4), and how episodes are drawn.
import type { Random } from '../../random.js';

export const fetchTasks = ['reach', 'push', 'slide', 'pick-and-place'] as const;
export type FetchTask = (typeof fetchTasks)[number];

/** The arguments of the Python classes, lengths in metres. */
export interface TaskSetup {
  /** The model's file in the assets. */
  readonly model: string;
  /** Where the robot's base is put: joints robot0:slide0 to slide2. */
  readonly base: readonly [number, number, number];
  /** Place and turn (quaternion) of the object; absent: there is none. */
  readonly object?: readonly number[];
  /** Whether the gripper stays closed; otherwise the action's last number moves its fingers. */
  readonly blockGripper: boolean;
  /** Height of the gripper's start above the lowest. */
  readonly gripperExtraHeight: number;
  /** Half of the goals lie up to 0.45 above the table. */
  readonly targetInTheAir: boolean;
  /** The middle of the goals, from the gripper's start along x. */
  readonly targetOffset: number;
  /** Half width of the square in which the object starts. */
  readonly objectRange: number;
  /** Half width of the square, in `reach` of the cube, in which goals lie. */
  readonly targetRange: number;
}

const block = [1.25, 0.53, 0.4, 1, 0, 0, 0];
const puck = [1.7, 1.1, 0.41, 1, 0, 0, 0];

export const taskSetups: Readonly<Record<FetchTask, TaskSetup>> = {
  reach: {
    model: 'fetch/reach.xml',
    base: [0.4049, 0.48, 0],
    blockGripper: true,
    gripperExtraHeight: 0.2,
    targetInTheAir: true,
    targetOffset: 0,
    objectRange: 0.15,
    targetRange: 0.15,
  },
  push: {
    model: 'fetch/push.xml',
    base: [0.405, 0.48, 0],
    object: block,
    blockGripper: true,
    gripperExtraHeight: 0,
    targetInTheAir: false,
    targetOffset: 0,
    objectRange: 0.15,
    targetRange: 0.15,
  },
  slide: {
    model: 'fetch/slide.xml',
    base: [0.05, 0.48, 0],
    object: puck,
    blockGripper: true,
    gripperExtraHeight: -0.02,
    targetInTheAir: false,
    targetOffset: 0.4,
    objectRange: 0.1,
    targetRange: 0.3,
  },
  'pick-and-place': {
    model: 'fetch/pick_and_place.xml',
    base: [0.405, 0.48, 0],
    object: block,
    blockGripper: false,
    gripperExtraHeight: 0.2,
    targetInTheAir: true,
    targetOffset: 0,
    objectRange: 0.15,
    targetRange: 0.15,
  },
};

const between = (random: Random, range: number) => range * (2 * random.uniform() - 1);

/** Draws the object's place (x, y): in the square about the gripper's start, at least 0.1 m from it. */
export function drawObject(random: Random, { objectRange }: TaskSetup, gripper: ArrayLike<number>, out: Float64Array) {
  do {
    out[0] = gripper[0] + between(random, objectRange);
    out[1] = gripper[1] + between(random, objectRange);
  } while (Math.hypot(out[0] - gripper[0], out[1] - gripper[1]) < 0.1);
}

/** Draws a goal, given the gripper's start and the height at which the object lies on the table. */
export function drawGoal(
  random: Random,
  setup: TaskSetup,
  gripper: ArrayLike<number>,
  objectHeight: number,
  out: Float64Array | Float32Array,
): void {
  const { object, targetRange, targetOffset, targetInTheAir } = setup;
  for (let i = 0; i < 3; i++) out[i] = gripper[i] + between(random, targetRange);
  if (!object) return;
  out[0] += targetOffset;
  const inTheAir = targetInTheAir && random.uniform() < 0.5;
  out[2] = objectHeight + (inTheAir ? 0.45 * random.uniform() : 0);
}
