// What an environment is given, checked: actions, seeds, sentences.
import { UsageError } from '../errors.js';
import type { EnvSpec } from './env.js';

/** Writes an action as the simulation gets it: checked, clipped to its box, float32. */
export function readAction(spec: EnvSpec, given: ArrayLike<number>, out: Float32Array): void {
  checkSize(spec, 'action', given, out.length);
  const space = spec.action;
  if (space.kind === 'discrete') {
    const choice = given[0];
    if (!Number.isInteger(choice) || choice < 0 || choice >= space.n) {
      throw new UsageError(`${spec.name}: action is ${choice}; it must be a whole number from 0 to ${space.n - 1}.`);
    }
    out[0] = choice;
    return;
  }
  for (let i = 0; i < out.length; i++) {
    const value = given[i];
    if (Number.isNaN(value)) {
      throw new UsageError(`${spec.name}: action[${i}] is NaN; has the policy diverged?`);
    }
    out[i] = Math.min(Math.max(value, space.low[i]), space.high[i]);
  }
}

export function checkSize(spec: EnvSpec, what: string, values: ArrayLike<number>, size: number): void {
  if (values.length !== size) {
    throw new UsageError(`${spec.name}: ${what} has ${values.length} numbers; it must have ${size}.`);
  }
}

export function refuseInstruction({ name, instruction }: EnvSpec, sentence: string): never {
  if (instruction) {
    throw new UsageError(
      `${name} asks for its own tasks and goals in words, and draws a goal for no other sentence, but "${sentence}" was given; leave it out (a task may be named instead), or use an environment whose goals follow from sentences, such as tabletop/words or babyai/go-to-local.`,
    );
  }
  throw new UsageError(`${name} takes no instructions, but reset was given "${sentence}"; leave it out.`);
}

export function checkSeed(spec: EnvSpec, seed: number): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new UsageError(`${spec.name}: seed is ${seed}; it must be a whole number from 0 to 2^53 - 1.`);
}
