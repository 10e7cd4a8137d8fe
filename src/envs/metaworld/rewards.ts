// The rewards of Meta-World's second version (`v2`), 0 to 10, term by term as Python computes them.
import { type Caging, type Held, holdFromStart, holdPuck } from './grasp.js';
import type { Episode, Moment } from './moment.js';
import { type MetaworldTask, taskSetups } from './tasks.js';
import { distance, gaussian, hamacher, hamacherSingle, isBetween, longTail, shareInBox } from './tolerance.js';

/** What a reward is computed from. */
export interface Judged {
  readonly now: Moment;
  readonly start: Episode;
  /** The hand as the observation shows it: within its box. */
  readonly hand: ArrayLike<number>;
  /** The action's last number in float32, as it was given. */
  readonly effort: number;
  /** Of the achieved place from the target, weighted as for success. */
  readonly error: number;
}

export type Reward = (judged: Judged) => number;

const { fround } = Math;
const held: Held = { value: 0, single: false };
const puck: Caging = { radius: 0.015, reach: 0.05 };
const peg: Caging = { radius: 0.0075, reach: 0.03 };

const reach: Reward = ({ error, start }) =>
  10 * longTail(error, 0, 0.05, distance(taskSetups.reach.hand, start.target));

const push: Reward = ({ now, start, effort, error }) => {
  const inPlace = longTail(error, 0, 0.05, distance(start.object, start.target));
  holdFromStart(now, start, effort, puck, held);
  if (error < 0.05) return 10;
  const reward = 2 * held.value;
  if (!(distance(now.object, now.fingers) < 0.02 && now.opening > 0)) return reward;
  if (held.single) return fround(reward + fround(fround(1 + reward) + fround(5 * inPlace)));
  return reward + (1 + reward + 5 * inPlace);
};

const pickPlace: Reward = ({ now, start, effort, error }) => {
  const inPlace = longTail(error, 0, 0.05, distance(start.object, start.target));
  holdPuck(now, start, effort, held);
  if (error < 0.05) return 10;
  const reward = (held.single ? hamacherSingle : hamacher)(held.value, inPlace);
  const lifted = now.object[2] - 0.01 > start.object[2];
  if (!(distance(now.object, now.fingers) < 0.02 && now.opening > 0 && lifted)) return reward;
  const more = 1 + 5 * inPlace;
  return held.single ? fround(reward + fround(more)) : reward + more;
};

const scratch = new Float64Array(3);

const doorOpen: Reward = ({ now, hand, effort, error }) => {
  if (error <= 0.08) return 10;
  const x = now.object[0] - 0.05;
  const y = now.object[1];
  // The hand shall come from above: a funnel about the handle, below which it shall not be.
  const aside = Math.sqrt((hand[0] - x) ** 2 + (hand[1] - y) ** 2);
  const floor = aside <= 0.12 ? 0 : 0.04 * Math.log(aside - 0.12) + 0.4;
  const above = hand[2] >= floor ? 1 : longTail(floor - hand[2], 0, 0.01, floor / 2);
  scratch[0] = x + 0.05;
  scratch[1] = y + 0.03;
  scratch[2] = now.object[2] - 0.01;
  const ready = hamacher(above, longTail(distance(hand, scratch), 0, 0.06, 0.5));
  const turned = -now.angle;
  const opened =
    0.2 * (now.angle < -Math.PI / 90 ? 1 : 0) + 0.8 * longTail(Math.PI / 2 + Math.PI / 6 - turned, 0, 0.5, Math.PI / 3);
  const grab = fround(fround(Math.min(Math.max(effort, -1), 1) + 1) / 2);
  return 2 * hamacher(ready, grab) + 8 * opened;
};

const drawerOpen: Reward = ({ now, start, hand, error }) => {
  const opening = longTail(error, 0, 0.02, 0.2);
  // Sideways counts three times, so that the gripper comes to the handle from above.
  scratch.set(start.target);
  scratch[1] += 0.2;
  const margin = distance(scratch, start.fingers, 3, 3, 1);
  return (longTail(distance(now.object, hand, 3, 3, 1), 0, 0.01, margin) + opening) * 5;
};

const drawerClose: Reward = ({ now, start, effort, error }) => {
  if (error <= taskSetups['drawer-close'].success.tolerance) return 10;
  const inPlace = longTail(error, 0, 0.05, Math.abs(distance(start.object, start.target) - 0.05));
  const margin = Math.abs(distance(start.object, start.fingers) - 0.005);
  const near = gaussian(distance(now.object, now.fingers), 0, 0.005, margin);
  const closed = Math.min(Math.max(effort, 0), 1);
  if (closed > 0 && effort <= 1) return fround(hamacherSingle(hamacherSingle(near, closed), inPlace) * 10);
  return hamacher(hamacher(near, closed), inPlace) * 10;
};

const buttonPress: Reward = ({ now, start, error }) => {
  const away = distance(now.object, now.fingers);
  const near = longTail(away, 0, 0.01, distance(now.object, start.fingers));
  const reward = 5 * hamacher(1 - now.opening, near);
  return away <= 0.03 ? reward + 5 * longTail(error, 0, 0.005, start.other[0]) : reward;
};

const pegInsert: Reward = ({ now, start, effort, error }) => {
  if (error <= 0.07) return 10;
  const [zero1, one1, zero2, one2] = now.corners;
  const free = hamacher(shareInBox(now.achieved, zero2, one2), shareInBox(now.achieved, zero1, one1));
  const margin = distance(start.other, start.target, 1, 2, 2);
  const inPlace = hamacher(longTail(error, 0, 0.07, margin), free);
  const lifted = now.object[2] - 0.01 > start.object[2];
  if (distance(now.object, now.fingers) < 0.08 && now.opening > 0 && lifted) {
    return hamacher(1, inPlace) + (1 + 5 * inPlace);
  }
  holdFromStart(now, start, effort, peg, held);
  // Shares within a box are numpy's float64, which do not give way to float32.
  const inBox = isBetween(now.achieved, zero1, one1) || isBetween(now.achieved, zero2, one2);
  return (held.single && !inBox ? hamacherSingle : hamacher)(held.value, inPlace);
};

/** Of both windows, whose handles are rewarded with different tails. */
const slide =
  (tail: typeof longTail, begin: (start: Episode) => number): Reward =>
  ({ now, start, error }) => {
    const inPlace = longTail(error, 0, 0.05, Math.abs(Math.abs(begin(start) - start.target[0]) - 0.05));
    const margin = Math.abs(distance(start.other, start.fingers) - 0.02);
    return 10 * hamacher(tail(distance(now.object, now.fingers), 0, 0.02, margin), inPlace);
  };

export const rewards: Readonly<Record<MetaworldTask, Reward>> = {
  reach,
  push,
  'pick-place': pickPlace,
  'door-open': doorOpen,
  'drawer-open': drawerOpen,
  'drawer-close': drawerClose,
  'button-press-topdown': buttonPress,
  'peg-insert-side': pegInsert,
  'window-open': slide(longTail, ({ object }) => object[0]),
  'window-close': slide(gaussian, ({ other }) => other[0]),
};
