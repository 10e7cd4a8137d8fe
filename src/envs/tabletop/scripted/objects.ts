// Scripted control of objects: push, pick and place, stack, pull with the hook, sweep into the tray.
import { groups } from '../columns.js';
import { hook, tableTop } from '../layout.js';
import { type Control, fullStep, grasp, moveTo, type View } from './view.js';

/** Deceleration of a sliding object, in m/s^2: friction times gravity. */
const braking = 0.5 * 9.81;
/** Closed, the fingers reach this far from their middle along x and y. */
const closed = [0.011, 0.022];
/** Height of the gripper above an object that it passes over. */
const clearance = 0.085;

/**
 * Brings the closed gripper to the side of the object from which it pushes along `axis` towards `sign`: up, over, down.
 * True once it stands low there, and as long as it stays there while pushing.
 */
function goBehind(view: View, axis: 0 | 1, sign: number, action: Float32Array): boolean {
  const { g, object, half } = view;
  const contact = half[axis] + closed[axis];
  const distance = contact + 0.019;
  const along = (g[axis] - object[axis]) * sign; // negative behind the object
  const across = g[1 - axis] - object[1 - axis];
  const height = g[2] - object[2];
  const low = height < 0.015;
  if (low && Math.abs(across) < 0.018 && along < -half[axis] && along > -distance - 0.03) return true;
  const behind = [object[0], object[1]];
  behind[axis] -= sign * distance;
  if (along < -contact - 0.007 && Math.abs(across) < 0.015) moveTo(view, behind[0], behind[1], object[2], action);
  else if (height > 0.06) moveTo(view, behind[0], behind[1], object[2] + clearance, action);
  else {
    // Up, and first of all away, for rubber that moves up along a face takes it along.
    const apart = Math.hypot(g[0] - object[0], g[1] - object[1]);
    const away = 0.04 / Math.max(apart, 1e-6);
    moveTo(view, g[0] + away * (g[0] - object[0]), g[1] + away * (g[1] - object[1]), object[2] + clearance, action);
    if (low && apart < distance) action[2] = 0;
  }
  return false;
}

/** Pushes along one axis, then the other, square to the faces: pushed at an angle an object would turn away. */
function pushTo(view: View, first: 0 | 1, tolerance: number, action: Float32Array): void {
  const { g, object, velocity, wanted } = view;
  // Where the object will come to rest is what has to be right.
  const rest = (axis: number) => (velocity[axis] * Math.abs(velocity[axis])) / (2 * braking);
  const error = [wanted[0] - object[0] - rest(0), wanted[1] - object[1] - rest(1)];
  action.fill(0);
  action[3] = -1;
  const second = (1 - first) as 0 | 1;
  // Once it stands at the second face, it tolerates more along the first axis than it would accept before.
  const atSecond =
    Math.abs(g[2] - object[2]) < 0.015 &&
    Math.abs(g[first] - object[first]) < 0.02 &&
    (object[second] - g[second]) * error[second] > 0;
  const axis = Math.abs(error[first]) > (atSecond ? 1.4 * tolerance : tolerance) ? first : second;
  if (axis === second && Math.abs(error[second]) < tolerance) return;
  const sign = Math.sign(error[axis]);
  if (!goBehind(view, axis, sign, action)) return;
  const speed = Math.min(10 * Math.abs(error[axis]), 0.6);
  action[axis] = sign * speed;
  action[1 - axis] = (object[1 - axis] - g[1 - axis]) / fullStep / 2;
  action[2] = (object[2] - g[2]) / fullStep / 2;
}

export const push: Control = (view, action) => pushTo(view, 0, 0.018, action);

/** Into line with the tray, then along. */
export const sweep: Control = (view, action) => pushTo(view, 1, 0.015, action);

/** Carries what is held to a place, over what may lie on the way, and lowers it there. True once it is there. */
function carry(view: View, action: Float32Array): boolean {
  const { object, wanted } = view;
  const aside = Math.hypot(wanted[0] - object[0], wanted[1] - object[1]);
  const over = Math.max(wanted[2] + 0.02, tableTop + 0.11);
  const height = aside > 0.015 ? over : wanted[2];
  action[2] = (height - object[2]) / fullStep;
  // Sideways once it is high enough to pass over other things.
  const high = object[2] > over - 0.045 || aside < 0.03;
  // Not in haste: what is round slips out between the fingers when they are jerked.
  for (let j = 0; j < 2; j++) {
    action[j] = high ? Math.min(Math.max((wanted[j] - object[j]) / fullStep / 2, -0.5), 0.5) : 0;
  }
  action[3] = -1;
  return aside < 0.012 && Math.abs(wanted[2] - object[2]) < 0.008;
}

const hold = (view: View, action: Float32Array): boolean => {
  const { object, half } = view;
  return grasp(view, object[0], object[1], object[2], half[1], object[2] + clearance, action);
};

export const pickAndPlace: Control = (view, action) => {
  if (hold(view, action)) carry(view, action);
};

export const stack: Control = (view, action) => {
  const { g, object, wanted, half, opening, goal } = view;
  const placed =
    Math.hypot(wanted[0] - object[0], wanted[1] - object[1]) < 0.018 && Math.abs(wanted[2] - object[2]) < 0.01;
  const free = opening > half[1] + 0.004;
  const aside = Math.hypot(g[0] - object[0], g[1] - object[1]);
  const above = g[2] - object[2] > 0.05;
  if (placed && (free || above)) {
    // Open wide before it goes up, or the fingers take it along.
    const out = opening > half[1] + 0.012 || above;
    const { at } = groups.gripper;
    moveTo(view, out ? goal[at] : g[0], out ? goal[at + 1] : g[1], out ? goal[at + 2] : g[2], action);
    if (!above && aside < 0.05) for (let j = 0; j < 2; j++) action[j] = 0;
    action[3] = 1;
    return;
  }
  if (!hold(view, action)) return;
  if (!carry(view, action)) return;
  action.fill(0);
  action[3] = 1;
};

/** Takes the hook by its handle, puts its arm beyond the object, and pulls. */
export const pullWithHook: Control = (view, action) => {
  const { object, wanted, half } = view;
  const [x, y, z] = view.hook;
  if (!grasp(view, x, y, z, 0.012, z + 0.07, action)) return;
  const error = object[0] - wanted[0];
  const inner = x + hook.length - hook.halfWidth; // the arm's inner face
  const shaft = object[1] + 0.045; // where the shaft shall be, so that the arm spans the object
  action[3] = -1;
  action[2] = (z - view.g[2]) / fullStep;
  const beside = y > shaft + 0.012;
  const beyond = inner > object[0] + half[0] + 0.004;
  if (beside) {
    const ready = inner > object[0] + half[0] + 0.012;
    action[0] = (object[0] + half[0] + 0.025 - inner) / fullStep;
    action[1] = ready ? Math.max((shaft - y) / fullStep, -0.6) : 0;
    return;
  }
  action[1] = (shaft - y) / fullStep / 2;
  if (error < 0.008) return;
  // Fast until the arm touches the object, then as fast as friction will stop it.
  const gap = inner - object[0] - half[0];
  action[0] = -Math.min(10 * error, 0.5) - (beyond ? Math.max(gap - 0.01, 0) / fullStep / 2 : 0);
};
