// One MuJoCo simulation: step it, save and restore it exactly, look things up by name.

import { RunError, unknownName } from '../errors.js';
import type { DataArray, Mujoco, MujocoData, MujocoModel } from './bindings.js';
import { compileModel, type ModelSource } from './compile.js';
import { needingMemory } from './memory.js';
import { type NamedKind, names } from './names.js';
import { lastingView } from './views.js';

/** A model compiled before (`compileModel`), for further simulations of it at no cost. The simulation takes a copy. */
export interface CompiledModel {
  readonly compiled: MujocoModel;
  readonly name?: string;
}

export interface StepOptions {
  /** Called before each substep with its number from 0 on, to write to ctrl and to nothing else. */
  readonly drive?: (substep: number) => void;
  /** False: nobody reads forces, accelerations and their sensors, which may then be of an earlier step. Default: true. */
  readonly forces?: boolean;
}

export interface Physics {
  readonly mujoco: Mujoco;
  readonly model: MujocoModel;
  readonly data: MujocoData;
  /**
   * Access to an array of mjData without allocation: call the returned function each time before use. The array lies in
   * WebAssembly memory, which moves when it grows (any new model may cause that), so do not keep it over other calls.
   */
  array(name: DataArray): () => Float64Array;
  /** Index of a named thing. @throws UsageError that lists the nearest names. */
  index(kind: NamedKind, name: string): number;
  /** First index of a joint in qpos and in qvel. */
  jointAddress(name: string): { readonly qpos: number; readonly qvel: number };
  /**
   * Advances `substeps` time steps; positions, velocities and contacts are current afterwards. Forces, accelerations and
   * their sensors are those of the last substep, as after `mj_step`. @throws RunError on divergence.
   */
  step(substeps?: number, how?: StepOptions): void;
  /**
   * Advances by `mj_step` itself, as MuJoCo's other users do: what follows from positions and velocities (places of bodies
   * and sites, contacts) is then that of the beginning of the last substep. `onlyState`: all that follows from the state may
   * be left as it was, because `forwardDynamics` comes next. @throws RunError on divergence.
   */
  advance(substeps: number, onlyState?: boolean): void;
  /** To be called after the first substep wherever something has written to `model`: native physics steps a copy of it. */
  modelChanged(): void;
  /** Back to the model's initial state, whatever happened before. */
  reset(): void;
  /**
   * Makes everything derived current after writing to the state, forces, accelerations and all sensors included. What
   * follows is the same whether it was called or not: the solver's warm start stays as it is.
   */
  forward(): void;
  /** `mj_forward` as it is: as `forward`, but sets the solver's warm start too, which is part of the state. */
  forwardDynamics(): void;
  /**
   * Changes velocities as a blow to a body's centre of mass would: afterwards its velocity along `velocity` ([x, y, z], m/s)
   * is larger by that much, and what hangs on it gives way. Nothing happens to bodies that cannot move that way.
   */
  push(body: number, velocity: readonly number[]): void;
  /** Linear and angular velocity of a site in world axes, written to out[0..2] (m/s) and out[3..5] (rad/s). */
  siteVelocity(site: number, out: Float64Array): void;
  /** The complete state (mjSTATE_INTEGRATION, warm start and controls included): going on from it is bit-identical. */
  save(): Uint8Array;
  /** @throws RunError when the bytes belong to another model. */
  restore(state: Uint8Array): void;
  /** Frees the memory outside JavaScript. */
  dispose(): void;
}

