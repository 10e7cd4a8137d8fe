// The Fetch robot in MuJoCo as Gymnasium-Robotics 1.4.2 (v4) runs it: the same calls in the same order, in float64.
import type { Mujoco, MujocoModel } from '../../physics/bindings.js';
import { createPhysics, type Physics } from '../../physics/physics.js';
import { writeObservation } from './observation.js';
import { type FetchTask, taskSetups } from './tasks.js';

/** Physics steps of 2 ms per control step. */
const substeps = 20;
/** Of a control step, in seconds. */
export const period = substeps * 0.002;
/** Displacement of a full action in metres, as Python multiplies it: in float32, the type of its actions. */
export const fullStep = Math.fround(0.05);
/** Turn of the gripper that each action adds to its present one, as a quaternion; MuJoCo normalises the sum. */
const turn = [1, 0, 1, 0];

export interface FetchRobot {
  readonly physics: Physics;
  /** 10 or 25 numbers of the present time step; written by `reset` and `step`, not by restoring a state. */
  readonly observation: Float64Array;
  /** Three numbers of the observation: the object's place or, without object, the gripper's. */
  readonly achieved: Float64Array;
  /** Where the gripper starts every episode. */
  readonly initialGripper: Float64Array;
  /** How high the object's middle lies on the table; 0 without object. */
  readonly objectHeight: number;
  /** Begins an episode with the object at (x, y); without object the place is not looked at. */
  reset(objectPlace: ArrayLike<number>): void;
  /** A blow to the object or the gripper: see `Physics.push`. */
  push(thing: 'object' | 'gripper', velocity: readonly number[]): void;
  /** One control step; the four numbers are clipped to [-1, 1]. */
  step(action: ArrayLike<number>): void;
}

