// The places of the last steps of a panel.
import { TRAIL } from './view.js';

export interface Trail {
  /** [point, 3], oldest first. */
  readonly points: Float32Array;
  length: number;
}

export const createTrail = (): Trail => ({ points: new Float32Array(3 * TRAIL), length: 0 });

/** Adds a place unless it is where the last one was; the oldest ones go. */
export function extend(trail: Trail, [x, y, z = 0]: readonly number[]): void {
  const { points } = trail;
  const last = 3 * (trail.length - 1);
  if (
    last >= 0 &&
    points[last] === Math.fround(x) &&
    points[last + 1] === Math.fround(y) &&
    points[last + 2] === Math.fround(z)
  )
    return;
  if (trail.length === TRAIL) {
    points.copyWithin(0, 3);
    trail.length--;
  }
  points.set([x, y, z], 3 * trail.length++);
}
