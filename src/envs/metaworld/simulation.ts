// A Meta-World task as a simulation: the robot, what episodes draw, and the rules.

import type { Mujoco, MujocoModel } from '../../physics/bindings.js';
import { compileModel } from '../../physics/compile.js';
import { createPhysics, type Physics } from '../../physics/physics.js';
import { listShapes } from '../../physics/scene.js';
import { moveAlong } from '../controls.js';
import type { AnySimulation, SimulationBase, SimulationStep } from '../env.js';
import { type MetaworldAssets, modelSource } from './assets.js';
import { hasTargetAsGoal, type MetaworldOptions, metaworldRules } from './rules.js';
import { createSawyer, fullStep, period } from './sawyer.js';
import { drawStart, type MetaworldTask, taskSetups } from './tasks.js';

/** Compiled models by the files they are of and their file's name, which two tasks may share. */
const compiled = new WeakMap<MetaworldAssets, Map<string, MujocoModel>>();

/** A task's model, to be stepped, or to be looked at. */
export function compileMetaworld(
  mujoco: Mujoco,
  task: MetaworldTask,
  files: MetaworldAssets,
  use: 'step' | 'look' = 'step',
): MujocoModel {
  const { model, showsLooks } = taskSetups[task];
  const looks = use === 'look' || showsLooks === true;
  const models = compiled.get(files) ?? new Map<string, MujocoModel>();
  compiled.set(files, models);
  const name = looks ? model : `${model} without looks`;
  const known = models.get(name) ?? compileModel(mujoco, modelSource(task, files, looks));
  models.set(name, known);
  return known;
}

/** Of the target's marker, in metres. */
const targetRadius = 0.02;

/** Builds a task's simulation; `createGoalEnv` makes an environment of it. */
export function createMetaworld(
  mujoco: Mujoco,
  task: MetaworldTask,
  options: MetaworldOptions,
  files: MetaworldAssets,
): AnySimulation {
  const setup = taskSetups[task];
  const sawyer = createSawyer(mujoco, task, compileMetaworld(mujoco, task, files));
  const { physics, observation, achieved, target } = sawyer;
  /** What is drawn, from the first picture on. */
  let drawn: Physics | undefined;
  const vector = new Float64Array(setup.from.length);
  const asGoal = hasTargetAsGoal(options);
  const { spec, ...rules } = metaworldRules(task, options);
  const seen = observation.subarray(0, spec.observation.size);

  function show(now: SimulationStep): void {
    now.observation.set(seen);
    if (asGoal) now.achieved.set(achieved);
  }

  const base: SimulationBase<typeof spec> = {
    spec,
    reset(random, now) {
      drawStart(random, setup, vector);
      sawyer.begin(vector);
      show(now);
      if (asGoal) now.goal.set(target);
    },
    step(action, now) {
      now.reward[0] = sawyer.step(action); // with goals the rules take its place
      show(now);
    },
    controls: ({ observation: o }) => ({
      period,
      // The hand lags behind what draws it, so it is sent slower from 4 cm on, as the scripted policies do.
      move: moveAlong(3, 4 * fullStep),
      place: [o[0], o[1], o[2]],
      grip: { number: 3, open: -1 },
      startsOpen: true,
    }),
    scene(now) {
      // Without the translucent box that marks the mocap body, through which the hand is moved.
      drawn ??= createPhysics(mujoco, {
        compiled: compileMetaworld(mujoco, task, files, 'look'),
        name: `metaworld/${task}`,
      });
      sawyer.pose(drawn);
      const shapes = listShapes(drawn).filter(({ color }) => color[3] === 1);
      const position = Array.from(asGoal ? now.goal : target);
      shapes.push({ kind: 'sphere', size: [targetRadius], position, color: [0.95, 0.05, 0.08, 0.8], name: 'goal' });
      return { dimensions: 3, shapes };
    },
    saveState: sawyer.saveState,
    restoreState: sawyer.restoreState,
    dispose() {
      drawn?.dispose();
      physics.dispose();
    },
  };
  if (!asGoal) return { ...base, isSuccess: sawyer.isSuccess };
  return {
    ...base,
    ...rules,
    goalAt(place, goal) {
      if (place.length !== 3) return false;
      const [low, high] = setup.goals;
      for (let i = 0; i < 3; i++) goal[i] = Math.min(Math.max(place[i], low[i]), high[i]);
      return true;
    },
  };
}
