// Transitions on their way from the environments to the learner: rows of one float32 buffer.

import { actionSize, type EnvSpec } from '../envs/env.js';
import type { EnvGroup } from '../envs/vector-env.js';

export const TERMINATED = 1;
export const TRUNCATED = 2;
export const FAILED = 4;

/** Offsets inside a row: [env, flags, observation, achieved, goal, action, reward, info, nextObservation, nextAchieved]. */
export interface TransitionLayout {
  readonly observation: number;
  readonly achieved: number;
  readonly goal: number;
  readonly action: number;
  readonly reward: number;
  readonly info: number;
  readonly nextObservation: number;
  readonly nextAchieved: number;
  /** Numbers in a row. */
  readonly stride: number;
}

export function transitionLayout(spec: EnvSpec): TransitionLayout {
  let end = 2;
  const place = (size: number) => {
    end += size;
    return end - size;
  };
  const observation = place(spec.observation.size);
  const achieved = place(spec.achieved.size);
  const goal = place(spec.goal.size);
  const action = place(actionSize(spec.action));
  const reward = place(1);
  const info = place(spec.info.length);
  const nextObservation = place(spec.observation.size);
  const nextAchieved = place(spec.achieved.size);
  return { observation, achieved, goal, action, reward, info, nextObservation, nextAchieved, stride: end };
}

/** Writes what is known of row `i` before the step: observation, achieved and desired goal. */
export function writeBefore(out: Float32Array, at: number, layout: TransitionLayout, env: EnvGroup, i: number): void {
  const { spec } = env;
  out[at] = i;
  copy(out, at + layout.observation, env.observation, i, spec.observation.size);
  copy(out, at + layout.achieved, env.achieved, i, spec.achieved.size);
  copy(out, at + layout.goal, env.goal, i, spec.goal.size);
}

/** Writes the rest after the step: what the action led to, never the next episode's first moment. */
export function writeAfter(
  out: Float32Array,
  at: number,
  layout: TransitionLayout,
  env: EnvGroup,
  i: number,
  actions: Float32Array,
): void {
  const { spec } = env;
  out[at + 1] =
    (env.terminated[i] ? TERMINATED : 0) | (env.truncated[i] ? TRUNCATED : 0) | (env.failed[i] ? FAILED : 0);
  copy(out, at + layout.action, actions, i, actionSize(spec.action));
  out[at + layout.reward] = env.reward[i];
  copy(out, at + layout.info, env.info, i, spec.info.length);
  copy(out, at + layout.nextObservation, env.finalObservation, i, spec.observation.size);
  copy(out, at + layout.nextAchieved, env.finalAchieved, i, spec.achieved.size);
}

function copy(out: Float32Array, at: number, from: Float32Array, row: number, size: number): void {
  for (let j = 0, source = row * size; j < size; j++) out[at + j] = from[source + j];
}
