// The arm's tasks in MuJoCo: starts, steps, observations.

import type { Mujoco } from '../../physics/bindings.js';
import { createPhysics } from '../../physics/physics.js';
import { listShapes } from '../../physics/scene.js';
import type { Random } from '../../random.js';
import type { Filmed } from '../camera.js';
import { moveAlong } from '../controls.js';
import type { Simulation, TimeStep } from '../env.js';
import { controlPeriod, createArmControl, maxDisplacement } from './control.js';
import { geometry, limitPosition } from './kinematics.js';
import { armModel, objectHalfHeight, tableExtent } from './model.js';
import { type ArmOptions, type ArmTask, armRules } from './rules.js';
import { taskSetup } from './tasks.js';
import { filmRobot } from './views.js';

/** Physics steps of 4 ms per control step. */
const substeps = 10;
/** How high the gripper is above what it has pushed, in pictures of goals, in metres. */
const clearance = 0.1;
/** Radius of the goal's marker, in metres. */
const goalRadius = 0.03;

/** Builds a task's simulation; `createGoalEnv` makes an environment of it. */
export function createArm(mujoco: Mujoco, task: ArmTask, options: ArmOptions): Simulation & Filmed {
  const setup = taskSetup(task);
  const { low, high } = setup;
  const hasObject = setup.object !== 'none';
  const physics = createPhysics(mujoco, { xml: armModel(setup.object, substeps), name: `arm/${task}` });
  const [qpos, qvel, sites] = (['qpos', 'qvel', 'site_xpos'] as const).map(physics.array);
  const control = createArmControl(physics, substeps, low, high);
  const { grip, fingers } = control;
  const [leftFinger, rightFinger] = fingers;
  const object = hasObject ? physics.jointAddress('object') : { qpos: 0, qvel: 0 };
  const objectSite = hasObject ? physics.index('site', 'object') : 0;
  const handBody = physics.index('body', 'hand');
  const objectBody = hasObject ? physics.index('body', 'object') : 0;
  const pointed = new Float64Array(3);

  const gripVelocity = new Float64Array(6);
  const objectVelocity = new Float64Array(6);
  const start = createStart();

  /** The state in which every episode begins, up to the object's place: at rest, gripper at home. */
  function createStart(): Uint8Array {
    physics.reset();
    control.place(setup.home, setup.gripper);
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
    control.move(action, setup.gripper ? action[3] : -1);
    observe(now);
  }

  /** Where the goal is reached: what it is about lies there; the gripper holds a block, and has let go of what was pushed. */
  function pose(goal: ArrayLike<number>): void {
    pointed.set(goal);
    if (hasObject && !setup.gripper) pointed[2] += clearance;
    limitPosition(pointed, low, high);
    control.place(pointed, setup.gripper);
    if (hasObject) qpos().set(goal, object.qpos);
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
    ...filmRobot(physics, grip, pose),
    reset,
    step,
    scene(now) {
      const shapes = listShapes(physics);
      const position = Array.from(now.goal);
      shapes.push({ kind: 'sphere', size: [goalRadius], position, color: [0.95, 0.08, 0.1, 0.6], name: 'goal' });
      return { dimensions: 3, shapes };
    },
    controls: ({ observation: o }) => ({
      period: controlPeriod,
      move: moveAlong(3, maxDisplacement),
      place: [o[0], o[1], o[2]],
      ...(setup.gripper && { grip: { number: 3, open: 1 }, startsOpen: true }),
    }),
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
