// Which numbers a model of the world sees of a transition and which it predicts, and where they lie in rows of the replay.
import type { EnvSpec } from '../envs/env.js';
import { actionSize, type Box, type Discrete } from '../envs/space.js';
import { hasGoals } from '../envs/spec.js';
import { UsageError } from '../errors.js';
import { type RowColumn, type RowLayout, rowLayout } from '../replay/index.js';

/**
 * A model sees the state (all columns of states), the action and, where there are tasks, which one it is; it predicts how
 * the state changes, `info` and, where no rules of goals compute it, the reward. It never sees a goal or predicts one: a goal
 * does not change how the world moves, and what reaching it is worth follows from the predicted `achieved`.
 */
export interface ModelSpec {
  readonly env: EnvSpec;
  readonly layout: RowLayout;
  /** Columns of states, in the order of the rows. */
  readonly states: readonly RowColumn[];
  /** Predicted columns of transitions: `info`, `reward`; perhaps none. */
  readonly results: readonly RowColumn[];
  /** Numbers of the state s, of the action as stored a, and of what is predicted besides the state. */
  readonly sizes: { readonly state: number; readonly action: number; readonly result: number };
  /** Numbers that the members see [s; a; task], choices one-hot, and that they predict [change of s; results]. */
  readonly inputs: number;
  readonly outputs: number;
  readonly action: Box | Discrete;
  /** How many there are; 1: a single one, which the members do not see. */
  readonly tasks: number;
  /** Bounds of the state's numbers; infinite where the environment declares none. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

const sum = (columns: readonly RowColumn[]) => columns.reduce((total, { size }) => total + size, 0);

/** @throws UsageError where the environment shows pictures, which are not predicted */
export function modelSpec(env: EnvSpec): ModelSpec {
  const layout = rowLayout(env);
  const states = layout.columns.filter(({ per }) => per === 'state');
  const picture = states.find(({ dtype }) => dtype === 'uint8');
  if (picture) {
    throw new UsageError(
      `model.kind: ${env.name} shows "${picture.name}" in bytes (pictures), which models do not predict; set model.kind=none.`,
    );
  }
  const predicted = hasGoals(env) ? ['info'] : ['info', 'reward'];
  const results = predicted.map((name) => layout.column(name)).filter(({ size }) => size > 0);
  const sizes = { state: sum(states), action: actionSize(env.action), result: sum(results) };
  const tasks = env.tasks?.length ?? 1;
  const boxes: Readonly<Record<string, Pick<Box, 'low' | 'high'>>> = {
    ...env.parts,
    observation: env.observation,
    achieved: env.achieved,
  };
  const bounds = (side: 'low' | 'high', none: number) =>
    states.flatMap(({ name, size }) => boxes[name]?.[side] ?? new Array<number>(size).fill(none));
  return {
    env,
    layout,
    states,
    results,
    sizes,
    inputs: sizes.state + (env.action.kind === 'box' ? sizes.action : env.action.n) + (tasks > 1 ? tasks : 0),
    outputs: sizes.state + sizes.result,
    action: env.action,
    tasks,
    low: bounds('low', -Infinity),
    high: bounds('high', Infinity),
  };
}

/** Where the numbers of a column begin in the state. */
export function placeOf({ states }: ModelSpec, wanted: string): number {
  let place = 0;
  for (const { name, size } of states) {
    if (name === wanted) return place;
    place += size;
  }
  return place;
}

/** Copies the state of the row that begins at `rows[row]`. */
export function readState(
  { states }: ModelSpec,
  rows: ArrayLike<number>,
  row: number,
  out: Float32Array,
  at: number,
): void {
  let place = at;
  for (const { offset, size } of states) {
    for (let j = 0; j < size; j++) out[place++] = rows[row + offset + j];
  }
}

/** Writes what `readState` reads. */
export function writeState(
  { states }: ModelSpec,
  from: ArrayLike<number>,
  at: number,
  rows: Float32Array,
  row: number,
): void {
  let place = at;
  for (const { offset, size } of states) {
    for (let j = 0; j < size; j++) rows[row + offset + j] = from[place++];
  }
}

/**
 * Copies the action of the row that begins at `rows[row]` as the world takes it: agents may draw, and learn from, actions
 * beyond the bounds (ppo), of which every environment takes the nearest within them.
 */
export function readAction(
  { layout, action, sizes }: Pick<ModelSpec, 'layout' | 'action' | 'sizes'>,
  rows: ArrayLike<number>,
  row: number,
  out: Float32Array,
  at: number,
): void {
  const { offset } = layout.column('action');
  if (action.kind === 'discrete') {
    out[at] = rows[row + offset];
    return;
  }
  const { low, high } = action;
  for (let j = 0; j < sizes.action; j++) out[at + j] = Math.min(Math.max(rows[row + offset + j], low[j]), high[j]);
}

/** Writes what members see of the transition that begins at `rows[row]`: [inputs] numbers. */
export function readInputs(spec: ModelSpec, rows: ArrayLike<number>, row: number, out: Float32Array, at: number): void {
  const { layout, sizes, action, tasks, inputs } = spec;
  readState(spec, rows, row, out, at);
  let place = at + sizes.state;
  if (action.kind === 'box') {
    readAction(spec, rows, row, out, place);
    place += sizes.action;
  } else {
    const { offset } = layout.column('action');
    for (let j = 0; j < action.n; j++) out[place++] = rows[row + offset] === j ? 1 : 0;
  }
  if (tasks === 1) return;
  const task = rows[row + layout.column('task').offset];
  const first = at + inputs - tasks;
  for (let j = 0; j < tasks; j++) out[first + j] = task === j ? 1 : 0;
}

/** Writes what members are to predict of it: the state of the row `next` minus that of `row`, and the results. */
export function readTargets(
  { states, results }: ModelSpec,
  rows: ArrayLike<number>,
  row: number,
  next: number,
  out: Float32Array,
  at: number,
): void {
  let place = at;
  for (const { offset, size } of states) {
    for (let j = 0; j < size; j++) out[place++] = rows[next + offset + j] - rows[row + offset + j];
  }
  for (const { offset, size } of results) {
    for (let j = 0; j < size; j++) out[place++] = rows[row + offset + j];
  }
}
