// The observation of a Fetch task from quantities of the simulation, number by number as the Python code computes it.

/** What is read of the simulation. Positions in metres, velocities per second, all in world axes. */
export interface Quantities {
  readonly gripper: ArrayLike<number>;
  readonly gripperVelocity: ArrayLike<number>;
  /** Openings of right and left finger, and their velocities. */
  readonly fingers: ArrayLike<number>;
  readonly fingerVelocities: ArrayLike<number>;
  readonly object?: {
    readonly position: ArrayLike<number>;
    /** Row-major rotation matrix. */
    readonly rotation: ArrayLike<number>;
    readonly velocity: ArrayLike<number>;
    readonly angularVelocity: ArrayLike<number>;
  };
}

/** Control period in seconds: 20 physics steps of 2 ms. */
export const controlPeriod = 0.04;

/** Writes 10 numbers (without object) or 25, in the order of `observationNames`. */
export function writeObservation(now: Quantities, out: Float64Array): void {
  const { gripper, gripperVelocity, fingers, fingerVelocities, object } = now;
  let k = 0;
  for (let i = 0; i < 3; i++) out[k++] = gripper[i];
  if (object) {
    for (let i = 0; i < 3; i++) out[k++] = object.position[i];
    for (let i = 0; i < 3; i++) out[k++] = object.position[i] - gripper[i];
  }
  out[k++] = fingers[0];
  out[k++] = fingers[1];
  if (object) {
    writeEulerAngles(object.rotation, out, k);
    k += 3;
    for (let i = 0; i < 3; i++) out[k++] = object.velocity[i] * controlPeriod - gripperVelocity[i] * controlPeriod;
    for (let i = 0; i < 3; i++) out[k++] = object.angularVelocity[i] * controlPeriod;
  }
  for (let i = 0; i < 3; i++) out[k++] = gripperVelocity[i] * controlPeriod;
  out[k++] = fingerVelocities[0] * controlPeriod;
  out[k] = fingerVelocities[1] * controlPeriod;
}

/** Below this, cos(y) counts as zero and x and z turn about the same axis. */
const gimbalLock = 4 * Number.EPSILON;

/** Angles about x, y, z (radians; each about the axes that the turns before have left) of a row-major rotation matrix. */
export function writeEulerAngles(m: ArrayLike<number>, out: Float64Array, at: number): void {
  const cosY = Math.sqrt(m[8] * m[8] + m[5] * m[5]);
  const free = cosY > gimbalLock;
  out[at] = free ? -Math.atan2(m[5], m[8]) : 0;
  out[at + 1] = -Math.atan2(-m[2], cosY);
  out[at + 2] = free ? -Math.atan2(m[1], m[0]) : -Math.atan2(-m[3], m[4]);
}
