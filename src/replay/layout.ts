// One row of the replay: everything of one moment side by side, so that a sampled transition touches few cache lines.
import { actionSize, type EnvSpec } from '../envs/env.js';

/**
 * Row t of an episode with T transitions (T + 1 rows, t = 0..T):
 * [t, T - t, failed, observation_t, achieved_t, goal, action_t, info_t+1].
 * The last row, t = T, holds the final observation and achieved goal and no action. Steps are exact up to 2^24.
 */
export interface RowLayout {
  /** Steps since the episode began. */
  readonly elapsed: 0;
  /** Transitions from here to the episode's end; 0 in the last row. */
  readonly remaining: 1;
  /** 1 where this row's action led to a goal-independent failure. */
  readonly failed: 2;
  readonly observation: number;
  readonly achieved: number;
  readonly goal: number;
  readonly action: number;
  readonly info: number;
  /** Numbers in a row. */
  readonly width: number;
  readonly sizes: RowSizes;
}

export interface RowSizes {
  readonly observation: number;
  readonly achieved: number;
  readonly goal: number;
  readonly action: number;
  readonly info: number;
}

export function rowLayout(spec: EnvSpec): RowLayout {
  const sizes = {
    observation: spec.observation.size,
    achieved: spec.achieved.size,
    goal: spec.goal.size,
    action: actionSize(spec.action),
    info: spec.info.length,
  };
  const observation = 3;
  const achieved = observation + sizes.observation;
  const goal = achieved + sizes.achieved;
  const action = goal + sizes.goal;
  const info = action + sizes.action;
  return {
    elapsed: 0,
    remaining: 1,
    failed: 2,
    observation,
    achieved,
    goal,
    action,
    info,
    width: info + sizes.info,
    sizes,
  };
}

/** Copies `size` numbers. A loop: the pieces are short, and views or `set` would cost more than the copying. */
export function copyNumbers(out: Float32Array, at: number, from: ArrayLike<number>, start: number, size: number): void {
  for (let j = 0; j < size; j++) out[at + j] = from[start + j];
}
