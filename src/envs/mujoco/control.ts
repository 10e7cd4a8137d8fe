// The policy's numbers in [-1, 1] as controls of a model's actuators.
import { UsageError } from '../../errors.js';
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
    throw new UsageError('the model has no actuators, so nothing can act; add an <actuator> section.');
  }
  const ctrl = physics.array('ctrl');
  const driven = chosen.map((index) => {
    const [from, to]: number[] = [model.actuator_ctrlrange[2 * index], model.actuator_ctrlrange[2 * index + 1]];
    // A range means limits. The bindings (3.14) cannot read the flags themselves, which are arrays of bool.
    const limited = from < to;
    const [low, high] = limited ? [from, to] : [-Infinity, Infinity];
    return { index, low, high, middle: limited ? (low + high) / 2 : 0, half: limited ? (high - low) / 2 : 1 };
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
