// The tabletop's tasks: what each is about, how its episodes begin and which goals they have.
import type { Random } from '../../random.js';
import { type GroupName, groups, wantsColumn } from './columns.js';
import { area, button, colourNames, dial, drawer, shapeNames, shapes, tableTop, tray } from './layout.js';

export const tabletopTasks = [
  'reach',
  'push',
  'pick-and-place',
  'stack',
  'press-button',
  'open-drawer',
  'close-drawer',
  'turn-dial',
  'pull-with-hook',
  'sweep-into-tray',
] as const;
/** The ten, and two that push to one side each. */
export type TabletopTask = (typeof tabletopTasks)[number] | 'push-left' | 'push-right';

/** How an episode begins. Metres and radians. */
export interface Start {
  readonly gripper: Float64Array;
  /** Number of each object's shape and colour. */
  readonly shape: [number, number];
  readonly colour: [number, number];
  /** x and y of each object. */
  readonly place: readonly [Float64Array, Float64Array];
  drawer: number;
  dial: number;
  /** Displacement of the hook from its place. */
  readonly hook: Float64Array;
  /** The object that the episode is about. */
  target: 0 | 1;
}

export interface TaskFacts {
  readonly description: string;
  /** What goals are about; `target` is the episode's object. */
  readonly wants: readonly ('target' | GroupName)[];
  /** Time limit. */
  readonly steps: number;
  /** Changes what `drawStart` drew, and writes the goal's numbers. */
  draw(random: Random, start: Start, goal: Float32Array): void;
}

export const createStart = (): Start => ({
  gripper: new Float64Array(3),
  shape: [0, 0],
  colour: [0, 1],
  place: [new Float64Array(2), new Float64Array(2)],
  drawer: 0,
  dial: 0,
  hook: new Float64Array(2),
  target: 0,
});

const between = (random: Random, low: number, high: number) => low + (high - low) * random.uniform();
const inArea = (random: Random, place: Float64Array | Float32Array, at = 0) => {
  place[at] = between(random, ...area.x);
  place[at + 1] = between(random, ...area.y);
};
const apart = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** Everything somewhere: what all tasks have in common. */
export function drawStart(random: Random, start: Start): void {
  const { gripper, shape, colour, place, hook } = start;
  gripper[0] = between(random, 0.47, 0.57);
  gripper[1] = between(random, -0.05, 0.05);
  gripper[2] = tableTop + between(random, 0.1, 0.16);
  for (let i = 0; i < 2; i++) shape[i] = random.below(shapeNames.length);
  colour[0] = random.below(colourNames.length);
  colour[1] = (colour[0] + 1 + random.below(colourNames.length - 1)) % colourNames.length;
  do for (let i = 0; i < 2; i++) inArea(random, place[i]);
  while (apart(place[0], place[1]) < 0.11);
  start.drawer = between(random, 0, drawer.travel);
  start.dial = between(random, -dial.range, dial.range);
  hook[0] = between(random, -0.02, 0.02);
  hook[1] = between(random, -0.01, 0.01);
  start.target = random.below(2) as 0 | 1;
}

/** Writes the goal of a task for an episode that begins with `start`, which it completes. */
export function drawTask(task: TabletopTask, random: Random, start: Start, goal: Float32Array): void {
  goal.fill(0);
  drawStart(random, start);
  const { wants, draw } = taskFacts[task];
  for (const want of wants) goal[wantsColumn(want === 'target' ? objectOf(start) : want)] = 1;
  draw(random, start, goal);
}

/** Tries to find another start before one is taken that is near its goal. */
const TRIES = 200;

/** Another start for the same goal: things look as before and lie elsewhere, none at the goal. `goal` stays as it is. */
export function drawAgain(task: TabletopTask, random: Random, start: Start, goal: Float32Array): void {
  const { target } = start;
  const [shape, colour] = [[...start.shape], [...start.colour]];
  const scratch = new Float32Array(goal.length);
  for (let tries = 0; tries < TRIES; tries++) {
    drawStart(random, start);
    for (let i = 0; i < 2; i++) [start.shape[i], start.colour[i]] = [shape[i], colour[i]];
    start.target = target;
    taskFacts[task].draw(random, start, scratch);
    if (!taskFacts[task].wants.includes('target') || isFree(start, goal, task === 'push' ? pushRoom : 0)) return;
  }
}

/** Whether both things lie away from where one of them is wanted, and the other one is not in the way. */
function isFree(start: Start, goal: Float32Array, room: number): boolean {
  const at = targetAt(start);
  const [own, other] = [start.place[start.target], start.place[1 - start.target]];
  const aim = goal.subarray(at, at + 2);
  return apart(aim, own) >= 0.1 && apart(aim, other) >= 0.1 && besideWay(own, aim, other) >= room;
}

/** How far a place lies outside of the rectangle between two others. */
function besideWay(from: ArrayLike<number>, to: ArrayLike<number>, place: ArrayLike<number>): number {
  const outside = (axis: number) =>
    Math.max(Math.min(from[axis], to[axis]) - place[axis], place[axis] - Math.max(from[axis], to[axis]), 0);
  return Math.max(outside(0), outside(1));
}

const objectOf = ({ target }: Start): GroupName => (target === 0 ? 'object-1' : 'object-2');
/** Where the target's numbers are in a goal. */
const targetAt = (start: Start) => groups[objectOf(start)].at;
const halfHeight = ({ shape }: Start, object: number) => shapes[shapeNames[shape[object]]][2];

