// What the numbers of the tabletop's observations, achievements and goals are; the same in all of its tasks.

import type { GoalRelations } from '../../relations.js';
import { type Box, box } from '../space.js';
import { shapeNames } from './layout.js';

const axes = (prefix: string) => ['x', 'y', 'z'].map((axis) => `${prefix}-${axis}`);

/** Where each part of an observation begins. Velocities are per control step of 0.04 s. */
export const seen = {
  gripper: 0,
  fingers: 3,
  gripperVelocity: 5,
  fingerVelocities: 8,
  /** Of the first object; see `seenOfObject`. */
  objects: 10,
  objectSize: 17,
  /** Depth of the button (m), opening of the drawer (m), angle of the dial (rad), place of the hook's handle (x, y, m). */
  fixtures: 44,
  fixtureVelocities: 49,
  size: 54,
} as const;

/** Where each part begins within an object's numbers. Shapes are one-hot, colours red, green, blue. */
export const seenOfObject = {
  position: 0,
  relative: 3,
  velocity: 6,
  /** Turn about the vertical, and its change per control step (rad). */
  yaw: 9,
  yawVelocity: 10,
  shape: 11,
  colour: 14,
} as const;

const objectColumns = (name: string) => [
  ...axes(name),
  ...axes(`${name}-relative`),
  ...axes(`${name}-velocity`),
  `${name}-yaw`,
  `${name}-yaw-velocity`,
  ...shapeNames.map((shape) => `${name}-is-${shape}`),
  ...['red', 'green', 'blue'].map((part) => `${name}-${part}`),
];
const fixtures = ['button', 'drawer', 'dial', 'hook-x', 'hook-y'];

export const observationBox: Box = box(seen.size, -Infinity, Infinity, [
  ...axes('gripper'),
  'left-finger',
  'right-finger',
  ...axes('gripper-velocity'),
  'left-finger-velocity',
  'right-finger-velocity',
  ...objectColumns('object-1'),
  ...objectColumns('object-2'),
  ...fixtures,
  ...fixtures.map((name) => `${name}-velocity`),
]);

/** What goals can be about: a group of numbers, each with the metres that one unit of it counts. */
export const groups = {
  gripper: { at: 0, size: 3, metres: 1 },
  'object-1': { at: 3, size: 3, metres: 1 },
  'object-2': { at: 6, size: 3, metres: 1 },
  button: { at: 9, size: 1, metres: 5 },
  drawer: { at: 10, size: 1, metres: 1 },
  dial: { at: 11, size: 1, metres: 0.2 },
} as const;
export type GroupName = keyof typeof groups;
export const groupNames = Object.keys(groups) as GroupName[];

/** Numbers of a scene that goals can be about. */
export const valueCount = 12;
const valueNames = [...axes('gripper'), ...axes('object-1'), ...axes('object-2'), 'button', 'drawer', 'dial'];

/** The values, then 0 or 1: which object the episode is about. */
export const targetColumn = valueCount;
export const achievedBox: Box = {
  ...box(valueCount + 1, [...new Array(valueCount).fill(-Infinity), 0], [...new Array(valueCount).fill(Infinity), 1]),
  names: [...valueNames, 'target'],
};

/** The values wanted (0 where they do not matter), then for each group 1 where it matters, else 0. */
export const goalBox: Box = {
  ...box(
    valueCount + groupNames.length,
    [...new Array(valueCount).fill(-Infinity), ...groupNames.map(() => 0)],
    [...new Array(valueCount).fill(Infinity), ...groupNames.map(() => 1)],
  ),
  names: [...valueNames, ...groupNames.map((name) => `wants-${name}`)],
};

/** Where a goal says whether the group matters. */
export const wantsColumn = (group: GroupName): number => valueCount + groupNames.indexOf(group);
/** Whether a goal is about the group. */
export const wants = (goal: ArrayLike<number>, group: GroupName): boolean => goal[wantsColumn(group)] > 0.5;

const objectAt = (object: 0 | 1) => seen.objects + object * seen.objectSize;
const seenOfGroup: Readonly<Record<GroupName, number>> = {
  gripper: seen.gripper,
  'object-1': objectAt(0) + seenOfObject.position,
  'object-2': objectAt(1) + seenOfObject.position,
  button: seen.fixtures,
  drawer: seen.fixtures + 1,
  dial: seen.fixtures + 2,
};

/** Where observations say how the numbers of a goal are now, and which object it is about. */
export const relations: GoalRelations = {
  groups: groupNames.map((name) => ({
    goal: groups[name].at,
    observation: seenOfGroup[name],
    size: groups[name].size,
    counts: wantsColumn(name),
  })),
  things: {
    size: seen.objectSize,
    each: [
      { observation: objectAt(0), counts: wantsColumn('object-1') },
      { observation: objectAt(1), counts: wantsColumn('object-2') },
    ],
  },
};
