// The arm in MuJoCo: Cartesian displacement actions through closed-form inverse kinematics and joint servos.

import type { Mujoco } from '../../physics/bindings.js';
import { createPhysics } from '../../physics/physics.js';
import { listShapes } from '../../physics/scene.js';
import type { Random } from '../../random.js';
import type { Simulation, TimeStep } from '../env.js';
import { geometry, inverseKinematics, limitPosition } from './kinematics.js';
import { armModel, controlPeriod, objectHalfHeight, tableExtent } from './model.js';
import { type ArmOptions, type ArmTask, armRules } from './rules.js';
import { taskSetup } from './tasks.js';

/** Largest displacement per control step along each axis, in metres: 1 m/s. */
const maxDisplacement = 0.04;
/** Opening of each finger from the middle, in metres: 10 cm between the two. */
const maxOpening = 0.05;
/** How far the commanded position may run ahead of the gripper when something holds it back, in metres. */
const leash = 0.03;
/** Physics steps of 4 ms per control step. */
const substeps = 10;
const armJoints = 6;
/** Radius of the goal's marker, in metres. */
const goalRadius = 0.03;

/** Builds a task's simulation; `createGoalEnv` makes an environment of it. */
export function createArm(mujoco: Mujoco, task: ArmTask, options: ArmOptions): Simulation {
  const setup = taskSetup(task);
  const { low, high } = setup;
  const hasObject = setup.object !== 'none';
  const physics = createPhysics(mujoco, { xml: armModel(setup.object, substeps), name: `arm/${task}` });
  const [qpos, qvel, ctrl, sites] = (['qpos', 'qvel', 'ctrl', 'site_xpos'] as const).map(physics.array);
  // The commanded position of the gripper lives in MuJoCo's user data, so that it is part of the saved state.
  const command = physics.array('userdata');
  const grip = physics.index('site', 'grip');
  const leftFinger = physics.jointAddress('left-finger');
  const rightFinger = physics.jointAddress('right-finger');
  const object = hasObject ? physics.jointAddress('object') : { qpos: 0, qvel: 0 };
  const objectSite = hasObject ? physics.index('site', 'object') : 0;
  // A servo's force is kp (ctrl - angle) - kv speed: a command ahead by kv/kp times the wanted speed cancels the lag.
  const lead = Array.from({ length: armJoints }, (_, i) => {
    const width = physics.model.actuator_biasprm.length / physics.model.nu;
    return -physics.model.actuator_biasprm[i * width + 2] / physics.model.actuator_gainprm[i * width];
  });

  const handBody = physics.index('body', 'hand');
  const objectBody = hasObject ? physics.index('body', 'object') : 0;
  const pointed = new Float64Array(3);

  const from = new Float64Array(armJoints);
  const to = new Float64Array(armJoints);
  const gripVelocity = new Float64Array(6);
  const objectVelocity = new Float64Array(6);
  const start = createStart();

  /** The state in which every episode begins, up to the object's place: at rest, gripper at home. */
  function createStart(): Uint8Array {
    physics.reset();
    inverseKinematics(setup.home, to);
    qpos().set(to);
    ctrl().set(to);
    const opening = setup.gripper ? maxOpening : 0;
    for (const [i, finger] of [leftFinger, rightFinger].entries()) {
      qpos()[finger.qpos] = opening;
      ctrl()[armJoints + i] = opening;
    }
    command().set(setup.home);
    physics.forward();
    return physics.save();
  }

  function reset(random: Random, now: TimeStep): void {
    physics.restore(start);
    if (hasObject) {
      const [x, y] = setup.home;
      const q = qpos();
      do {
        q[object.qpos] = x + setup.objectRange * (2 * random.uniform() - 1);
        q[object.qpos + 1] = y + setup.objectRange * (2 * random.uniform() - 1);
      } while (Math.hypot(q[object.qpos] - x, q[object.qpos + 1] - y) < 0.1);
      physics.forward();
    }
    setup.drawGoal(random, now.goal);
    observe(now);
  }

  function step(action: ArrayLike<number>, now: TimeStep): void {
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
    const opening = setup.gripper ? (maxOpening * (1 + clampUnit(action[3]))) / 2 : 0;
    for (let k = 1; k <= substeps; k++) {
      const c = ctrl();
      for (let j = 0; j < armJoints; j++) {
        const change = to[j] - from[j];
        c[j] = from[j] + (change * k) / substeps + (change * lead[j]) / controlPeriod;
      }
      c[armJoints] = opening;
      c[armJoints + 1] = opening;
      physics.step();
    }
    observe(now);
  }

  function observe(now: TimeStep): void {
    const { observation: o, achieved } = now;
    const site = sites();
    const q = qpos();
    const v = qvel();
    physics.siteVelocity(grip, gripVelocity);
    let k = 0;
    for (let i = 0; i < 3; i++) o[k++] = site[3 * grip + i];
    if (hasObject) {
      for (let i = 0; i < 3; i++) o[k++] = site[3 * objectSite + i];
      for (let i = 0; i < 3; i++) o[k++] = site[3 * objectSite + i] - site[3 * grip + i];
    }
    o[k++] = q[leftFinger.qpos];
    o[k++] = q[rightFinger.qpos];
    // Velocities are per control step, so that they are of the size of the displacements they cause.
    if (hasObject) {
      physics.siteVelocity(objectSite, objectVelocity);
      writeEulerAngles(q, object.qpos + 3, o, k);
      k += 3;
      for (let i = 0; i < 3; i++) o[k++] = (objectVelocity[i] - gripVelocity[i]) * controlPeriod;
      for (let i = 3; i < 6; i++) o[k++] = objectVelocity[i] * controlPeriod;
    }
    for (let i = 0; i < 3; i++) o[k++] = gripVelocity[i] * controlPeriod;
    o[k++] = v[leftFinger.qvel] * controlPeriod;
    o[k] = v[rightFinger.qvel] * controlPeriod;
    const first = hasObject ? 3 : 0;
    for (let i = 0; i < 3; i++) achieved[i] = o[first + i];
  }

  return {
    ...armRules(task, options),
    reset,
    step,
    scene(now) {
      const shapes = listShapes(physics);
      const position = Array.from(now.goal);
      shapes.push({ kind: 'sphere', size: [goalRadius], position, color: [0.95, 0.08, 0.1, 0.6], name: 'goal' });
      return { dimensions: 3, shapes };
    },
    goalAt(place, goal) {
      if (place.length !== 3) return false;
      // What is sent away may go beyond the gripper's reach, but not off the table.
      const [near, far, halfWidth] = tableExtent('puck');
      const bounds = task === 'slide' ? [near + 0.1, far - 0.1, halfWidth - 0.1] : undefined;
      const height = setup.object === 'none' ? undefined : geometry.table + objectHalfHeight[setup.object];
      if (bounds) {
        goal[0] = Math.min(Math.max(place[0], bounds[0]), bounds[1]);
        goal[1] = Math.min(Math.max(place[1], -bounds[2]), bounds[2]);
      } else {
        pointed.set(place);
        limitPosition(pointed, low, high);
        goal.set(pointed);
      }
      if (height !== undefined) goal[2] = setup.gripper ? Math.max(goal[2], height) : height;
      return true;
    },
    pushable: hasObject ? ['object', 'gripper'] : ['gripper'],
    push(thing, velocity, now) {
      physics.push(thing === 'object' ? objectBody : handBody, velocity);
      observe(now);
    },
    saveState: physics.save,
    restoreState: physics.restore,
    dispose: physics.dispose,
  };
}

const clampUnit = (value: number) => Math.min(Math.max(value, -1), 1);

/** Angles about the fixed axes x, y, z (radians) of the quaternion at q[at]; the inverse of turning by x, then y, then z. */
function writeEulerAngles(q: Float64Array, at: number, out: Float32Array, k: number): void {
  const w = q[at];
  const x = q[at + 1];
  const y = q[at + 2];
  const z = q[at + 3];
  out[k] = Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y));
  out[k + 1] = Math.asin(Math.min(Math.max(2 * (w * y - z * x), -1), 1));
  out[k + 2] = Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
}
