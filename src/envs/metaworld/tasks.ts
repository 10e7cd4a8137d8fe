// What tells the ten tasks apart, with the numbers of Meta-World 3.1.1 (v3 environments), and how episodes are drawn.
import type { Random } from '../../random.js';

export const metaworldTasks = [
  ...(['reach', 'push', 'pick-place', 'door-open', 'drawer-open', 'drawer-close'] as const),
  ...(['button-press-topdown', 'peg-insert-side', 'window-open', 'window-close'] as const),
] as const;
export type MetaworldTask = (typeof metaworldTasks)[number];

/** A place in the model: of a body, geom or site, shifted by a fixed offset in metres. */
export interface Part {
  readonly kind: 'body' | 'geom' | 'site';
  readonly name: string;
  readonly offset?: readonly [number, number, number];
}

/** When a task is a success: the weighted distance of the achieved place from the target is at most `tolerance` (m). */
export interface Success {
  readonly tolerance: number;
  /** Of the axes; 1 where absent. */
  readonly weights?: readonly [number, number, number];
}

export interface TaskSetup {
  /** One line for lists of environments. */
  readonly description: string;
  /** The model's file in the assets. */
  readonly model: string;
  /** Where the hand begins, in metres. */
  readonly hand: readonly [number, number, number];
  /** The place that the observation shows. */
  readonly object: Part;
  /**
   * Which turn it shows: of a matrix, as a quaternion [x, y, z, w], of a body, as MuJoCo's [w, x, y, z], or zeros where
   * absent. Both orders are Meta-World's.
   */
  readonly turn?: Pick<Part, 'kind' | 'name'>;
  /** What the target is for: the middle between the fingers, the shown object, or another part of it. */
  readonly achieved: 'fingers' | 'object' | Part;
  readonly success: Success;
  /** Whether the shown object is a geom that takes no part in the physics. */
  readonly showsLooks?: boolean;
  /** Smallest and largest vector that an episode begins with: [object, goal] or [fixture], three numbers each. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Object and goal closer together than this in the plane are drawn anew. */
  readonly apart?: number;
  /** The box that observations clip the target to. */
  readonly goals: readonly [low: readonly number[], high: readonly number[]];
}

/** Where the mocap body may be, and with it the targets of most tasks. */
export const handLow = [-0.5, 0.4, 0.05];
export const handHigh = [0.5, 1, 0.5];
const anywhere = [handLow, handHigh] as const;

/** Some starts are float32 in Python. */
const single = (...place: [number, number, number]) => place.map(Math.fround) as [number, number, number];

const puck = { object: { kind: 'body', name: 'obj' }, turn: { kind: 'geom', name: 'objGeom' } } as const;
const drawer = (height: number) =>
  ({
    model: 'sawyer_xyz/sawyer_drawer.xml',
    hand: single(0, 0.6, 0.2),
    object: { kind: 'body', name: 'drawer_link', offset: [0, -0.16, height] },
    achieved: 'object',
    from: [-0.1, 0.9, 0],
    to: [0.1, 0.9, 0],
    goals: anywhere,
  }) as const;
const window = (handle: string) =>
  ({
    model: 'sawyer_xyz/sawyer_window_horizontal.xml',
    hand: single(0, 0.4, 0.2),
    object: { kind: 'site', name: handle },
    achieved: 'object',
    success: { tolerance: 0.05, weights: [1, 0, 0] },
    goals: anywhere,
  }) as const;

