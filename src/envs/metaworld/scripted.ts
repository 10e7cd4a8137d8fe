// Meta-World's scripted policies, which solve each task from what it shows and keep no memory, for demonstrations.
import type { Demonstrator } from '../env.js';
import { half } from './spaces.js';
import type { MetaworldTask } from './tasks.js';

type Shift = readonly [x: number, y: number, z: number];

/** Where the hand shall go; the action is `gain` times the way there in metres. */
interface Move {
  readonly place: readonly number[];
  readonly gain: number;
}

/** What the policies look at: the hand, the object with the policy's own offset, the target. Reused by the next call. */
interface Seen {
  readonly hand: number[];
  readonly opening: number;
  readonly object: number[];
  /** As it is shown. */
  readonly shown: number[];
  readonly target: number[];
}

interface Policy {
  /** Of the point to go for, from the object. */
  readonly offset?: Shift;
  move(seen: Seen): Move;
  /** The action's last number: above 0 closes the gripper. */
  effort(seen: Seen): number;
}

const shifted = (place: readonly number[], [x, y, z]: Shift): number[] => [place[0] + x, place[1] + y, place[2] + z];
const aside = (a: readonly number[], b: readonly number[]): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
const apart = (a: readonly number[], b: readonly number[]): number => Math.hypot(aside(a, b), a[2] - b[2]);

interface Stages {
  readonly gain: number;
  readonly offset?: Shift;
  /** Farther than this in the plane: go above. */
  readonly aside: number;
  readonly above: Shift;
  /** Farther than this in height: go down. Absent: no such stage. */
  readonly height?: number;
  readonly down?: Shift;
  /** Only as long as this holds, too. */
  readonly onlyDown?: (seen: Seen) => boolean;
  /** Where to after that, and with which gain if another. */
  readonly last: (seen: Seen) => readonly number[];
  readonly lastGain?: number;
  readonly effort: number | ((seen: Seen) => number);
}

/** Above the object, down to it, then on. */
function staged(stages: Stages): Policy {
  const { gain, offset, above, height = Infinity, down = [0, 0, 0], onlyDown = () => true, effort } = stages;
  return {
    offset,
    move(seen) {
      const { hand, object } = seen;
      if (aside(hand, object) > stages.aside) return { place: shifted(object, above), gain };
      if (Math.abs(hand[2] - object[2]) > height && onlyDown(seen)) return { place: shifted(object, down), gain };
      return { place: stages.last(seen), gain: stages.lastGain ?? gain };
    },
    effort: typeof effort === 'number' ? () => effort : effort,
  };
}

const target = (seen: Seen) => seen.target;
const object = (seen: Seen) => seen.object;
const beyond = (shift: Shift) => (seen: Seen) => shifted(seen.object, shift);

/** Of both windows. */
const window = (side: number, above: number): Policy =>
  staged({
    gain: 25,
    offset: [-0.03 * side, -0.03, -0.08],
    aside: 0.04,
    above: [0, 0, above],
    height: 0.02,
    last: beyond([0.1 * side, 0, 0]),
    effort: 1,
  });

/** Where the peg goes: far to the left, at the hole's y, in its height. */
function intoHole({ shown, target }: Seen): number[] {
  const hole = [-0.35, target[1], 0.16];
  const inLine = Math.hypot(shown[1] - hole[1], shown[2] - hole[2]) <= 0.03;
  return inLine ? hole : shifted(hole, [0.4, 0, 0]);
}

/** Rises and goes before the drawer's handle before it goes down, for the handle begins in front of the hand. */
function beforeDrawer({ hand, object }: Seen): readonly number[] {
  if (hand[1] > object[1]) {
    if (hand[2] < object[2] + 0.23) return [hand[0], hand[1], object[2] + 0.5];
    return shifted(object, [0, -0.075, 0.23]);
  }
  return Math.abs(hand[2] - object[2]) > 0.04 ? shifted(object, [0, -0.075, 0]) : object;
}

const policies: Readonly<Record<MetaworldTask, Policy>> = {
  reach: { move: ({ target }) => ({ place: target, gain: 5 }), effort: () => 0 },
  push: staged({
    gain: 10,
    offset: [-0.005, 0, 0],
    aside: 0.02,
    above: [0, 0, 0.2],
    height: 0.04,
    down: [0, 0, 0.03],
    last: target,
    effort: ({ hand, shown }) => (aside(hand, shown) > 0.02 || Math.abs(hand[2] - shown[2]) > 0.1 ? 0 : 0.6),
  }),
  'pick-place': staged({
    gain: 10,
    offset: [-0.005, 0, 0],
    aside: 0.02,
    above: [0, 0, 0.1],
    height: 0.05,
    down: [0, 0, 0.03],
    onlyDown: ({ shown }) => shown[2] < 0.04,
    // Waits until the fingers are closed.
    last: ({ opening, hand, target }) => (opening > 0.73 ? hand : target),
    effort: ({ hand, shown }) => (apart(hand, shown) < 0.07 ? 1 : 0),
  }),
  'door-open': staged({
    gain: 25,
    offset: [-0.05, 0, 0],
    aside: 0.12,
    above: [0.06, 0.02, 0.2],
    height: 0.04,
    down: [0.06, 0.02, 0],
    last: object,
    effort: 1,
  }),
  'drawer-open': staged({
    gain: 4,
    offset: [0, 0, -0.02],
    aside: 0.06,
    above: [0, 0, 0.3],
    height: 0.04,
    last: beyond([0, -0.06, 0]),
    lastGain: 50,
    effort: -1,
  }),
  'drawer-close': {
    offset: [0, 0, -0.02],
    move: (seen) => ({ place: beforeDrawer(seen), gain: 25 }),
    effort: () => 1,
  },
  'button-press-topdown': staged({ gain: 25, aside: 0.04, above: [0, 0, 0.1], last: object, effort: 1 }),
  'peg-insert-side': staged({
    gain: 25,
    aside: 0.04,
    above: [0, 0, 0.3],
    height: 0.025,
    last: intoHole,
    effort: ({ hand, shown }) => (aside(hand, shown) > 0.04 || Math.abs(hand[2] - shown[2]) > 0.15 ? -1 : 0.6),
  }),
  'window-open': window(1, 0.3),
  'window-close': window(-1, 0.25),
};

/**
 * The policy of a task, for observations of 39 numbers, or of 36 with the target as goal. Actions lie within [-1, 1]. It
 * keeps no memory, so one may serve many environments.
 */
export function scriptedPolicy(task: MetaworldTask): Demonstrator {
  const { offset = [0, 0, 0], move, effort } = policies[task];
  const action = new Float32Array(4);
  const three = (from: ArrayLike<number>, at: number) => [from[at], from[at + 1], from[at + 2]];
  return (observation, goal) => {
    const shown = three(observation, 4);
    const seen = {
      hand: three(observation, 0),
      opening: observation[3],
      shown,
      object: shifted(shown, offset),
      target: goal.length > 0 ? three(goal, 0) : three(observation, 2 * half),
    };
    const { place, gain } = move(seen);
    for (let i = 0; i < 3; i++) action[i] = gain * (place[i] - seen.hand[i]);
    action[3] = effort(seen);
    for (let i = 0; i < 4; i++) action[i] = Math.min(Math.max(action[i], -1), 1);
    return action;
  };
}
