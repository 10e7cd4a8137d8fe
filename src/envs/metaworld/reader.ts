// Reads the places of a Meta-World task out of MuJoCo, without allocating.
import type { Physics } from '../../physics/physics.js';
import type { Moment } from './moment.js';
import { type MetaworldTask, type Part, taskSetups } from './tasks.js';

/** Boxes about the hole into which the peg's head must not go: for each the corner that counts 0 and the one that counts 1. */
const corners = [1, 2].flatMap((box) => [
  `bottom_right_corner_collision_box_${box}`,
  `top_left_corner_collision_box_${box}`,
]);

export interface Reader {
  /** Writes what MuJoCo has computed into the moment. */
  read(): void;
  /** A site's place, valid until MuJoCo is called again. */
  site(name: string): ArrayLike<number>;
}

export function createReader(physics: Physics, task: MetaworldTask, now: Moment): Reader {
  const setup = taskSetups[task];
  const places = { body: physics.array('xpos'), geom: physics.array('geom_xpos'), site: physics.array('site_xpos') };
  const turns = { geom: physics.array('geom_xmat'), site: physics.array('site_xmat') };
  const quaternions = physics.array('xquat');
  const qpos = physics.array('qpos');

  /** A function that writes the part's place. */
  function placeOf({ kind, name, offset = [0, 0, 0] }: Part): (out: Float64Array) => void {
    const at = 3 * physics.index(kind, name);
    const from = places[kind];
    return (out) => {
      const all = from();
      for (let i = 0; i < 3; i++) out[i] = all[at + i] + offset[i];
    };
  }

  /** A function that writes the turn that the observation shows. */
  function turnOf(part: TaskTurn): (out: Float64Array) => void {
    if (!part) return (out) => out.fill(0);
    const index = physics.index(part.kind, part.name);
    if (part.kind === 'body') {
      return (out) => {
        const all = quaternions();
        for (let i = 0; i < 4; i++) out[i] = all[4 * index + i];
      };
    }
    const from = turns[part.kind];
    return (out) => writeQuaternion(from(), 9 * index, out);
  }

  const body = (name: string) => placeOf({ kind: 'body', name });
  const site = (name: string) => placeOf({ kind: 'site', name });
  const hand = body('hand');
  const [rightClaw, leftClaw] = ['rightclaw', 'leftclaw'].map((name) => 3 * physics.index('body', name));
  const [leftPad, rightPad] = ['leftpad', 'rightpad'].map((name) => 3 * physics.index('body', name));
  const [rightTip, leftTip] = ['rightEndEffector', 'leftEndEffector'].map((name) => 3 * physics.index('site', name));
  const object = placeOf(setup.object);
  const objectTurn = turnOf(setup.turn);
  const { achieved } = setup;
  const other = typeof achieved === 'object' ? placeOf(achieved) : undefined;
  const cornerPlaces = task === 'peg-insert-side' ? corners.map(site) : [];
  const hinge = task === 'door-open' ? physics.jointAddress('doorjoint').qpos : undefined;

  return {
    read() {
      const bodies = places.body();
      const sites = places.site();
      hand(now.hand);
      for (let i = 0; i < 3; i++) now.fingers[i] = (sites[rightTip + i] + sites[leftTip + i]) / 2;
      now.pads[0] = bodies[leftPad + 1];
      now.pads[1] = bodies[rightPad + 1];
      let apart = 0;
      for (let i = 0; i < 3; i++) apart += (bodies[rightClaw + i] - bodies[leftClaw + i]) ** 2;
      now.opening = Math.min(Math.sqrt(apart) / 0.1, 1);
      object(now.object);
      objectTurn(now.turn);
      if (other) other(now.achieved);
      else now.achieved.set(achieved === 'fingers' ? now.fingers : now.object);
      for (let i = 0; i < cornerPlaces.length; i++) cornerPlaces[i](now.corners[i]);
      if (hinge !== undefined) now.angle = qpos()[hinge];
    },
    site(name) {
      const out = new Float64Array(3);
      site(name)(out);
      return out;
    },
  };
}

type TaskTurn = (typeof taskSetups)[MetaworldTask]['turn'];

/** The quaternion [x, y, z, w] of a row-major rotation matrix, by its largest part, as scipy does it (Shepperd, 1978). */
export function writeQuaternion(m: ArrayLike<number>, at: number, out: Float64Array): void {
  const trace = m[at] + m[at + 4] + m[at + 8];
  let largest = 3;
  let value = trace;
  for (let i = 2; i >= 0; i--) {
    if (m[at + 4 * i] < value) continue;
    largest = i;
    value = m[at + 4 * i];
  }
  if (largest === 3) {
    out[0] = m[at + 7] - m[at + 5];
    out[1] = m[at + 2] - m[at + 6];
    out[2] = m[at + 3] - m[at + 1];
    out[3] = 1 + trace;
  } else {
    const i = largest;
    const j = (i + 1) % 3;
    const k = (i + 2) % 3;
    out[i] = 1 - trace + 2 * m[at + 4 * i];
    out[j] = m[at + 3 * j + i] + m[at + 3 * i + j];
    out[k] = m[at + 3 * k + i] + m[at + 3 * i + k];
    out[3] = m[at + 3 * k + j] - m[at + 3 * j + k];
  }
  const length = Math.sqrt(out[0] ** 2 + out[1] ** 2 + out[2] ** 2 + out[3] ** 2);
  for (let i = 0; i < 4; i++) out[i] /= length;
}