/** Builds the robot of a task on a compiled model, which stays the caller's. */
export function createRobot(mujoco: Mujoco, task: FetchTask, compiled: MujocoModel): FetchRobot {
  const setup = taskSetups[task];
  const physics = createPhysics(mujoco, { compiled, name: `fetch/${task}` });
  const { model, data } = physics;
  const { nv } = model;
  const [qpos, qvel, ctrl, sites, turns] = (['qpos', 'qvel', 'ctrl', 'site_xpos', 'site_xmat'] as const).map(
    physics.array,
  );
  const [bodies, bodyTurns, mocap, mocapTurn] = (['xpos', 'xquat', 'mocap_pos', 'mocap_quat'] as const).map(
    physics.array,
  );
  const grip = physics.index('site', 'robot0:grip');
  const hand = physics.index('body', 'robot0:gripper_link');
  const right = physics.jointAddress('robot0:r_gripper_finger_joint');
  const left = physics.jointAddress('robot0:l_gripper_finger_joint');
  const object = setup.object && {
    ...physics.jointAddress('object0:joint'),
    site: physics.index('site', 'object0'),
  };
  const driven = Array.from({ length: model.nu }, (_, i) => model.jnt_qposadr[model.actuator_trnid[2 * i]] as number);

  const observation = new Float64Array(object ? 25 : 10);
  const achieved = object ? observation.subarray(3, 6) : observation.subarray(0, 3);
  const jacobian = new mujoco.DoubleBuffer(3 * nv);
  const angularJacobian = new mujoco.DoubleBuffer(3 * nv);
  const now = {
    gripper: new Float64Array(3),
    gripperVelocity: new Float64Array(3),
    fingers: new Float64Array(2),
    fingerVelocities: new Float64Array(2),
    object: object && {
      position: new Float64Array(3),
      rotation: new Float64Array(9),
      velocity: new Float64Array(3),
      angularVelocity: new Float64Array(3),
    },
  };

  function copy(from: Float64Array, at: number, out: Float64Array): void {
    for (let i = 0; i < out.length; i++) out[i] = from[at + i];
  }

  /** Jacobian times qvel. Not MuJoCo's own site velocity: that is of the moment before the last substep. */
  function multiply(buffer: typeof jacobian, out: Float64Array): void {
    const matrix: Float64Array = buffer.GetView();
    const speeds = qvel();
    for (let i = 0; i < 3; i++) {
      let sum = 0;
      for (let j = 0; j < nv; j++) sum += matrix[i * nv + j] * speeds[j];
      out[i] = sum;
    }
  }

  function observe(): void {
    copy(sites(), 3 * grip, now.gripper);
    mujoco.mj_jacSite(model, data, jacobian, null, grip);
    multiply(jacobian, now.gripperVelocity);
    now.fingers[0] = qpos()[right.qpos];
    now.fingers[1] = qpos()[left.qpos];
    now.fingerVelocities[0] = qvel()[right.qvel];
    now.fingerVelocities[1] = qvel()[left.qvel];
    if (object && now.object) {
      copy(sites(), 3 * object.site, now.object.position);
      copy(turns(), 9 * object.site, now.object.rotation);
      mujoco.mj_jacSite(model, data, jacobian, angularJacobian, object.site);
      multiply(jacobian, now.object.velocity);
      multiply(angularJacobian, now.object.angularVelocity);
    }
    writeObservation(now, observation);
  }

  /**
   * Puts the mocap body, to which the gripper is welded, where the gripper is. Python does it at the beginning of a step,
   * with places that may be a substep old; done at the end, it needs nothing that a saved state would not hold.
   */
  function followGripper(): void {
    const place = mocap();
    const quaternion = mocapTurn();
    for (let i = 0; i < 3; i++) place[i] = bodies()[3 * hand + i];
    for (let i = 0; i < 4; i++) quaternion[i] = bodyTurns()[4 * hand + i];
  }

  // The start that all episodes share: `_env_setup`.
  for (let i = 0; i < 3; i++) qpos()[physics.jointAddress(`robot0:slide${i}`).qpos] = setup.base[i];
  if (object) qpos().set(setup.object ?? [], object.qpos);
  // The weld's own offset goes (its first seven numbers): the gripper is drawn to the mocap body itself.
  model.eq_data.set([0, 0, 0, 0, 0, 0, 1], 0);
  physics.modelChanged();
  physics.forwardDynamics();
  physics.forwardDynamics();
  const lowest = [-0.498, 0.005, -0.431 + setup.gripperExtraHeight];
  mocap().set(lowest.map((offset, i) => offset + sites()[3 * grip + i]));
  mocapTurn().set(turn);
  physics.advance(10 * substeps);
  const initialGripper = sites().slice(3 * grip, 3 * grip + 3);
  const objectHeight = object ? sites()[3 * object.site + 2] : 0;
  const initial = { time: data.time as number, qpos: qpos().slice(), qvel: qvel().slice() };

  return {
    physics: {
      ...physics,
      dispose() {
        jacobian.delete();
        angularJacobian.delete();
        physics.dispose();
      },
    },
    observation,
    achieved,
    initialGripper,
    objectHeight,
    reset(objectPlace) {
      mujoco.mj_resetData(model, data);
      data.time = initial.time;
      qpos().set(initial.qpos);
      qvel().set(initial.qvel);
      if (object) for (let i = 0; i < 2; i++) qpos()[object.qpos + i] = objectPlace[i];
      physics.forwardDynamics();
      followGripper();
      observe();
    },
    push(thing, velocity) {
      physics.push(thing === 'object' ? physics.index('body', 'object0') : hand, velocity);
      observe();
    },
    step(action) {
      const opening = clamp(action[3]);
      for (let i = 0; i < driven.length; i++) ctrl()[i] = qpos()[driven[i]] + opening;
      const place = mocap();
      const quaternion = mocapTurn();
      for (let i = 0; i < 3; i++) place[i] += Math.fround(clamp(action[i]) * fullStep);
      for (let i = 0; i < 4; i++) quaternion[i] += turn[i];
      physics.advance(substeps, setup.blockGripper);
      if (setup.blockGripper) {
        qpos()[left.qpos] = 0;
        qpos()[right.qpos] = 0;
        physics.forwardDynamics();
      }
      followGripper();
      observe();
    },
  };
}

const clamp = (value: number) => Math.min(Math.max(value, -1), 1);
