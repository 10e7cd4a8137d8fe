// Hand-written controllers that solve Fetch tasks from observation and goal alone, for demonstrations.
import type { Demonstrator } from '../env.js';
import { controlPeriod } from './observation.js';
import type { FetchTask } from './tasks.js';

/** Displacement of a full action, in metres per step. */
const fullStep = 0.05;
/** Deceleration of the block on the table: friction times gravity. */
const braking = 9.81;
/** Height above the block's centre at which the gripper passes over it, in metres. */
const clearance = 0.1;

type Control = (o: ArrayLike<number>, goal: ArrayLike<number>, action: Float32Array) => void;

/** Tasks that there is a controller for: where a hit puck comes to rest is hard to foresee. */
export const scriptedTasks = ['reach', 'push', 'pick-and-place'] as const satisfies readonly FetchTask[];
export type ScriptedTask = (typeof scriptedTasks)[number];

/** The controller of a task. It keeps no memory, so one may serve many environments. */
export function scriptedController(task: ScriptedTask): Demonstrator {
  const action = new Float32Array(4);
  const control = { reach, push, 'pick-and-place': pickAndPlace }[task];
  return (observation, goal) => {
    control(observation, goal, action);
    for (let i = 0; i < 4; i++) action[i] = Math.min(Math.max(action[i], -1), 1);
    return action;
  };
}

/** Sets the action that moves the gripper (observation 0 to 2) to a place. */
function moveTo(o: ArrayLike<number>, x: number, y: number, z: number, action: Float32Array): void {
  action[0] = (x - o[0]) / fullStep;
  action[1] = (y - o[1]) / fullStep;
  action[2] = (z - o[2]) / fullStep;
}

const reach: Control = (o, goal, action) => {
  moveTo(o, goal[0], goal[1], goal[2], action);
  action[3] = 0;
};

/**
 * Brings the closed gripper to the far side of the block: up, over, down. (ux, uy) points from there to the block.
 * Returns true once it stands low behind the block, and as long as it stays there while pushing.
 */
function goBehind(o: ArrayLike<number>, ux: number, uy: number, distance: number, action: Float32Array): boolean {
  const along = -(o[6] * ux + o[7] * uy);
  const across = Math.abs(o[6] * uy - o[7] * ux);
  const height = -o[8];
  const x = o[3] - ux * distance;
  const y = o[4] - uy * distance;
  if (height < 0.02 && across < 0.02 && along < -0.026 && along > -distance - 0.03) return true;
  if (along < -distance + 0.012 && across < 0.015) moveTo(o, x, y, o[5] - 0.009, action);
  else if (height > 0.06) moveTo(o, x, y, o[5] + clearance, action);
  else moveTo(o, o[0], o[1], o[5] + clearance, action); // straight up, beside the block as it stands
  return false;
}

/** Pushes along x, then along y, square to the block's faces: pushed at an angle it would turn away. */
const push: Control = (o, goal, action) => {
  // Where the block will come to rest is what has to be right.
  const vx = (o[14] + o[20]) / controlPeriod;
  const vy = (o[15] + o[21]) / controlPeriod;
  const ex = goal[0] - o[3] - (vx * Math.abs(vx)) / (2 * braking);
  const ey = goal[1] - o[4] - (vy * Math.abs(vy)) / (2 * braking);
  action.fill(0);
  // Once it stands at the y face, it tolerates more along x than it would accept before.
  const atFace = Math.abs(o[8]) < 0.02 && Math.abs(o[6]) < 0.02 && o[7] * ey > 0;
  const alongX = Math.abs(ex) > (atFace ? 0.035 : 0.02);
  if (!alongX && Math.abs(ey) < 0.025) return;
  const ux = alongX ? Math.sign(ex) : 0;
  const uy = alongX ? 0 : Math.sign(ey);
  // Closed, the fingers reach 14 mm from their middle along x and 15 mm along y; the block 25 mm.
  if (!goBehind(o, ux, uy, 0.062, action)) return;
  const speed = Math.min(10 * Math.abs(alongX ? ex : ey), 0.5);
  action[0] = alongX ? ux * speed : o[6] / fullStep / 2;
  action[1] = alongX ? o[7] / fullStep / 2 : uy * speed;
  action[2] = (o[8] - 0.009) / fullStep / 2;
};

/** Above the block, down, grasp, carry. */
const pickAndPlace: Control = (o, goal, action) => {
  const aside = Math.hypot(o[6], o[7]);
  // The fingers close to 24 mm each about the block.
  const grasped = aside < 0.02 && Math.abs(o[8]) < 0.02 && (o[9] + o[10]) / 2 < 0.0265;
  if (grasped) {
    for (let i = 0; i < 3; i++) action[i] = (goal[i] - o[3 + i]) / fullStep;
    action[3] = -1;
    return;
  }
  const ready = aside < 0.012;
  moveTo(o, o[3], o[4], o[5] + (ready ? 0 : clearance), action);
  action[3] = ready && Math.abs(o[8]) < 0.01 ? -1 : 1;
};