/** A simulation of a model. @throws UsageError with MuJoCo's own message, which names the element and the line. */
export function createPhysics(mujoco: Mujoco, source: ModelSource | CompiledModel): Physics {
  const called = `a simulation${source.name ? ` of "${source.name}"` : ''}`;
  const model =
    'compiled' in source
      ? needingMemory(called, () => new mujoco.MjModel(source.compiled))
      : compileModel(mujoco, source);
  // A diverged simulation shall be reported, not silently put back to its start.
  model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_AUTORESET.value;
  const data = needingMemory(called, () => {
    try {
      return new mujoco.MjData(model);
    } catch (error) {
      model.delete();
      throw error;
    }
  });
  const signature = mujoco.mjtState.mjSTATE_INTEGRATION.value;
  const stateSize = mujoco.mj_stateSize(model, signature);
  const state = new mujoco.DoubleBuffer(stateSize);
  const velocity = new mujoco.DoubleBuffer(6);
  const siteType = mujoco.mjtObj.mjOBJ_SITE.value;
  const splitSteps = model.opt.integrator !== mujoco.mjtIntegrator.mjINT_RK4.value;
  const native = mujoco.native?.({ model, data, name: source.name });

  const array = (name: DataArray) => lastingView(() => data[name]);
  const stateView = lastingView(() => state.GetView());
  const velocityView = lastingView(() => velocity.GetView());
  const qvel = array('qvel');
  const warmStart = array('qacc_warmstart');

  /** Everything that MuJoCo computes of a state, and the state as it was. */
  function forward(): void {
    const kept = warmStart().slice();
    mujoco.mj_forward(model, data);
    warmStart().set(kept);
  }
  forward();

  function checkFinite(): void {
    const speeds = qvel();
    let sum = 0;
    for (let i = 0; i < speeds.length; i++) sum += speeds[i];
    if (!(Math.abs(sum) < 1e10)) {
      throw new RunError(
        `the simulation${source.name ? ` of ${source.name}` : ''} diverged at ${data.time.toFixed(3)} s; use a smaller time step, softer contacts or weaker actuators.`,
      );
    }
  }

  function index(kind: NamedKind, name: string): number {
    const id = mujoco.mj_name2id(model, objectType(mujoco, kind), name);
    if (id < 0) throw unknownName(kind, name, names(model, kind).filter(Boolean));
    return id;
  }

  let disposed = false;
  return {
    mujoco,
    model,
    data,
    array,
    index,
    jointAddress(name) {
      const joint = index('joint', name);
      return { qpos: model.jnt_qposadr[joint], qvel: model.jnt_dofadr[joint] };
    },
    step(substeps = 1, { drive, forces = true } = {}) {
      let done = native?.run(forces ? substeps - 1 : substeps, drive) ?? 0;
      if (done > 0 && splitSteps) mujoco.mj_step1(model, data);
      // The second half of a step before the first half of the next: derived quantities end up current, at no cost.
      for (; done < substeps; done++) {
        drive?.(done);
        if (splitSteps) {
          mujoco.mj_step2(model, data);
          mujoco.mj_step1(model, data);
        } else mujoco.mj_step(model, data);
      }
      if (!splitSteps) mujoco.mj_step1(model, data);
      checkFinite();
    },
    advance(substeps, onlyState = false) {
      let done = native?.run(onlyState ? substeps : substeps - 1) ?? 0;
      for (; done < substeps; done++) mujoco.mj_step(model, data);
      checkFinite();
    },
    modelChanged: () => native?.modelChanged(),
    reset() {
      mujoco.mj_resetData(model, data);
      forward();
    },
    forward,
    forwardDynamics: () => mujoco.mj_forward(model, data),
    push(body, velocity) {
      // Impulse p gives velocities M^-1 J' p; p along `velocity`, as large as that its own share becomes `velocity`.
      const { nv } = model;
      const jacobian = new mujoco.DoubleBuffer(3 * nv);
      const change = new mujoco.DoubleBuffer(nv);
      try {
        mujoco.mj_jacBodyCom(model, data, jacobian, null, body);
        const matrix: Float64Array = jacobian.GetView();
        const along = Array.from({ length: nv }, (_, j) =>
          velocity.reduce((sum, v, axis) => sum + matrix[axis * nv + j] * v, 0),
        );
        mujoco.mj_solveM(model, data, change, along);
        const moved: Float64Array = change.GetView();
        const share = along.reduce((sum, v, j) => sum + v * moved[j], 0);
        if (!(share > 0)) return;
        const scale = velocity.reduce((sum, v) => sum + v * v, 0) / share;
        const speeds = qvel();
        for (let j = 0; j < nv; j++) speeds[j] += scale * moved[j];
        forward();
      } finally {
        jacobian.delete();
        change.delete();
      }
    },
    siteVelocity(site, out) {
      mujoco.mj_objectVelocity(model, data, siteType, site, velocity, 0);
      const v = velocityView(); // MuJoCo's order: rotation, translation
      for (let i = 0; i < 3; i++) {
        out[i] = v[i + 3];
        out[i + 3] = v[i];
      }
    },
    save() {
      mujoco.mj_getState(model, data, state, signature);
      return new Uint8Array(stateView().slice().buffer);
    },
    restore(bytes) {
      if (bytes.length !== stateSize * 8) {
        throw new RunError(
          `a state of ${bytes.length} bytes does not fit ${source.name ?? 'this model'}, whose states have ${stateSize * 8} bytes; it was saved from another model.`,
        );
      }
      const values = stateView();
      new Uint8Array(values.buffer, values.byteOffset, bytes.length).set(bytes);
      mujoco.mj_setState(model, data, values as unknown as number[], signature);
      forward();
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      native?.dispose();
      for (const part of [velocity, state, data, model]) part.delete();
    },
  };
}

function objectType(mujoco: Mujoco, kind: NamedKind): number {
  const types = mujoco.mjtObj;
  return {
    body: types.mjOBJ_BODY,
    joint: types.mjOBJ_JOINT,
    geom: types.mjOBJ_GEOM,
    site: types.mjOBJ_SITE,
    actuator: types.mjOBJ_ACTUATOR,
    sensor: types.mjOBJ_SENSOR,
    camera: types.mjOBJ_CAMERA,
    mesh: types.mjOBJ_MESH,
    keyframe: types.mjOBJ_KEY,
  }[kind].value;
}
