// Steps and episodes given column by column, checked and written as rows of the replay.
import type { Column } from '../envs/columns.js';
import type { EnvSpec } from '../envs/env.js';
import { UsageError } from '../errors.js';
import { type RowColumn, type RowLayout, type RowMemory, rowMemory, writeColumn } from './layout.js';

/** Values of columns by name, row-major. */
export type ColumnValues = Readonly<Record<string, ArrayLike<number>>>;

/** One step. Arrays are copied. */
export interface ReplayTransition {
  /** Every column: of the state before the action, of the action and what it led to (`info`, `reward`), of the episode. */
  readonly columns: ColumnValues;
  /** The columns of states, after the action. */
  readonly next: ColumnValues;
  /** Whether the action led to a goal-independent failure. */
  readonly failed: boolean;
}

/** A whole episode of T transitions. */
export interface Episode {
  /** Every column: [T + 1, size] where it is one of states, [T, size] of transitions, [size] of episodes. */
  readonly columns: ColumnValues;
  /** Whether the last step was a goal-independent failure. */
  readonly failed: boolean;
}

const nothing: ArrayLike<number> = [];

/** Where rules of goals compute the reward anew it may be left out; it is then stored as not a number. */
export const mayLack = (spec: EnvSpec, { name }: Column): boolean => name === 'reward' && spec.goal.size > 0;

function checkNames(spec: EnvSpec, layout: RowLayout, method: string, columns: ColumnValues): void {
  for (const name of Object.keys(columns)) {
    if (layout.column(name).size > 0 || !columns[name]?.length) continue;
    const known = layout.columns.map((column) => column.name).join(', ');
    throw new UsageError(`${method}: ${spec.name} has no column "${name}"; its columns are ${known}.`);
  }
}

function writeOrLack(spec: EnvSpec, memory: RowMemory, row: number, column: RowColumn, from: ColumnValues, at: number) {
  const values = from[column.name];
  if (values === undefined && mayLack(spec, column)) memory.floats[row + column.offset] = Number.NaN;
  else writeColumn(memory, row, column, values, at);
}

/** Writes two rows into `out`: the step, and the state that it led to. */
export function writeTransition(
  spec: EnvSpec,
  layout: RowLayout,
  { columns, next, failed }: ReplayTransition,
  out: RowMemory,
): void {
  checkNames(spec, layout, 'replay.add', columns);
  checkNames(spec, layout, 'replay.add', next);
  out.floats.fill(0);
  out.floats[layout.failed] = failed ? 1 : 0;
  for (const column of layout.columns) {
    const { name, per, size } = column;
    const check = (what: string, { length }: ArrayLike<number>) => {
      if (length === size) return;
      throw new UsageError(`replay.add: ${what} has ${length} numbers; ${spec.name} has ${size}.`);
    };
    if (columns[name] !== undefined || !mayLack(spec, column)) check(name, columns[name] ?? nothing);
    if (per === 'state') check(`next.${name}`, next[name] ?? nothing);
    writeOrLack(spec, out, 0, column, columns, 0);
    if (per !== 'transition') writeColumn(out, layout.width, column, per === 'state' ? next[name] : columns[name], 0);
  }
}

/** The rows of an episode, [T + 1, width]. */
export function rowsOf(spec: EnvSpec, layout: RowLayout, { columns, failed }: Episode): Float32Array {
  const steps = checkEpisode(spec, layout, columns);
  const { width } = layout;
  const memory = rowMemory(new Float32Array((steps + 1) * width));
  for (const column of layout.columns) {
    const { per, size } = column;
    const rows = per === 'transition' ? steps : steps + 1;
    for (let t = 0; t < rows; t++)
      writeOrLack(spec, memory, t * width, column, columns, per === 'episode' ? 0 : t * size);
  }
  memory.floats[(steps - 1) * width + layout.failed] = failed ? 1 : 0;
  return memory.floats;
}

function checkEpisode(spec: EnvSpec, layout: RowLayout, columns: ColumnValues): number {
  checkNames(spec, layout, 'replay.addEpisode', columns);
  const { action = nothing } = columns;
  const { size: actionSize } = layout.column('action');
  const steps = action.length / actionSize;
  if (!Number.isInteger(steps) || steps < 1) {
    throw new UsageError(
      `replay.addEpisode: action has ${action.length} numbers; it must be T x ${actionSize} with T at least 1.`,
    );
  }
  for (const column of layout.columns) {
    const { name, per, size } = column;
    if (columns[name] === undefined && mayLack(spec, column)) continue;
    const { length } = columns[name] ?? nothing;
    const rows = per === 'state' ? steps + 1 : per === 'transition' ? steps : 1;
    if (length === rows * size) continue;
    throw new UsageError(
      `replay.addEpisode: ${name} has ${length} numbers; an episode of ${steps} transitions of ${spec.name} has ${rows} x ${size}.`,
    );
  }
  return steps;
}
