// Cartesian displacement actions for the robot: closed-form inverse kinematics and joint servos.
import type { Physics } from '../../physics/physics.js';
import { inverseKinematics, limitPosition } from './kinematics.js';

/** Control period in seconds: 25 Hz. */
export const controlPeriod = 0.04;
/** Largest displacement per control step along each axis, in metres: 1 m/s. */
export const maxDisplacement = 0.04;
/** Opening of each finger from the middle, in metres: 10 cm between the two. */
const maxOpening = 0.05;
/** How far the commanded position may run ahead of the gripper when something holds it back, in metres. */
const leash = 0.03;
const armJoints = 6;

export interface ArmControl {
  /** First indices of the fingers' joints, left and right, in qpos and qvel. */
  readonly fingers: readonly { readonly qpos: number; readonly qvel: number }[];
  /** The site between the fingertips. */
  readonly grip: number;
  /** At rest with the gripper at `position` (metres), fully open or closed; `physics.forward` has to follow. */
  place(position: ArrayLike<number>, open: boolean): void;
  /** One control period: moves by action[0..2] times 4 cm; `opening` from -1, closed, to 1. */
  move(action: ArrayLike<number>, opening: number): void;
}

/**
 * Control of the robot in a model that begins with its joints and actuators (robot.ts) and has three numbers of user data,
 * which hold the commanded position, so that it is part of the saved state. `low` and `high` bound the gripper.
 */
export function createArmControl(
  physics: Physics,
  substeps: number,
  low: readonly number[],
  high: readonly number[],
): ArmControl {
  const [qpos, ctrl, sites] = (['qpos', 'ctrl', 'site_xpos'] as const).map(physics.array);
  const command = physics.array('userdata');
  const grip = physics.index('site', 'grip');
  const fingers = [physics.jointAddress('left-finger'), physics.jointAddress('right-finger')];
  // A servo's force is kp (ctrl - angle) - kv speed: a command ahead by kv/kp times the wanted speed cancels the lag.
  const lead = Array.from({ length: armJoints }, (_, i) => {
    const width = physics.model.actuator_biasprm.length / physics.model.nu;
    return -physics.model.actuator_biasprm[i * width + 2] / physics.model.actuator_gainprm[i * width];
  });
  const from = new Float64Array(armJoints);
  const to = new Float64Array(armJoints);
  let spread = 0;

  /** The command at a substep: along the way from `from` to `to`. */
  function drive(substep: number): void {
    const c = ctrl();
    for (let j = 0; j < armJoints; j++) {
      const change = to[j] - from[j];
      c[j] = from[j] + (change * (substep + 1)) / substeps + (change * lead[j]) / controlPeriod;
    }
    c[armJoints] = spread;
    c[armJoints + 1] = spread;
  }

  const how = { drive, forces: false };
  return {
    fingers,
    grip,
    place(position, open) {
      inverseKinematics(position, to);
      qpos().set(to);
      ctrl().set(to);
      const opening = open ? maxOpening : 0;
      for (let i = 0; i < 2; i++) {
        qpos()[fingers[i].qpos] = opening;
        ctrl()[armJoints + i] = opening;
      }
      command().set(position);
    },
    move(action, opening) {
      const target = command();
      const position = sites();
      // What holds the gripper back also holds the command back, or it would wind up and spring loose later.
      for (let i = 0; i < 3; i++) {
        const actual = position[3 * grip + i];
        target[i] = Math.min(Math.max(target[i], actual - leash), actual + leash);
      }
      limitPosition(target, low, high);
      inverseKinematics(target, from);
      for (let i = 0; i < 3; i++) target[i] += maxDisplacement * clampUnit(action[i]);
      limitPosition(target, low, high);
      inverseKinematics(target, to);
      spread = (maxOpening * (1 + clampUnit(opening))) / 2;
      physics.step(substeps, how);
    },
  };
}

const clampUnit = (value: number) => Math.min(Math.max(value, -1), 1);
