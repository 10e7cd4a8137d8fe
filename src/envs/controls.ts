// How a person steers an environment by hand: what it declares of its actions, which views could only guess.

/** A number of a box action that moves what is steered along an axis of the scene. */
export interface AxisControl {
  /** Its place in the action. */
  readonly number: number;
  /**
   * How far along the axis, in the scene's units, an action of 1 is meant to lead: places nearer than that are gone to in
   * one step. Negative: actions point against the axis.
   */
  readonly reach: number;
}

/** Names of the ways in which a choice can lead, for keys. */
export const ways = ['left', 'right', 'up', 'down', 'stay'] as const;
export type Way = (typeof ways)[number];

/** Of the present moment, as a family's tasks are steered each in their own way. */
export interface Controls {
  /** Seconds of the world that a step takes; absent: there is no real time, and views choose a pace. */
  readonly period?: number;
  /** Of a box action: what moves along the scene's axes, x, y and z, as many as there are; null: that axis is not steered. */
  readonly move?: readonly (AxisControl | null)[];
  /** Where what `move` moves is now, for pointing at where it shall go; absent: it can be steered by keys only. */
  readonly place?: readonly number[];
  /** Of a box action: the number that opens and closes a gripper, and what opens it; minus that closes it. */
  readonly grip?: { readonly number: number; readonly open: number };
  /** Whether the gripper is open when an episode begins; absent: closed. */
  readonly startsOpen?: boolean;
  /** Of a discrete action: the choice that leads each way. */
  readonly choices?: Readonly<Partial<Record<Way, number>>>;
}

/** Controls that move along the first axes, each by the action's number of the same place, by this much for an action of 1. */
export const moveAlong = (axes: number, reach: number): AxisControl[] =>
  Array.from({ length: axes }, (_, number) => ({ number, reach }));
