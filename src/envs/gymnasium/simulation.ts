// A MuJoCo task of Gymnasium as a simulation: what its Python class does around the engine, step for step.
import type { Mujoco, MujocoModel } from '../../physics/bindings.js';
import { compileModel } from '../../physics/compile.js';
import { createPhysics } from '../../physics/physics.js';
import { listShapes } from '../../physics/scene.js';
import type { PlainSimulation } from '../env.js';
import type { GymnasiumAssets } from './assets.js';
import { type GymnasiumOptions, gymnasiumRules } from './rules.js';
import { type GymnasiumTask, type Moment, taskSetups } from './tasks.js';

/** Compiled models by the files they are of. */
const compiled = new WeakMap<GymnasiumAssets, Map<GymnasiumTask, MujocoModel>>();

function modelOf(mujoco: Mujoco, task: GymnasiumTask, files: GymnasiumAssets): MujocoModel {
  const models = compiled.get(files) ?? new Map<GymnasiumTask, MujocoModel>();
  compiled.set(files, models);
  const xml = new TextDecoder().decode(files[taskSetups[task].model]);
  const known = models.get(task) ?? compileModel(mujoco, { xml, name: `gymnasium/${task}` });
  models.set(task, known);
  return known;
}

/** The task in float64, as Python has it. */
export interface GymnasiumCore {
  readonly observation: Float64Array;
  /** An episode begins with these positions and velocities. */
  begin(qpos: ArrayLike<number>, qvel: ArrayLike<number>): void;
  /** Takes an action and gives the reward. */
  step(action: ArrayLike<number>): number;
  /** Whether the episode ends here, other than by its time limit. */
  ends(): boolean;
}

export function createGymnasium(
  mujoco: Mujoco,
  task: GymnasiumTask,
  options: GymnasiumOptions,
  files: GymnasiumAssets,
): PlainSimulation & { readonly core: GymnasiumCore } {
  const setup = taskSetups[task];
  const physics = createPhysics(mujoco, { compiled: modelOf(mujoco, task, files), name: `gymnasium/${task}` });
  const { model, data } = physics;
  const { spec } = gymnasiumRules(task, options);
  const [qpos, qvel, ctrl, xpos] = (['qpos', 'qvel', 'ctrl', 'xpos'] as const).map(physics.array);
  const forces = physics.array('cfrc_ext');
  const bodies = setup.bodies.map((name) => physics.index('body', name));
  const places = bodies.map(() => new Float64Array(3));
  const seconds = model.opt.timestep * setup.frameSkip;
  const observation = new Float64Array(spec.observation.size);
  const [startPositions, startVelocities] = [new Float64Array(model.nq), new Float64Array(model.nv)];
  /**
   * What `forward` said last. Places of bodies are those of the last call of the engine, which a restored state does not
   * have, so this is part of what is saved.
   */
  const before = new Float64Array(1);
  const now = { qpos: qpos(), qvel: qvel(), places, contactForces: forces(), speed: 0 } satisfies Moment;

  function look(): void {
    [now.qpos, now.qvel, now.contactForces] = [qpos(), qvel(), forces()];
    const all = xpos();
    bodies.forEach((body, k) => {
      for (let i = 0; i < 3; i++) places[k][i] = all[3 * body + i];
    });
    const at = setup.forward?.(now) ?? 0;
    now.speed = (at - before[0]) / seconds;
    before[0] = at;
    setup.observe(now, observation);
  }

  const core: GymnasiumCore = {
    observation,
    begin(positions, velocities) {
      physics.reset();
      qpos().set(positions);
      qvel().set(velocities);
      physics.forwardDynamics();
      look();
    },
    step(action) {
      ctrl().set(action);
      physics.advance(setup.frameSkip);
      if (setup.readsContacts) mujoco.mj_rnePostConstraint(model, data);
      look();
      return setup.reward(now, action);
    },
    ends: () => setup.ends?.(now) ?? false,
  };

  return {
    core,
    spec,
    reset(random, shown) {
      startPositions.set(model.qpos0);
      startVelocities.fill(0);
      setup.start(random, startPositions, startVelocities);
      core.begin(startPositions, startVelocities);
      shown.observation.set(observation);
    },
    step(action, shown) {
      shown.reward[0] = core.step(action);
      shown.observation.set(observation);
      return core.ends();
    },
    scene() {
      physics.forward(); // what is drawn is where it is
      return { dimensions: 3, shapes: listShapes(physics) };
    },
    saveState() {
      const state = physics.save();
      const bytes = new Uint8Array(state.length + before.byteLength);
      bytes.set(state);
      bytes.set(new Uint8Array(before.buffer), state.length);
      return bytes;
    },
    restoreState(bytes) {
      const end = bytes.length - before.byteLength;
      physics.restore(bytes.slice(0, end));
      new Uint8Array(before.buffer).set(bytes.subarray(end));
    },
    dispose: () => physics.dispose(),
  };
}
