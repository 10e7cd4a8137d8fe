// Steps of a simulation in a native library. Its state goes over and comes back; all that follows from it is computed in
// WebAssembly, where it is read.
import { RunError, UsageError } from '../errors.js';
import type { Mujoco, NativeSteps, NativeSubject } from './bindings.js';
import { lastingView } from './views.js';

/** An address in memory. */
type Address = bigint;

/** What is called of MuJoCo's library, under its names. */
export interface NativeLibrary {
  mj_loadModelBuffer(bytes: Uint8Array, size: number): Address | null;
  mj_makeData(model: Address): Address | null;
  mj_deleteModel(model: Address): void;
  mj_deleteData(data: Address): void;
  mj_step(model: Address, data: Address): void;
  mj_getState(model: Address, data: Address, state: Float64Array, signature: number): void;
  mj_setState(model: Address, data: Address, state: Float64Array, signature: number): void;
}

/** @throws (when stepped) UsageError for a model whose states are not whole, RunError where memory does not suffice */
export function createNativeSteps(
  mujoco: Mujoco,
  library: NativeLibrary,
  { model, data, name = 'this model' }: NativeSubject,
): NativeSteps {
  const part = mujoco.mjtState;
  const [whole, controls] = [part.mjSTATE_INTEGRATION.value, part.mjSTATE_CTRL.value];
  const buffer = new mujoco.DoubleBuffer(mujoco.mj_stateSize(model, whole));
  const state = lastingView(() => buffer.GetView());
  const ctrl = lastingView(() => data.ctrl);
  /** What steps change: written where it lies, which makes no garbage. */
  const changed = [
    { view: lastingView(() => data.qpos), signature: part.mjSTATE_QPOS.value },
    { view: lastingView(() => data.qvel), signature: part.mjSTATE_QVEL.value },
    { view: lastingView(() => data.act), signature: part.mjSTATE_ACT.value },
    { view: lastingView(() => data.qacc_warmstart), signature: part.mjSTATE_WARMSTART.value },
  ].filter(({ view }) => view().length > 0);
  const time = new Float64Array(1);
  let own: { readonly model: Address; readonly data: Address } | undefined;
  let isCurrent = false;

  /** The library's own model, as the one here is now, and its data. */
  function copy(): NonNullable<typeof own> {
    if (own && isCurrent) return own;
    if (model.opt.enableflags & mujoco.mjtEnableBit.mjENBL_SLEEP.value) {
      throw new UsageError(
        `env.physics is "native", but ${name} lets bodies sleep, which its states do not hold; leave it at "wasm".`,
      );
    }
    const size = Number(mujoco.mj_sizeModel(model));
    const bytes = new mujoco.Uint8Buffer(size);
    let loaded: Address | null;
    try {
      mujoco.mj_saveModel(model, null, bytes);
      loaded = library.mj_loadModelBuffer(bytes.GetView(), size);
    } finally {
      bytes.delete();
    }
    const made = loaded && (own?.data ?? library.mj_makeData(loaded));
    if (!loaded || !made) throw new RunError(`${name} does not fit into memory outside WebAssembly.`);
    if (own) library.mj_deleteModel(own.model);
    isCurrent = true;
    own = { model: loaded, data: made };
    return own;
  }

  /** Brings the state back. */
  function bringBack(there: NonNullable<typeof own>): void {
    if (model.nhistory > 0) {
      // What actuators and sensors with delays remember can only be written as a part of the whole.
      library.mj_getState(there.model, there.data, state(), whole);
      mujoco.mj_setState(model, data, state() as unknown as number[], whole);
      return;
    }
    for (let i = 0; i < changed.length; i++) {
      library.mj_getState(there.model, there.data, changed[i].view(), changed[i].signature);
    }
    library.mj_getState(there.model, there.data, time, part.mjSTATE_TIME.value);
    data.time = time[0];
  }

  return {
    run(substeps, drive) {
      if (substeps < 1) return 0;
      const there = copy();
      mujoco.mj_getState(model, data, buffer, whole);
      library.mj_setState(there.model, there.data, state(), whole);
      for (let i = 0; i < substeps; i++) {
        if (drive) {
          drive(i);
          library.mj_setState(there.model, there.data, ctrl(), controls);
        }
        library.mj_step(there.model, there.data);
      }
      bringBack(there);
      return substeps;
    },
    modelChanged() {
      isCurrent = false;
    },
    dispose() {
      buffer.delete();
      if (!own) return;
      library.mj_deleteData(own.data);
      library.mj_deleteModel(own.model);
    },
  };
}
