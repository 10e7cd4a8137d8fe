// Unfinished episodes, one per environment, as rows: each piece goes on where the one before it ended.
import type { EnvSpec } from '../envs/env.js';
import { UsageError } from '../errors.js';
import { type RowColumn, type RowLayout, type RowMemory, rowMemory } from './layout.js';

export interface Staged {
  /** [steps + 1, width] and room for more: the row after the last step holds the state that it led to. */
  readonly rows: Float32Array;
  readonly steps: number;
}

export interface Staging {
  /** The environment's unfinished episode; absent where it has no step. */
  get(env: number): Staged | undefined;
  /** Adds `steps` + 1 rows that begin at word `from[at]`. */
  append(env: number, from: RowMemory, at: number, steps: number): void;
  /** Forgets the environment's episode; its memory is kept for the next one. */
  clear(env: number): void;
  clearAll(): void;
  /** Environments that have one, in ascending order. */
  open(): number[];
  readonly transitions: number;
}

export function createStaging(spec: EnvSpec, layout: RowLayout): Staging {
  const { width, columns } = layout;
  const staging = new Map<number, { rows: Float32Array; steps: number }>();
  const continued = columns.filter(({ per }) => per !== 'transition');

  function stageOf(env: number, rows: number) {
    let stage = staging.get(env);
    if (!stage) {
      stage = { rows: new Float32Array(Math.max(rows, spec.maxEpisodeSteps + 1) * width), steps: 0 };
      staging.set(env, stage);
    }
    if (rows * width > stage.rows.length) {
      const grown = new Float32Array(Math.max(stage.rows.length * 2, rows * width));
      grown.set(stage.rows);
      stage.rows = grown;
    }
    return stage;
  }

  return {
    get(env) {
      const stage = staging.get(env);
      return stage && stage.steps > 0 ? stage : undefined;
    },
    append(env, from, at, steps) {
      const before = staging.get(env)?.steps ?? 0;
      const stage = stageOf(env, before + steps + 1);
      const row = before * width;
      if (before > 0) checkContinues(rowMemory(stage.rows), row, from, at, continued, env);
      stage.rows.set(from.floats.subarray(at, at + (steps + 1) * width), row);
      stage.steps += steps;
    },
    clear(env) {
      const stage = staging.get(env);
      if (stage) stage.steps = 0;
    },
    clearAll: () => staging.clear(),
    open: () =>
      [...staging]
        .filter(([, { steps }]) => steps > 0)
        .map(([env]) => env)
        .sort((a, b) => a - b),
    get transitions() {
      let sum = 0;
      for (const { steps } of staging.values()) sum += steps;
      return sum;
    },
  };
}

/** Steps of two episodes must never be mixed: each begins where the one before it ended. */
function checkContinues(
  ours: RowMemory,
  row: number,
  given: RowMemory,
  at: number,
  columns: readonly RowColumn[],
  env: number,
): void {
  for (const { name, dtype, offset, size } of columns) {
    const [a, b, scale] = dtype === 'uint8' ? [ours.bytes, given.bytes, 4] : [ours.floats, given.floats, 1];
    const [i, k] = [scale * (row + offset), scale * (at + offset)];
    for (let j = 0; j < size; j++) {
      if (a[i + j] === b[k + j] || Object.is(a[i + j], b[k + j])) continue;
      throw new UsageError(
        `replay.add: the step of environment ${env} does not begin where its last one ended (${name}[${j}] was ${a[i + j]}, is ${b[k + j]}); call endEpisode(${env}) before a new episode.`,
      );
    }
  }
}
