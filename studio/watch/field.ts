// V(s, g) over goals (for the present state) or states (for the present goal), a part at a time.
import type { GoalEnv } from '../../src/envs/env.js';
import { loadValue, type Value } from '../../src/training/policy.js';
import type { FieldOver } from '../../src/view/facts.js';
import type { Field } from '../../src/view/field.js';
import { policySourceOf, type Seen, type Stage, type WatchedRun } from './stage.js';

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
    for (const run of runs) values.push(await loadValue(policySourceOf(run), { rows: BATCH }));
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    dispose,
    async paint(index, over, pause) {
      const seen = stage.observed(index);
      const { observation, goal } = seen;
      const { env, run } = stage.panels[index];
      const { outline, columns, rows, height, inside, write } =
        over === 'flips' ? flipsOf(env) : placesOf(env, stage, goal, over);
      const [o, g] = [observation.length, goal.length];
      const result = new Float32Array(rows * columns).fill(Number.NaN);
      const states = new Float32Array(BATCH * o);
      const wanted = new Float32Array(BATCH * g);
      const others = repeated(seen);
      let low = Infinity;
      let high = -Infinity;
      for (let at = 0; at < inside.length; at += BATCH) {
        for (let row = 0; row < BATCH; row++) {
          states.set(observation, row * o);
          wanted.set(goal, row * g);
          const cell = inside[Math.min(at + row, inside.length - 1)];
          write(cell, states.subarray(row * o, row * o + o), wanted.subarray(row * g, row * g + g));
        }
        const found = await values[run].evaluate({ ...others, observation: states, goal: wanted });
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

/** The same in every row: what else is seen, such as the task. */
const repeated = ({ observation: _, goal: __, ...others }: Seen): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(others).map(([name, values]) => {
      const rows = new Float32Array(BATCH * values.length);
      for (let row = 0; row < BATCH; row++) rows.set(values, row * values.length);
      return [name, rows];
    }),
  );

/** Where values are painted, and of which pairs. */
interface Slice {
  readonly outline: Field['outline'];
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** The cells that have a value. */
  readonly inside: readonly number[];
  /** Changes the present state and goal into those of a cell. */
  write(cell: number, state: Float32Array, goal: Float32Array): void;
}

/** A row below state and goal: as an action flips one bit, these are the states that can come next. */
function flipsOf({ spec }: GoalEnv): Slice {
  const bits = spec.observation.size;
  return {
    outline: [-bits / 2, -1.9, bits / 2, -1.1],
    height: 0,
    columns: bits,
    rows: 1,
    inside: Array.from({ length: bits }, (_, bit) => bit),
    write(bit, state) {
      state[bit] = 1 - state[bit];
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
  if (facts.view === 'cells') return { outline, columns: Math.round(width), rows: Math.round(height) };
  const size = Math.max(width, height) / CELLS;
  return { outline, columns: Math.max(1, Math.round(width / size)), rows: Math.max(1, Math.round(height / size)) };
}

/** The goal at the middle of every cell, as a goal or as a state. */
function placesOf(env: GoalEnv, stage: Stage, now: Float32Array, over: FieldOver): Slice {
  const { outline, columns, rows } = sliceOf(env, stage);
  const [x0, y0, x1, y1] = outline;
  const marker = env.scene?.().shapes.find(({ name }) => name === 'goal');
  const height = marker?.position[2] ?? 0;
  const size = now.length;
  const goals = new Float32Array(rows * columns * size);
  const inside: number[] = [];
  const one = new Float32Array(size);
  for (let cell = 0; cell < rows * columns; cell++) {
    const x = x0 + ((cell % columns) + 0.5) * ((x1 - x0) / columns);
    const y = y0 + (Math.floor(cell / columns) + 0.5) * ((y1 - y0) / rows);
    one.set(now);
    if (!env.goalAt?.([x, y, height], one)) continue;
    goals.set(one, cell * size);
    inside.push(cell);
  }
  return {
    outline,
    height,
    columns,
    rows,
    inside,
    write: (cell, state, goal) =>
      (over === 'states' ? state : goal).set(goals.subarray(cell * size, (cell + 1) * size)),
  };
}