/** Goals on the table lie away from both objects, those of pushes also where the other one is not in the way. */
function drawOnTable(random: Random, start: Start, goal: Float32Array, free: number): void {
  const at = targetAt(start);
  const { place, target } = start;
  const [own, other] = [place[target], place[1 - target]];
  const aim = goal.subarray(at, at + 2);
  let tries = 0;
  do {
    // Where the other object leaves no room it is moved.
    if (++tries % 20 === 0)
      do inArea(random, other);
      while (apart(own, other) < 0.11);
    inArea(random, aim);
  } while (apart(aim, own) < 0.1 || apart(aim, other) < 0.1 || besideWay(own, aim, other) < free);
  goal[at + 2] = tableTop + halfHeight(start, target);
}

/** Room that the gripper needs beside a path, in metres. */
const pushRoom = 0.1;

const push = (description: string, side?: 'left' | 'right'): TaskFacts => ({
  description,
  wants: ['target'],
  steps: 75,
  draw(random, start, goal) {
    if (!side) {
      drawOnTable(random, start, goal, pushRoom);
      return;
    }
    // From the middle to one side, the other object out of the way.
    const { place, target } = start;
    const at = targetAt(start);
    const sign = side === 'left' ? 1 : -1;
    place[target][0] = between(random, 0.5, 0.56);
    place[target][1] = between(random, -0.02, 0.02);
    place[1 - target][0] = 0.67;
    place[1 - target][1] = between(random, ...area.y);
    goal[at] = place[target][0];
    goal[at + 1] = sign * between(random, 0.1, 0.13);
    goal[at + 2] = tableTop + halfHeight(start, target);
  },
});

export const taskFacts: Readonly<Record<TabletopTask, TaskFacts>> = {
  reach: {
    description: 'bring the gripper to a point in the air',
    wants: ['gripper'],
    steps: 50,
    draw(random, _start, goal) {
      goal[0] = between(random, 0.42, 0.66);
      goal[1] = between(random, -0.25, 0.25);
      goal[2] = tableTop + between(random, 0.08, 0.3);
    },
  },
  push: push('push an object over the table to a place'),
  'push-left': push('push an object to the left', 'left'),
  'push-right': push('push an object to the right', 'right'),
  'pick-and-place': {
    description: 'grasp an object and bring it to a place on or above the table',
    wants: ['target'],
    steps: 50,
    draw(random, start, goal) {
      drawOnTable(random, start, goal, 0);
      // Half of the goals are in the air, as in Fetch: from the table alone, lifting would never be learned.
      if (random.uniform() < 0.5) goal[targetAt(start) + 2] += between(random, 0.05, 0.25);
    },
  },
  stack: {
    description: 'put one object on top of the other and let go',
    wants: ['target', 'gripper'],
    steps: 75,
    draw(_random, start, goal) {
      const at = targetAt(start);
      const { place, target } = start;
      const base = 1 - target;
      goal.set(place[base], at);
      goal[at + 2] = tableTop + 2 * halfHeight(start, base) + halfHeight(start, target);
      // The gripper shall be away, above: only what stands by itself is stacked.
      goal.set(place[base], groups.gripper.at);
      goal[groups.gripper.at + 2] = goal[at + 2] + 0.12;
    },
  },
  'press-button': {
    description: 'press the button and hold it down',
    wants: ['button'],
    steps: 50,
    draw(random, _start, goal) {
      goal[groups.button.at] = between(random, 0.75 * button.travel, button.travel);
    },
  },
  'open-drawer': {
    description: 'open the drawer',
    wants: ['drawer'],
    steps: 75,
    draw(random, start, goal) {
      start.drawer = between(random, 0, 0.02);
      goal[groups.drawer.at] = between(random, 0.11, drawer.travel);
    },
  },
  'close-drawer': {
    description: 'close the drawer',
    wants: ['drawer'],
    steps: 75,
    draw(random, start, goal) {
      start.drawer = between(random, 0.1, drawer.travel);
      goal[groups.drawer.at] = between(random, 0, 0.03);
    },
  },
  'turn-dial': {
    description: 'turn the dial to an angle',
    wants: ['dial'],
    steps: 75,
    draw(random, start, goal) {
      const at = groups.dial.at;
      do goal[at] = between(random, -dial.range, dial.range);
      while (Math.abs(goal[at] - start.dial) < 0.5);
    },
  },
  'pull-with-hook': {
    description: 'pull an object that is out of reach nearer with a hook',
    wants: ['target'],
    steps: 100,
    draw(random, start, goal) {
      const { place, target } = start;
      const at = targetAt(start);
      place[target][0] = between(random, 0.85, 0.92);
      place[target][1] = between(random, 0, 0.13);
      place[1 - target][0] = between(random, 0.42, 0.54);
      place[1 - target][1] = between(random, -0.13, -0.08);
      goal[at] = between(random, 0.62, 0.7);
      goal[at + 1] = place[target][1];
      goal[at + 2] = tableTop + halfHeight(start, target);
    },
  },
  'sweep-into-tray': {
    description: 'sweep an object into the tray',
    wants: ['target'],
    steps: 75,
    draw(random, start, goal) {
      const { place, target } = start;
      const at = targetAt(start);
      place[target][1] = between(random, -0.13, -0.02);
      place[1 - target][1] = between(random, 0.09, 0.13);
      goal[at] = tray.x;
      goal[at + 1] = tray.y;
      goal[at + 2] = tableTop + halfHeight(start, target);
    },
  },
};