export const taskSetups: Readonly<Record<MetaworldTask, TaskSetup>> = {
  reach: {
    description: 'bring the gripper of the Sawyer robot to a point in the air',
    model: 'sawyer_xyz/sawyer_reach_v3.xml',
    hand: [0, 0.6, 0.2],
    ...puck,
    achieved: 'fingers',
    success: { tolerance: 0.05 },
    from: [-0.1, 0.6, 0.02, -0.1, 0.8, 0.05],
    to: [0.1, 0.7, 0.02, 0.1, 0.9, 0.3],
    apart: 0.15,
    goals: [
      [-0.1, 0.8, 0.05],
      [0.1, 0.9, 0.3],
    ],
  },
  push: {
    description: 'push a puck over the table to a place',
    model: 'sawyer_xyz/sawyer_push_v3.xml',
    hand: [0, 0.6, 0.2],
    ...puck,
    achieved: 'object',
    success: { tolerance: 0.05 },
    from: [-0.1, 0.6, 0.02, -0.1, 0.8, 0.01],
    to: [0.1, 0.7, 0.02, 0.1, 0.9, 0.02],
    apart: 0.15,
    goals: [
      [-0.1, 0.8, 0.01],
      [0.1, 0.9, 0.02],
    ],
  },
  'pick-place': {
    description: 'grasp a puck and bring it to a place in the air',
    model: 'sawyer_xyz/sawyer_pick_place_v3.xml',
    hand: [0, 0.6, 0.2],
    ...puck,
    achieved: 'object',
    success: { tolerance: 0.07 },
    from: [-0.1, 0.6, 0.02, -0.1, 0.8, 0.05],
    to: [0.1, 0.7, 0.02, 0.1, 0.9, 0.3],
    apart: 0.15,
    goals: [
      [-0.1, 0.8, 0.05],
      [0.1, 0.9, 0.3],
    ],
  },
  'door-open': {
    description: 'open a door by its handle',
    model: 'sawyer_xyz/sawyer_door_pull.xml',
    hand: [0, 0.6, 0.2],
    object: { kind: 'geom', name: 'handle' },
    showsLooks: true,
    turn: { kind: 'geom', name: 'handle' },
    achieved: 'object',
    success: { tolerance: 0.08, weights: [1, 0, 0] },
    from: [0, 0.85, 0.15],
    to: [0.1, 0.95, 0.15],
    goals: [
      [-0.3, 0.4, 0.1499],
      [-0.2, 0.5, 0.1501],
    ],
  },
  'drawer-open': {
    description: 'pull a drawer open by its handle',
    ...drawer(0),
    turn: { kind: 'body', name: 'drawer_link' },
    success: { tolerance: 0.03 },
  },
  'drawer-close': {
    description: 'push a drawer shut',
    ...drawer(0.05),
    success: { tolerance: 0.05 + 0.015 },
  },
  'button-press-topdown': {
    description: 'press a button from above',
    model: 'sawyer_xyz/sawyer_button_press_topdown.xml',
    hand: single(0, 0.4, 0.2),
    object: { kind: 'body', name: 'button', offset: [0, 0, 0.193] },
    turn: { kind: 'body', name: 'button' },
    achieved: 'object',
    success: { tolerance: 0.024, weights: [0, 0, 1] },
    from: [-0.1, 0.8, 0.115],
    to: [0.1, 0.9, 0.115],
    goals: anywhere,
  },
  'peg-insert-side': {
    description: 'grasp a peg and put it into a hole from the side',
    model: 'sawyer_xyz/sawyer_peg_insertion_side.xml',
    hand: [0, 0.6, 0.2],
    object: { kind: 'site', name: 'pegGrasp' },
    turn: { kind: 'site', name: 'pegGrasp' },
    achieved: { kind: 'site', name: 'pegHead' },
    success: { tolerance: 0.07, weights: [1, 2, 2] },
    from: [0, 0.5, 0.02, -0.35, 0.4, -0.001],
    to: [0.2, 0.7, 0.02, -0.25, 0.7, 0.001],
    apart: 0.1,
    goals: [
      [-0.35 + 0.03, 0.4, -0.001 + 0.13],
      [-0.25 + 0.03, 0.7, 0.001 + 0.13],
    ],
  },
  'window-open': {
    description: 'push a window open by its handle',
    ...window('handleOpenStart'),
    from: [-0.1, 0.7, 0.16],
    to: [0.1, 0.9, 0.16],
  },
  'window-close': {
    description: 'push a window shut by its handle',
    ...window('handleCloseStart'),
    from: [0, 0.75, 0.2],
    to: [0, 0.9, 0.2],
  },
};

/** Draws what an episode begins with, uniformly between the setup's bounds. */
export function drawStart(random: Random, { from, to, apart = 0 }: TaskSetup, out: Float64Array): void {
  do {
    for (let i = 0; i < from.length; i++) out[i] = from[i] + (to[i] - from[i]) * random.uniform();
  } while (apart > 0 && Math.hypot(out[0] - out[3], out[1] - out[4]) < apart);
}
