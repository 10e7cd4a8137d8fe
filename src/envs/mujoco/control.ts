// The policy's numbers in [-1, 1] as controls of a model's actuators.
import { UsageError } from '../../errors.js';
import { limitedControls, limitedJoints } from '../../physics/limits.js';
import { names } from '../../physics/names.js';
import type { Physics } from '../../physics/physics.js';
import type { MujocoEnvOptions } from './options.js';

export interface Control {
  /** What each number of an action drives. */
  readonly names: readonly string[];
  apply(action: ArrayLike<number>): void;
}

/** @throws UsageError where there is nothing to control, and for actuators that the model does not have */
export function createControl(physics: Physics, { actuators, relative }: MujocoEnvOptions['action'] = {}): Control {
  const { model } = physics;
  const all = names(model, 'actuator');
  const chosen = actuators?.map((name) => physics.index('actuator', name)) ?? [...all.keys()];
  if (chosen.length === 0) {
    throw new UsageError(
      'the model has no actuators, so nothing can act; add an <actuator> section, or say what drives its joints: actuators: { "*": { type: "motor", range: [-1, 1] } }.',
    );
  }
  const ctrl = physics.array('ctrl');
  const rangeOf = controlRanges(physics);
  const driven = chosen.map((index) => {
    const range = rangeOf(index);
    const [low, high] = range ?? [-Infinity, Infinity];
    return { index, low, high, middle: range ? (low + high) / 2 : 0, half: range ? (high - low) / 2 : 1 };
  });
  return {
    names: chosen.map((index) => all[index] || `actuator-${index}`),
    apply(action) {
      const controls = ctrl();
      for (let i = 0; i < driven.length; i++) {
        const { index, low, high, middle, half } = driven[i];
        if (relative === undefined) controls[index] = middle + half * action[i];
        else controls[index] = Math.min(Math.max(controls[index] + relative * half * action[i], low), high);
      }
    },
  };
}

/** The controls that make sense to an actuator: its own range, a servo's joint's range, or anything. */
function controlRanges(physics: Physics): (actuator: number) => readonly [number, number] | undefined {
  const { mujoco, model } = physics;
  const [own, held] = [limitedControls(physics), limitedJoints(physics)];
  const gains = model.actuator_gainprm.length / model.nu;
  const biases = model.actuator_biasprm.length / model.nu;
  const drivesJoint = new Set([mujoco.mjtTrn.mjTRN_JOINT.value, mujoco.mjtTrn.mjTRN_JOINTINPARENT.value]);
  return (i) => {
    if (own[i]) return [model.actuator_ctrlrange[2 * i], model.actuator_ctrlrange[2 * i + 1]];
    // A servo's force vanishes where its length (joint times gear) is its control: gain * control - gain * length.
    const gain: number = model.actuator_gainprm[i * gains];
    const servo =
      model.actuator_gaintype[i] === mujoco.mjtGain.mjGAIN_FIXED.value &&
      model.actuator_biastype[i] === mujoco.mjtBias.mjBIAS_AFFINE.value &&
      model.actuator_dyntype[i] !== mujoco.mjtDyn.mjDYN_INTEGRATOR.value && // there the control is a velocity
      gain > 0 &&
      model.actuator_biasprm[i * biases + 1] === -gain;
    const joint: number = model.actuator_trnid[2 * i];
    if (!servo || !drivesJoint.has(model.actuator_trntype[i]) || !held[joint] || model.jnt_type[joint] < 2) return;
    const gear: number = model.actuator_gear[6 * i];
    const ends = [model.jnt_range[2 * joint] * gear, model.jnt_range[2 * joint + 1] * gear];
    return [Math.min(...ends), Math.max(...ends)];
  };
}
