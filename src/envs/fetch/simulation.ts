// A Fetch task as a simulation: the robot, what episodes draw, and the rules.

import type { Mujoco, MujocoModel } from '../../physics/bindings.js';
import { compileModel } from '../../physics/compile.js';
import { listShapes } from '../../physics/scene.js';
import { moveAlong } from '../controls.js';
import type { Simulation, TimeStep } from '../env.js';
import { type FetchAssets, modelSource } from './assets.js';
import { createRobot, fullStep, period } from './robot.js';
import { type FetchOptions, fetchRules } from './rules.js';
import { drawGoal, drawObject, type FetchTask, taskSetups } from './tasks.js';

/** Compiled models by the files they are of: compiling takes most of a second, a copy of the result next to nothing. */
const compiled = new WeakMap<FetchAssets, Map<FetchTask, MujocoModel>>();

export function compileFetch(mujoco: Mujoco, task: FetchTask, files: FetchAssets): MujocoModel {
  const models = compiled.get(files) ?? new Map<FetchTask, MujocoModel>();
  compiled.set(files, models);
  const model = models.get(task) ?? compileModel(mujoco, modelSource(task, files));
  models.set(task, model);
  return model;
}

/** Of the goal's marker, in metres. */
const goalRadius = 0.03;

/** Builds a task's simulation; `createGoalEnv` makes an environment of it. */
export function createFetch(mujoco: Mujoco, task: FetchTask, options: FetchOptions, files: FetchAssets): Simulation {
  const setup = taskSetups[task];
  const robot = createRobot(mujoco, task, compileFetch(mujoco, task, files));
  const { physics, observation, achieved, initialGripper, objectHeight } = robot;
  const place = new Float64Array(2);

  function show(now: TimeStep): void {
    now.observation.set(observation);
    now.achieved.set(achieved);
  }

  return {
    ...fetchRules(task, options),
    reset(random, now) {
      if (setup.object) drawObject(random, setup, initialGripper, place);
      robot.reset(place);
      drawGoal(random, setup, initialGripper, objectHeight, now.goal);
      show(now);
    },
    step(action, now) {
      robot.step(action);
      show(now);
    },
    scene(now) {
      // Without the translucent cross that marks the mocap body, through which the gripper is moved.
      const shapes = listShapes(physics).filter(({ name, color }) => name !== undefined || color[3] === 1);
      const position = Array.from(now.goal);
      shapes.push({ kind: 'sphere', size: [goalRadius], position, color: [0.95, 0.05, 0.08, 0.8], name: 'goal' });
      return { dimensions: 3, shapes };
    },
    controls: ({ observation: o }) => ({
      period,
      move: moveAlong(3, fullStep),
      place: [o[0], o[1], o[2]],
      ...(!setup.blockGripper && { grip: { number: 3, open: 1 } }),
    }),
    goalAt(place, goal) {
      if (place.length !== 3) return false;
      const clip = (value: number, from: number, to: number) => Math.min(Math.max(value, from), to);
      const { object, targetRange, targetOffset, targetInTheAir } = setup;
      for (let i = 0; i < 3; i++) {
        const middle = initialGripper[i] + (object && i === 0 ? targetOffset : 0);
        goal[i] = clip(place[i], middle - targetRange, middle + targetRange);
      }
      if (object) goal[2] = clip(place[2], objectHeight, objectHeight + (targetInTheAir ? 0.45 : 0));
      return true;
    },
    pushable: setup.object ? ['object', 'gripper'] : ['gripper'],
    push(thing, velocity, now) {
      robot.push(thing === 'object' ? 'object' : 'gripper', velocity);
      show(now);
    },
    saveState: physics.save,
    restoreState: physics.restore,
    dispose: physics.dispose,
  };
}
