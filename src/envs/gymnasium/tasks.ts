// What sets Gymnasium's MuJoCo tasks apart (version 5 of each): model, spaces, start, what is observed, reward and end.
import type { Random } from '../../random.js';

/** A body's place, [x, y, z] in metres, as MuJoCo's last call left it. */
export type Place = ArrayLike<number>;

/** What a task reads of the simulation after a step. */
export interface Moment {
  readonly qpos: Float64Array;
  readonly qvel: Float64Array;
  /** Places of the bodies that the task names, in its order. */
  readonly places: readonly Place[];
  /** Contact forces and torques on each body, six numbers each; of tasks that ask for them. */
  readonly contactForces: Float64Array;
  /** How fast the task's `forward` number grew over the step, per second; 0 where it has none. */
  readonly speed: number;
}

export interface TaskSetup {
  readonly description: string;
  /** Gymnasium's name, such as `Hopper-v5`. */
  readonly id: string;
  readonly model: string;
  /** Physics steps per action. */
  readonly frameSkip: number;
  readonly maxEpisodeSteps: number;
  /** Largest absolute number of an action, and what each drives. */
  readonly actionBound: number;
  readonly actions: readonly string[];
  /** Names of the observed numbers. */
  readonly observed: readonly string[];
  /** Bounds of the reward. */
  readonly rewardRange: readonly [number, number];
  /** Bodies whose places are read. */
  readonly bodies: readonly string[];
  readonly readsContacts?: true;
  /** Changes the model's own start into a random one. */
  start(random: Random, qpos: Float64Array, qvel: Float64Array): void;
  observe(now: Moment, out: Float64Array): void;
  /** What shall grow, such as the torso's x. */
  forward?(now: Moment): number;
  reward(now: Moment, action: ArrayLike<number>): number;
  /** Whether the episode ends here. Absent: only its time limit ends it. */
  ends?(now: Moment): boolean;
  /** The same of what is observed, for models of the world; of the hopper, whose observed speeds are clipped, nearly. */
  endsAt?(observation: ArrayLike<number>): boolean;
}

const axes = ['x', 'y', 'z'];
const named = (names: readonly string[], suffix: string) => names.map((name) => `${name}-${suffix}`);

const squares = (numbers: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i] ** 2;
  return sum;
};
const clip = (value: number, bound: number): number => Math.min(Math.max(value, -bound), bound);
const distance = (a: Place, b: Place): number =>
  Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2);

const uniform = (random: Random, low: number, high: number): number => low + (high - low) * random.uniform();
function addUniform(random: Random, values: Float64Array, bound: number): void {
  for (let i = 0; i < values.length; i++) values[i] += uniform(random, -bound, bound);
}
function addNormal(random: Random, values: Float64Array, scale: number): void {
  for (let i = 0; i < values.length; i++) values[i] += scale * random.normal();
}

/** Positions but for the first `skip`, then velocities, clipped to a bound. */
function observeState(now: Moment, skip: number, bound: number, out: Float64Array): number {
  const { qpos, qvel } = now;
  for (let i = skip; i < qpos.length; i++) out[i - skip] = qpos[i];
  const first = qpos.length - skip;
  for (let i = 0; i < qvel.length; i++) out[first + i] = clip(qvel[i], bound);
  return first + qvel.length;
}

const hopperJoints = ['thigh', 'leg', 'foot'];
const walkerJoints = named(hopperJoints, 'right').concat(named(hopperJoints, 'left'));
const cheetahJoints = ['back-thigh', 'back-shin', 'back-foot', 'front-thigh', 'front-shin', 'front-foot'];
const pusherJoints = ['shoulder-pan', 'shoulder-lift', 'upper-arm', 'elbow', 'forearm', 'wrist-flex', 'wrist-roll'];
const antJoints = [1, 2, 3, 4].flatMap((leg) => [`hip-${leg}`, `ankle-${leg}`]);
const antBodies = 13; // without the world

/** A plane walker's numbers: height and turn of the torso, joints, and the speeds of these and of x. */
const walking = (joints: readonly string[]) => [
  ...['height', 'turn', ...joints],
  ...named(['x', 'height', 'turn', ...joints], 'speed'),
];

const pendulumStands = (angle: number): boolean => Math.abs(angle) <= 0.2;
/** Of the torso's height (m) and turn (rad). */
const hopperStands = (height: number, turn: number): boolean => height > 0.7 && Math.abs(turn) < 0.2;
const walkerStands = (height: number, turn: number): boolean => height > 0.8 && height < 2 && Math.abs(turn) < 1;
const antStands = (height: number): boolean => height >= 0.2 && height <= 1;

