// How an episode of each Meta-World task begins: what is put where, in the order in which Python does it. That order
// shows: what is moved without MuJoCo computing anew is seen, and rewarded, where it was before.
import type { Episode, Moment } from './moment.js';
import type { MetaworldTask } from './tasks.js';

/** What beginning an episode needs of the simulation. */
export interface Stage {
  readonly now: Moment;
  readonly start: Episode;
  /** Reads what MuJoCo has computed into `now`. */
  look(): void;
  /** Puts the free object to [x, y, z], at rest, and computes anew. */
  placeObject(place: ArrayLike<number>): void;
  /** Sets the fixture's joint (rad or m). */
  setJoint(value: number): void;
  /** The same, at rest. */
  holdJoint(value: number): void;
  compute(): void;
  site(name: string): ArrayLike<number>;
}

/** Writes target and start; `vector` is what was drawn. The fixture stands already where it says. */
type Begin = (stage: Stage, vector: Float64Array) => void;

const puckInTheAir: Begin = ({ start, placeObject }, vector) => {
  start.object.set(vector.subarray(0, 3));
  start.target.set(vector.subarray(3, 6));
  placeObject(start.object);
};

/** The target, shifted from where the fixture is. */
const from = (start: Episode, vector: Float64Array, x: number, y: number, z: number): void => {
  start.object.set(vector.subarray(0, 3));
  start.target[0] = vector[0] + x;
  start.target[1] = vector[1] + y;
  start.target[2] = vector[2] + z;
};

/** Where fixtures stand, as a body of the model, and from which number of the vector on; absent: there is none. */
export const fixtures: Readonly<Partial<Record<MetaworldTask, readonly [body: string, at: number]>>> = {
  'door-open': ['door', 0],
  'drawer-open': ['drawer', 0],
  'drawer-close': ['drawer', 0],
  'button-press-topdown': ['box', 0],
  'peg-insert-side': ['box', 3],
  'window-open': ['window', 0],
  'window-close': ['window', 0],
};

export const starts: Readonly<Record<MetaworldTask, Begin>> = {
  reach: puckInTheAir,
  'pick-place': puckInTheAir,
  push({ now, start, placeObject }, vector) {
    // On the table, as high as the puck has come to lie.
    const height = now.object[2];
    start.object.set([vector[0], vector[1], height]);
    start.target.set([vector[3], vector[4], height]);
    placeObject(start.object);
  },
  'door-open'({ start, holdJoint, compute }, vector) {
    from(start, vector, -0.3, -0.45, 0);
    holdJoint(0);
    compute();
  },
  'drawer-open'({ start }, vector) {
    from(start, vector, 0, -0.16 - 0.2, 0.09);
  },
  'drawer-close'({ now, start, setJoint, compute, look }, vector) {
    from(start, vector, 0, -0.16, 0.09);
    setJoint(-0.15);
    compute();
    look();
    start.object.set(now.object);
  },
  'button-press-topdown'({ start, compute, site }, vector) {
    start.object.set(vector.subarray(0, 3));
    compute();
    start.target.set(Float64Array.from(site('hole')));
    start.other[0] = Math.abs(start.target[2] - site('buttonStart')[2]);
  },
  'peg-insert-side'({ now, start, placeObject }, vector) {
    start.other.set(now.achieved);
    from(start, vector.subarray(3), 0.03, 0, 0.13);
    start.object.set(vector.subarray(0, 3));
    placeObject(start.object);
  },
  'window-open'({ now, start, setJoint }, vector) {
    from(start, vector, 0.2, 0, 0);
    start.other.set(now.object);
    setJoint(0);
  },
  'window-close'({ now, start, setJoint }, vector) {
    from(start, vector, 0, 0, 0);
    start.other.set(now.object);
    start.other[0] += 0.2;
    setJoint(0.2);
  },
};
