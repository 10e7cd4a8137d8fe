// Hand-written controllers that solve the arm's tasks from observation and goal alone: proof of solvability, demonstrations.
import type { ArmTask } from './rules.js';

/** Chooses an action from an observation and a desired goal. The array returned belongs to the controller. */
export type ScriptedController = (observation: ArrayLike<number>, goal: ArrayLike<number>) => Float32Array;

/** Displacement of a full action, in metres per step. */
const fullStep = 0.04;
const controlPeriod = 0.04;
/** Decelerations of the sliding block and puck, in m/s^2: friction times gravity. */
const blockBraking = 0.5 * 9.81;
const puckBraking = 0.08 * 9.81;
/** Height above the object's centre at which the gripper passes over it, in metres. */
const clearance = 0.085;

/** The controller of a task. It keeps no memory, so one may serve many environments. */
export function scriptedController(task: ArmTask): ScriptedController {
  const action = new Float32Array(4);
  const control = { reach, push, slide, 'pick-and-place': pickAndPlace }[task];
  return (observation, goal) => {
    control(observation, goal, action);
    for (let i = 0; i < 4; i++) action[i] = Math.min(Math.max(action[i], -1), 1);
    return action;
  };
}

type Control = (o: ArrayLike<number>, goal: ArrayLike<number>, action: Float32Array) => void;

/** Sets the action that moves the gripper (observation 0 to 2) to a place. */
function moveTo(o: ArrayLike<number>, x: number, y: number, z: number, action: Float32Array): void {
  action[0] = (x - o[0]) / fullStep;
  action[1] = (y - o[1]) / fullStep;
  action[2] = (z - o[2]) / fullStep;
}

const reach: Control = (o, goal, action) => {
  moveTo(o, goal[0], goal[1], goal[2], action);
  action[3] = -1;
};

/**
 * Brings the closed gripper to the far side of the object: up, over, down. (ux, uy) points from there to the object.
 * Returns true once it stands low behind the object, and as long as it stays there while pushing.
 */
function goBehind(
  o: ArrayLike<number>,
  ux: number,
  uy: number,
  distance: number,
  action: Float32Array,
  offset = 0,
): boolean {
  const along = -(o[6] * ux + o[7] * uy);
  const across = Math.abs(o[6] * uy - o[7] * ux - offset);
  const height = -o[8];
  const x = o[3] - ux * distance - uy * offset;
  const y = o[4] - uy * distance + ux * offset;
  if (height < 0.015 && across < 0.018 && along < -0.026 && along > -distance - 0.03) return true;
  if (along < -distance + 0.012 && across < 0.015) moveTo(o, x, y, o[5], action);
  else if (height > 0.06) moveTo(o, x, y, o[5] + clearance, action);
  else {
    // Up, and first of all away, for rubber that moves up along a face takes it along.
    const away = 0.04 / Math.max(Math.hypot(o[6], o[7]), 1e-6);
    moveTo(o, o[0] - away * o[6], o[1] - away * o[7], o[5] + clearance, action);
    if (height < 0.015 && Math.hypot(o[6], o[7]) < distance) action[2] = 0;
  }
  return false;
}

/** Pushes along x, then along y, square to the block's faces: pushed at an angle it would turn away. */
const push: Control = (o, goal, action) => {
  // Where the block will come to rest is what has to be right.
  const vx = (o[14] + o[20]) / controlPeriod;
  const vy = (o[15] + o[21]) / controlPeriod;
  const ex = goal[0] - o[3] - (vx * Math.abs(vx)) / (2 * blockBraking);
  const ey = goal[1] - o[4] - (vy * Math.abs(vy)) / (2 * blockBraking);
  action.fill(0);
  action[3] = -1;
  // Once it stands at the y face, it tolerates more along x than it would accept before.
  const atFace = Math.abs(o[8]) < 0.015 && Math.abs(o[6]) < 0.02 && o[7] * ey > 0;
  const alongX = Math.abs(ex) > (atFace ? 0.035 : 0.02);
  if (!alongX && Math.abs(ey) < 0.025) return;
  const ux = alongX ? Math.sign(ex) : 0;
  const uy = alongX ? 0 : Math.sign(ey);
  // Closed, the fingers reach 11 mm from their middle along x and 22 mm along y; the block 25 mm.
  if (!goBehind(o, ux, uy, alongX ? 0.055 : 0.066, action)) return;
  const speed = Math.min(10 * Math.abs(alongX ? ex : ey), 0.6);
  action[0] = alongX ? ux * speed : o[6] / fullStep / 2;
  action[1] = alongX ? o[7] / fullStep / 2 : uy * speed;
  action[2] = o[8] / fullStep / 2;
};

/** Goes behind the puck and accelerates it until it has the speed that friction will use up on the way to the goal. */
const slide: Control = (o, goal, action) => {
  const ex = goal[0] - o[3];
  const ey = goal[1] - o[4];
  const left = Math.hypot(ex, ey);
  action.fill(0);
  action[3] = -1;
  const ux = ex / left;
  const uy = ey / left;
  const speed = ((o[14] + o[20]) * ux + (o[15] + o[21]) * uy) / controlPeriod;
  const needed = (way: number) => Math.sqrt(2 * puckBraking * Math.max(way, 0));
  if (left < 0.02 || speed > 0.96 * needed(left)) return;
  // One finger does the pushing, the one that is ahead: two would cradle the puck and send it straight along x.
  const offset = -0.011 * ux * Math.sign(uy);
  if (!goBehind(o, ux, uy, 0.055, action, offset)) return;
  const across = (o[6] * uy - o[7] * ux - offset) / fullStep;
  // The puck leaves a little faster than the gripper moves; next step it will be nearer to the goal.
  const next = Math.min(0.93 * needed(left - controlPeriod * (speed + 0.1)), speed + 0.2);
  action[0] = ux * next + 0.5 * uy * across;
  action[1] = uy * next - 0.5 * ux * across;
};

/** Above the block, down, grasp, carry. */
const pickAndPlace: Control = (o, goal, action) => {
  const aside = Math.hypot(o[6], o[7]);
  const grasped = aside < 0.02 && Math.abs(o[8]) < 0.02 && (o[9] + o[10]) / 2 < 0.0265;
  if (grasped) {
    for (let i = 0; i < 3; i++) action[i] = (goal[i] - o[3 + i]) / fullStep;
    action[3] = -1;
    return;
  }
  const ready = aside < 0.01;
  moveTo(o, o[3], o[4], o[5] + (ready ? 0 : clearance), action);
  action[3] = ready && Math.abs(o[8]) < 0.008 ? -1 : 1;
};
