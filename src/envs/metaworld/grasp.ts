// How well the fingers hold an object, as push, pick-place and peg-insert-side reward it.
import type { Episode, Moment } from './moment.js';
import { hamacher, hamacherSingle, longTail } from './tolerance.js';

/** A reward, and whether Python has computed it in float32: then what it is added to is float32 too. */
export interface Held {
  value: number;
  single: boolean;
}

/** How far beside the object the pads may be, in metres. */
interface Caging {
  /** The object's half width. */
  readonly radius: number;
  /** Up to here the pads count as beside the object. */
  readonly reach: number;
}

/** Distances in the x-z plane up to this one count as none. */
const aligned = 0.005;

const inPlane = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  const [x, z] = [a[0] - b[0], a[2] - b[2]];
  return Math.sqrt(x * x + z * z);
};

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

/** Of push and peg-insert-side: the pads' margins are those from where the object began. */
export function holdFromStart(now: Moment, start: Episode, effort: number, of: Caging, out: Held): void {
  const side = (pad: number) => {
    const margin = Math.abs(Math.abs(pad - start.object[1]) - of.reach);
    return longTail(Math.abs(pad - now.object[1]), of.radius, of.reach, margin);
  };
  const beside = hamacher(side(now.pads[0]), side(now.pads[1]));
  close(hamacher(beside, alongside(now, start)), effort, out);
}

/**
 * Of pick-place: the margins are from where the pads are now. Python means their places at the start, but holds views of
 * MuJoCo's data, which move on.
 */
export function holdPuck(now: Moment, start: Episode, effort: number, out: Held): void {
  const [radius, reach] = [0.015, 0.05];
  const [left, right] = now.pads;
  const y = now.object[1];
  const side = (beyond: number, pad: number) => longTail(beyond, radius, reach, Math.abs(Math.abs(y - pad) - reach));
  const beside = hamacher(side(left - y, left), side(y - right, right));
  close(hamacher(beside, alongside(now, start)), effort, out);
}
