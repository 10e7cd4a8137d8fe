// V(s, g) over a slice of the goals (for the present state) or of the states (for the present goal), a part at a time.
import type { GoalEnv } from '../../src/envs/env.js';
import { loadValue, type Value } from '../../src/training/policy.js';
import type { Stage, WatchedRun } from './stage.js';

/** Over what values are drawn. */
export type FieldOver = 'goals' | 'states';

export interface Field {
  readonly panel: number;
  readonly columns: number;
  readonly rows: number;
  /** Outline in the scene, [x from, y from, x to, y to], and its height. */
  readonly outline: readonly [number, number, number, number];
  readonly height: number;
  /** [rows, columns] from the lowest y; NaN where there is no goal. */
  readonly values: Float32Array;
  readonly low: number;
  readonly high: number;
}

/** Pairs valued in one call: a few milliseconds, so that steps do not wait. */
const BATCH = 64;
const CELLS = 32;

export interface FieldPainter {
  /** Values of one panel's slice; `pause` is awaited between parts, and false ends it. */
  paint(panel: number, over: FieldOver, pause: () => Promise<boolean>): Promise<Field | undefined>;
  dispose(): Promise<void>;
}

/** @throws RunError where a run's critics are not kept with the checkpoint that is watched */
export async function createFieldPainter(stage: Stage, runs: readonly WatchedRun[]): Promise<FieldPainter> {
  const values: Value[] = [];
  const dispose = async () => void (await Promise.all(values.map((value) => value.dispose())));
  try {
    for (const run of runs) values.push(await loadValue(run, { rows: BATCH }));
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    dispose,
    async paint(index, over, pause) {
      const { env, run } = stage.panels[index];
      const { outline, columns, rows } = sliceOf(env, stage);
      const { goals, inside, height } = places(env, stage, index, outline, columns, rows);
      const { observation, goal } = stage.observed(index);
      const [o, g] = [observation.length, goal.length];
      const result = new Float32Array(rows * columns).fill(Number.NaN);
      const states = new Float32Array(BATCH * o);
      const wanted = new Float32Array(BATCH * g);
      let low = Infinity;
      let high = -Infinity;
      for (let at = 0; at < inside.length; at += BATCH) {
        for (let row = 0; row < BATCH; row++) {
          const cell = inside[Math.min(at + row, inside.length - 1)];
          const there = goals.subarray(cell * g, cell * g + g);
          states.set(over === 'states' ? there : observation, row * o);
          wanted.set(over === 'states' ? goal : there, row * g);
        }
        const found = await values[run].evaluate(states, wanted);
        for (let row = 0; row < BATCH && at + row < inside.length; row++) {
          result[inside[at + row]] = found[row];
          low = Math.min(low, found[row]);
          high = Math.max(high, found[row]);
        }
        if (!(await pause())) return undefined;
      }
      return { panel: index, columns, rows, outline, height, values: result, low, high };
    },
  };
}

/** The part of the plane that is painted: in two dimensions the whole scene, in three where goals are drawn. */
function sliceOf(env: GoalEnv, { facts }: Stage) {
  const shapes = env.scene?.().shapes ?? [];
  const bounds = (axis: 0 | 1, side: -1 | 1): number => {
    if (facts.dimensions === 3) return side < 0 ? facts.goal[axis].low : facts.goal[axis].high;
    const ends = shapes
      .filter(({ name }) => name !== 'goal' && name !== 'point' && name !== 'walker')
      .map(({ position, size }) => side * position[axis] + size[axis]);
    return side * Math.max(...ends);
  };
  const outline = [bounds(0, -1), bounds(1, -1), bounds(0, 1), bounds(1, 1)] as const;
  const [width, height] = [outline[2] - outline[0], outline[3] - outline[1]];
  if (facts.env === 'grid') return { outline, columns: Math.round(width), rows: Math.round(height) };
  const size = Math.max(width, height) / CELLS;
  return { outline, columns: Math.max(1, Math.round(width / size)), rows: Math.max(1, Math.round(height / size)) };
}

/** The goal at the middle of every cell, and which cells have one. */
function places(
  env: GoalEnv,
  stage: Stage,
  index: number,
  [x0, y0, x1, y1]: readonly number[],
  columns: number,
  rows: number,
) {
  const { goal } = stage.observed(index);
  const marker = env.scene?.().shapes.find(({ name }) => name === 'goal');
  const height = marker?.position[2] ?? 0;
  const goals = new Float32Array(rows * columns * goal.length);
  const inside: number[] = [];
  const one = new Float32Array(goal.length);
  for (let cell = 0; cell < rows * columns; cell++) {
    const x = x0 + ((cell % columns) + 0.5) * ((x1 - x0) / columns);
    const y = y0 + (Math.floor(cell / columns) + 0.5) * ((y1 - y0) / rows);
    one.set(goal);
    if (!env.goalAt?.([x, y, height], one)) continue;
    goals.set(one, cell * goal.length);
    inside.push(cell);
  }
  return { goals, inside, height };
}