/** The hopper also ends where a number of its state but x and height is 100 or more. */
function hopperGoesOn({ qpos, qvel }: Moment): boolean {
  for (let i = 2; i < qpos.length; i++) if (!(Math.abs(qpos[i]) < 100)) return false;
  for (let i = 0; i < qvel.length; i++) if (!(Math.abs(qvel[i]) < 100)) return false;
  return hopperStands(qpos[1], qpos[2]);
}

/** Reward for going forward, for standing, and against effort: hopper and walker. */
const walkerReward = ({ speed }: Moment, action: ArrayLike<number>, standing: boolean): number =>
  speed + Number(standing) - 1e-3 * squares(action);

/** Of contact forces, each at most 1. */
function contactCost(forces: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < forces.length; i++) sum += clip(forces[i], 1) ** 2;
  return 5e-4 * sum;
}

/** Positions uniform about the model's own, and velocities uniform too, or normal. */
const uniformStart =
  (bound: number): TaskSetup['start'] =>
  (random, qpos, qvel) => {
    addUniform(random, qpos, bound);
    addUniform(random, qvel, bound);
  };
const normalStart =
  (scale: number): TaskSetup['start'] =>
  (random, qpos, qvel) => {
    addUniform(random, qpos, scale);
    addNormal(random, qvel, scale);
  };

/** What all that run along x have. */
const runner = {
  maxEpisodeSteps: 1000,
  actionBound: 1,
  rewardRange: [-Infinity, Infinity],
  bodies: [],
  forward: ({ qpos }: Moment) => qpos[0],
} as const;
/** Those on legs in a plane see speeds of at most 10. */
const planeWalker = {
  ...runner,
  frameSkip: 4,
  start: uniformStart(0.005),
  observe: (now: Moment, out: Float64Array) => observeState(now, 1, 10, out),
} as const;

