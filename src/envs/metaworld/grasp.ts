// How well the fingers hold an object, as push, pick-place and peg-insert-side reward it.
import type { Episode, Moment } from './moment.js';
import { hamacher, hamacherSingle, longTail } from './tolerance.js';

/** A reward, and whether Python has computed it in float32: then what it is added to is float32 too. */
export interface Held {
  value: number;
  single: boolean;
}

/** How far beside the object the pads may be, in metres. */
export interface Caging {
  /** The object's half width. */
  readonly radius: number;
  /** Up to here the pads count as beside the object. */
  readonly reach: number;
}

/** Distances in the x-z plane up to this one count as none. */
const aligned = 0.005;

function inPlane(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = a[0] - b[0];
  const z = a[2] - b[2];
  return Math.sqrt(x * x + z * z);
}

/** Fingers in front of the object, as x and z tell. */
const alongside = ({ fingers, object }: Moment, start: Episode): number =>
  longTail(inPlane(fingers, object), 0, aligned, inPlane(start.object, start.fingers) - aligned);

/**
 * Joins how well the object lies between the fingers with how hard they close (`effort`, float32), which counts once they
 * are right, and averages with the former. Only an effort that counts is float32 in Python, and up to 1: beyond, Python's
 * own number 1 takes its place.
 */
function close(caging: number, effort: number, out: Held): void {
  const gripping = caging > 0.97 ? Math.min(Math.max(effort, 0), 1) : 0;
  out.single = gripping > 0 && effort <= 1;
  const joined = (out.single ? hamacherSingle : hamacher)(caging, gripping);
  out.value = out.single ? Math.fround(joined + Math.fround(caging)) / 2 : (joined + caging) / 2;
}

/** How well a pad at y is beside the object, which began at `from`. */
function padFromStart(pad: number, object: number, from: number, { radius, reach }: Caging): number {
  return longTail(Math.abs(pad - object), radius, reach, Math.abs(Math.abs(pad - from) - reach));
}

/** Of push and peg-insert-side: the pads' margins are those from where the object began. */
export function holdFromStart(now: Moment, start: Episode, effort: number, caging: Caging, out: Held): void {
  const left = padFromStart(now.pads[0], now.object[1], start.object[1], caging);
  const right = padFromStart(now.pads[1], now.object[1], start.object[1], caging);
  close(hamacher(hamacher(left, right), alongside(now, start)), effort, out);
}

const puck: Caging = { radius: 0.015, reach: 0.05 };

/** How well a pad is beside the puck, from how far it is beyond its middle. */
const padNow = (beyond: number): number =>
  longTail(beyond, puck.radius, puck.reach, Math.abs(Math.abs(beyond) - puck.reach));

/**
 * Of pick-place: the margins are from where the pads are now. Python means their places at the start, but holds views of
 * MuJoCo's data, which move on.
 */
export function holdPuck(now: Moment, start: Episode, effort: number, out: Held): void {
  const left = padNow(now.pads[0] - now.object[1]);
  const right = padNow(now.object[1] - now.pads[1]);
  close(hamacher(hamacher(left, right), alongside(now, start)), effort, out);
}
