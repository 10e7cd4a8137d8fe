// Which ranges of a compiled model count as limits.

import { RunError } from '../errors.js';
import type { MujocoModel } from './bindings.js';
import type { Physics } from './physics.js';

/** Two arrays that can be read, and how many of one byte per thing lie between them; the first is the one wanted. */
interface Neighbours {
  readonly before: Int32Array | Float64Array;
  readonly between: number;
  readonly after: Float64Array;
}

/** Per joint, whether its range holds it: as the model has it, limits as a whole included. */
export function limitedJoints({ mujoco, model }: Physics): boolean[] {
  const off = model.opt.disableflags & mujoco.mjtDisableBit.mjDSBL_LIMIT.value;
  return off ? Array(model.njnt).fill(false) : flags(model, 'joint');
}

/** Per actuator, whether MuJoCo clamps its control to its range. */
export function limitedControls({ mujoco, model }: Physics): boolean[] {
  const off = model.opt.disableflags & mujoco.mjtDisableBit.mjDSBL_CLAMPCTRL.value;
  return off ? Array(model.nu).fill(false) : flags(model, 'actuator');
}

/**
 * Whether ranges count as limits (`limited`, `ctrllimited`), per joint or actuator. These are arrays of bool, for which
 * the bindings have no type; they lie between two arrays that can be read, each beginning at a multiple of 64 bytes.
 * @throws RunError where they do not lie as expected: another version of MuJoCo
 */
function flags(model: MujocoModel, kind: 'joint' | 'actuator'): boolean[] {
  const count: number = kind === 'joint' ? model.njnt : model.nu;
  if (count === 0) return [];
  const { before, between, after }: Neighbours =
    kind === 'joint'
      ? { before: model.jnt_group, between: 3, after: model.jnt_solref }
      : { before: model.actuator_forcerange, between: 1, after: model.actuator_ctrlrange };
  const aligned = (address: number) => Math.ceil(address / 64) * 64;
  const start = aligned(before.byteOffset + before.byteLength);
  const found = new Uint8Array(before.buffer, start, count);
  const fits = start + between * aligned(count) === after.byteOffset;
  if (!fits || found.some((flag) => flag > 1)) {
    throw new RunError(
      `the limits of the model's ${kind}s are not where MuJoCo 3.14 has them; use the version of @mujoco/mujoco that package.json asks for.`,
    );
  }
  return Array.from(found, (flag) => flag === 1);
}
