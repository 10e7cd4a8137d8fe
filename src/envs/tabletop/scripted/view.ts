// What the scripted controllers read of an observation and a goal, and the movements that they share.
import { groups, seen, seenOfObject, wants } from '../columns.js';
import { hook, shapeNames, shapes } from '../layout.js';

/** Displacement of a full action, in metres per step. */
export const fullStep = 0.04;
export const controlPeriod = 0.04;

export interface View {
  /** Gripper. */
  readonly g: Float64Array;
  /** Mean distance of the fingers from the middle. */
  opening: number;
  /** The object that the goal is about (the first one where it is about none). */
  readonly object: Float64Array;
  /** Its velocity, in m/s. */
  readonly velocity: Float64Array;
  /** Its half lengths. */
  half: readonly number[];
  /** Where it shall be. */
  readonly wanted: Float64Array;
  drawer: number;
  dial: number;
  /** Place of the hook's handle. */
  readonly hook: Float64Array;
  goal: ArrayLike<number>;
}

export const createView = (): View => ({
  g: new Float64Array(3),
  opening: 0,
  object: new Float64Array(3),
  velocity: new Float64Array(3),
  half: shapes.cube,
  wanted: new Float64Array(3),
  drawer: 0,
  dial: 0,
  hook: new Float64Array(3),
  goal: [],
});

/** Reads the present moment into `view`. */
export function look(view: View, o: ArrayLike<number>, goal: ArrayLike<number>): void {
  const second = wants(goal, 'object-2');
  const at = seen.objects + (second ? seen.objectSize : 0);
  const wanted = groups[second ? 'object-2' : 'object-1'].at;
  for (let j = 0; j < 3; j++) {
    view.g[j] = o[seen.gripper + j];
    view.object[j] = o[at + seenOfObject.position + j];
    view.velocity[j] = o[at + seenOfObject.velocity + j] / controlPeriod;
    view.wanted[j] = goal[wanted + j];
    if (o[at + seenOfObject.shape + j] > 0.5) view.half = shapes[shapeNames[j]];
  }
  view.opening = (o[seen.fingers] + o[seen.fingers + 1]) / 2;
  view.drawer = o[seen.fixtures + 1];
  view.dial = o[seen.fixtures + 2];
  view.hook[0] = o[seen.fixtures + 3];
  view.hook[1] = o[seen.fixtures + 4];
  view.hook[2] = hook.height;
  view.goal = goal;
}

/** Chooses the action of a moment. */
export type Control = (view: View, action: Float32Array) => void;

/** Sets the action that moves the gripper to a place. */
export function moveTo({ g }: View, x: number, y: number, z: number, action: Float32Array): void {
  action[0] = (x - g[0]) / fullStep;
  action[1] = (y - g[1]) / fullStep;
  action[2] = (z - g[2]) / fullStep;
}

/**
 * Goes over a place at height `above`, then down to `z`. True once the gripper is within `near` of the place in x and y and
 * within 8 mm of `z`.
 */
export function comeDown(
  view: View,
  x: number,
  y: number,
  z: number,
  above: number,
  near: number,
  action: Float32Array,
): boolean {
  const aside = Math.hypot(x - view.g[0], y - view.g[1]);
  const low = view.g[2] < above - 0.015;
  // Far aside it goes up first where it stands; on the way down it may stray a little.
  if (aside > 0.04 && low) moveTo(view, view.g[0], view.g[1], above, action);
  else moveTo(view, x, y, aside < (low ? 1.6 * near : near) ? z : above, action);
  return aside < near && Math.abs(view.g[2] - z) < 0.008;
}

/** Goes to a thing with open fingers and closes them on its half width. True once it is held. */
export function grasp(
  view: View,
  x: number,
  y: number,
  z: number,
  halfWidth: number,
  above: number,
  action: Float32Array,
): boolean {
  const aside = Math.hypot(x - view.g[0], y - view.g[1]);
  if (aside < 0.02 && Math.abs(view.g[2] - z) < 0.02 && view.opening < halfWidth + 0.002) {
    action[3] = -1;
    return true;
  }
  const there = comeDown(view, x, y, z, above, 0.01, action);
  action[3] = there ? -1 : 1;
  return false;
}