const setups = {
  'inverted-pendulum': {
    description: 'InvertedPendulum-v5: keep a pole upright on a cart',
    id: 'InvertedPendulum-v5',
    model: 'inverted_pendulum.xml',
    frameSkip: 2,
    maxEpisodeSteps: 1000,
    actionBound: 3,
    actions: ['cart'],
    observed: ['x', 'angle', 'x-speed', 'angle-speed'],
    rewardRange: [0, 1],
    bodies: [],
    start: uniformStart(0.01),
    observe: (now, out) => observeState(now, 0, Infinity, out),
    reward: ({ qpos }) => Number(pendulumStands(qpos[1])),
    ends: ({ qpos }) => !pendulumStands(qpos[1]),
    endsAt: (o) => !pendulumStands(o[1]),
  },
  reacher: {
    description: 'Reacher-v5: bring the tip of an arm with two joints to a target',
    id: 'Reacher-v5',
    model: 'reacher.xml',
    frameSkip: 2,
    maxEpisodeSteps: 50,
    actionBound: 1,
    actions: ['shoulder', 'elbow'],
    observed: [
      ...['cos-shoulder', 'cos-elbow', 'sin-shoulder', 'sin-elbow', 'target-x', 'target-y'],
      ...['shoulder-speed', 'elbow-speed', 'offset-x', 'offset-y'],
    ],
    rewardRange: [-3, 0],
    bodies: ['fingertip', 'target'],
    start(random, qpos, qvel) {
      addUniform(random, qpos, 0.1);
      do {
        qpos[2] = uniform(random, -0.2, 0.2);
        qpos[3] = uniform(random, -0.2, 0.2);
      } while (Math.hypot(qpos[2], qpos[3]) >= 0.2);
      addUniform(random, qvel.subarray(0, 2), 0.005);
      qvel.fill(0, 2);
    },
    observe({ qpos, qvel, places: [tip, target] }, out) {
      for (let i = 0; i < 2; i++) {
        out[i] = Math.cos(qpos[i]);
        out[2 + i] = Math.sin(qpos[i]);
        out[4 + i] = qpos[2 + i];
        out[6 + i] = qvel[i];
        out[8 + i] = tip[i] - target[i];
      }
    },
    reward: ({ places: [tip, target] }, action) => -distance(tip, target) - squares(action),
  },
  pusher: {
    description: 'Pusher-v5: push a cylinder to a target with an arm of seven joints',
    id: 'Pusher-v5',
    model: 'pusher_v5.xml',
    frameSkip: 5,
    maxEpisodeSteps: 100,
    actionBound: 2,
    actions: pusherJoints,
    observed: [
      ...pusherJoints,
      ...named(pusherJoints, 'speed'),
      ...['tip', 'object', 'target'].flatMap((thing) => axes.map((axis) => `${thing}-${axis}`)),
    ],
    rewardRange: [-10, 0],
    bodies: ['tips_arm', 'object', 'goal'],
    start(random, qpos, qvel) {
      const first = qpos.length - 4;
      do {
        qpos[first] = uniform(random, -0.3, 0);
        qpos[first + 1] = uniform(random, -0.2, 0.2);
      } while (Math.hypot(qpos[first], qpos[first + 1]) <= 0.17);
      qpos.fill(0, first + 2);
      addUniform(random, qvel.subarray(0, qvel.length - 4), 0.005);
      qvel.fill(0, qvel.length - 4);
    },
    observe({ qpos, qvel, places }, out) {
      for (let i = 0; i < 7; i++) {
        out[i] = qpos[i];
        out[7 + i] = qvel[i];
      }
      places.forEach((place, k) => {
        for (let i = 0; i < 3; i++) out[14 + 3 * k + i] = place[i];
      });
    },
    reward: ({ places: [tip, object, target] }, action) =>
      -distance(object, target) - 0.1 * squares(action) - 0.5 * distance(object, tip),
  },
  hopper: {
    ...planeWalker,
    description: 'Hopper-v5: hop forward on one leg',
    id: 'Hopper-v5',
    model: 'hopper.xml',
    actions: hopperJoints,
    observed: walking(hopperJoints),
    reward: (now, action) => walkerReward(now, action, hopperGoesOn(now)),
    ends: (now) => !hopperGoesOn(now),
    endsAt: (o) => !hopperStands(o[0], o[1]),
  },
  'half-cheetah': {
    ...runner,
    description: 'HalfCheetah-v5: run forward with a back and a front leg',
    id: 'HalfCheetah-v5',
    model: 'half_cheetah.xml',
    frameSkip: 5,
    actions: cheetahJoints,
    observed: walking(cheetahJoints),
    start: normalStart(0.1),
    observe: (now, out) => observeState(now, 1, Infinity, out),
    reward: ({ speed }, action) => speed - 0.1 * squares(action),
  },
  walker2d: {
    ...planeWalker,
    description: 'Walker2d-v5: walk forward on two legs in a plane',
    id: 'Walker2d-v5',
    model: 'walker2d_v5.xml',
    actions: walkerJoints,
    observed: walking(walkerJoints),
    reward: (now, action) => walkerReward(now, action, walkerStands(now.qpos[1], now.qpos[2])),
    ends: ({ qpos }) => !walkerStands(qpos[1], qpos[2]),
    endsAt: (o) => !walkerStands(o[0], o[1]),
  },
  ant: {
    ...runner,
    description: 'Ant-v5: walk forward on four legs',
    id: 'Ant-v5',
    model: 'ant.xml',
    frameSkip: 5,
    actions: ['hip-4', 'ankle-4', 'hip-1', 'ankle-1', 'hip-2', 'ankle-2', 'hip-3', 'ankle-3'],
    observed: [
      ...['height', 'turn-w', 'turn-x', 'turn-y', 'turn-z', ...antJoints],
      ...named(['x', 'y', 'z', 'turn-x', 'turn-y', 'turn-z', ...antJoints], 'speed'),
      ...Array.from({ length: 6 * antBodies }, (_, i) => `contact-${Math.floor(i / 6) + 1}-${i % 6}`),
    ],
    bodies: ['torso'],
    readsContacts: true,
    start: normalStart(0.1),
    observe(now, out) {
      const first = observeState(now, 2, Infinity, out);
      // The world, body 0, is left out.
      for (let i = 6; i < now.contactForces.length; i++) out[first + i - 6] = clip(now.contactForces[i], 1);
    },
    forward: ({ places: [torso] }) => torso[0],
    reward: (now, action) =>
      now.speed + Number(antStands(now.qpos[2])) - 0.5 * squares(action) - contactCost(now.contactForces),
    ends: ({ qpos }) => !antStands(qpos[2]),
    endsAt: (o) => !antStands(o[0]),
  },
} as const satisfies Readonly<Record<string, TaskSetup>>;

export type GymnasiumTask = keyof typeof setups;

export const gymnasiumTasks = Object.keys(setups) as readonly GymnasiumTask[];
export const taskSetups: Readonly<Record<GymnasiumTask, TaskSetup>> = setups;
