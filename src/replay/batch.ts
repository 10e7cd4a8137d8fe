// Batches by name: which arrays there are, and how large they are.
import { type ColumnArrays, createValues, type Values } from '../envs/columns.js';
import type { EnvSpec } from '../envs/env.js';
import type { Dtype } from '../envs/space.js';
import { UsageError, unknownName } from '../errors.js';
import { failedColumn, type RowColumn, rowLayout } from './layout.js';
import type { BatchRequest } from './request.js';

/** Transitions as learners take them: row-major [size, ...], written in place. */
export interface Batch {
  readonly size: number;
  /** By the names that were asked for (see request.ts). */
  readonly columns: ColumnArrays;
  /** What goals, returns, windows and weights were asked for. */
  readonly request: BatchRequest;
}

/** What a name in a batch stands for. */
export type BatchEntry =
  | { readonly kind: 'column' | 'next' | 'window'; readonly column: RowColumn }
  | { readonly kind: 'goal'; readonly goal: string; readonly output: GoalOutput }
  | { readonly kind: 'achieving'; readonly goal: string; readonly column: RowColumn }
  /** What shows the goal: the episode's own, or of a relabelled one what the state showed that achieved it. */
  | { readonly kind: 'picture'; readonly goal: string; readonly column: RowColumn; readonly achieved: RowColumn }
  | { readonly kind: 'discount' | 'weight' };

/**
 * Of a goal: itself, and under it the reward and whether the world ended (`terminated`: failed, or success where success
 * ends episodes; a time limit never does), `success`, `relabelled` (1 where it is not the episode's own), `offset`.
 */
export type GoalOutput = 'goal' | 'reward' | 'terminated' | 'success' | 'relabelled' | 'offset';
const goalOutputs = ['reward', 'terminated', 'success', 'relabelled', 'offset'] as const;

/** Names of the goals that are drawn; `goal` belongs to them where nothing else is said. */
export const goalNames = ({ goals }: BatchRequest): readonly string[] => Object.keys(goals ?? { goal: {} });

/** Everything about the names that a batch may have. */
export function batchEntries(spec: EnvSpec, request: BatchRequest): ReadonlyMap<string, BatchEntry> {
  const columns = [...rowLayout(spec).columns, failedColumn];
  const entries = new Map<string, BatchEntry>();
  const columnOf = (name: string) => columns.find((column) => column.name === name) as RowColumn;
  // Goals come after the columns: `goal` and `reward` are those drawn, not those stored.
  for (const column of columns) entries.set(column.name, { kind: 'column', column });
  for (const column of columns)
    if (column.per === 'state') entries.set(`next.${column.name}`, { kind: 'next', column });
  if (request.window !== undefined) {
    for (const column of columns) {
      if (column.per !== 'episode') entries.set(`window.${column.name}`, { kind: 'window', column });
    }
  }
  entries.set('weight', { kind: 'weight' });
  if (request.nStep) entries.set('discount', { kind: 'discount' });
  for (const goal of new Set(['goal', ...goalNames(request)])) {
    if (goal !== 'goal' && entries.has(goal)) {
      throw new UsageError(
        `a goal is named "${goal}", as another part of batches of ${spec.name} is; name it otherwise.`,
      );
    }
    if (spec.goal.size > 0) entries.set(goal, { kind: 'goal', goal, output: 'goal' });
    for (const column of goal === 'goal' ? [] : columns) {
      if (column.per === 'state') entries.set(`${goal}.${column.name}`, { kind: 'achieving', goal, column });
    }
    for (const [part, shown] of Object.entries(spec.goalPictures ?? {})) {
      const name = goal === 'goal' ? part : `${goal}.${part}`;
      entries.set(name, { kind: 'picture', goal, column: columnOf(part), achieved: columnOf(shown) });
    }
    for (const output of goalOutputs) {
      const name = goal === 'goal' && output !== 'offset' ? output : `${goal}.${output}`;
      entries.set(name, { kind: 'goal', goal, output });
    }
  }
  return entries;
}

/** All columns, the states after the action, and what is so under the goal. */
const usualNames = (spec: EnvSpec): string[] => {
  const { columns } = rowLayout(spec);
  const names = columns.map(({ name }) => name);
  const next = columns.filter(({ per }) => per === 'state').map(({ name }) => `next.${name}`);
  return [...names, ...next, 'terminated', 'success', 'relabelled'];
};

/**
 * Memory for batches of `size` rows with these arrays; absent: every column, `next.<column>` of states, `reward`,
 * `terminated`, `success`, `relabelled`.
 * @throws UsageError for names that there are not, with those that there are
 */
export function createBatch(
  spec: EnvSpec,
  size: number,
  names: readonly string[] = usualNames(spec),
  request: BatchRequest = {},
): Batch {
  checkRequest(spec, size, request);
  const entries = batchEntries(spec, request);
  const columns: Record<string, Values> = {};
  for (const name of names) {
    const entry = entries.get(name);
    if (!entry) throw unknownName(`part of a batch of ${spec.name}`, name, [...entries.keys()]);
    const [dtype, width] = numbersOf(spec, entry, request);
    columns[name] = createValues(dtype, size * width);
  }
  return { size, columns, request };
}

/** Rows [from, to) of a batch, in its memory, as a batch to fill by itself. */
export function batchPart({ size, columns, request }: Batch, from: number, to: number): Batch {
  const part = (values: Values) => values.subarray((from * values.length) / size, (to * values.length) / size);
  return {
    size: to - from,
    columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, part(values)])),
    request,
  };
}

function numbersOf(spec: EnvSpec, entry: BatchEntry, { window = 1 }: BatchRequest): [dtype: Dtype, width: number] {
  switch (entry.kind) {
    case 'column':
    case 'next':
    case 'achieving':
    case 'picture':
      return [entry.column.dtype, entry.column.size];
    case 'window':
      return [entry.column.dtype, entry.column.size * (entry.column.per === 'state' ? window + 1 : window)];
    case 'goal':
      if (entry.output === 'goal') return [spec.goal.dtype ?? 'float32', spec.goal.size];
      return [entry.output === 'success' || entry.output === 'relabelled' ? 'uint8' : 'float32', 1];
    default:
      return ['float32', 1];
  }
}

function checkRequest(spec: EnvSpec, size: number, request: BatchRequest): void {
  const { goals, nStep, window, balance, blocks, successes } = request;
  if (successes !== undefined && spec.goal.size === 0) {
    throw new UsageError(
      `successes is ${successes}, but ${spec.name} has no goals, by which its rules could tell success; leave it out.`,
    );
  }
  if (successes !== undefined && !(successes >= 0 && successes <= 1)) {
    throw new UsageError(`successes is ${successes}; it is a share, from 0 to 1.`);
  }
  if (blocks !== undefined && balance === undefined) {
    throw new UsageError(`blocks is ${blocks}, but nothing says of which column; give balance, such as 'task'.`);
  }
  if (blocks !== undefined && !(Number.isInteger(blocks) && blocks >= 1 && size % blocks === 0)) {
    throw new UsageError(
      `a batch of ${size} rows cannot be ${blocks} equal blocks; make its size (training.batchSize) a multiple of them.`,
    );
  }
  if (goals && spec.goal.size === 0) {
    throw new UsageError(`${spec.name} has no goals, so that none (${Object.keys(goals).join(', ')}) can be drawn.`);
  }
  if (nStep && !(Number.isInteger(nStep.steps) && nStep.steps >= 1)) {
    throw new UsageError(`nStep.steps is ${nStep.steps}; it must be a whole number of steps, at least 1.`);
  }
  if (nStep && !(nStep.discount >= 0 && nStep.discount <= 1)) {
    throw new UsageError(`nStep.discount is ${nStep.discount}; it must lie in [0, 1].`);
  }
  if (window !== undefined && !(Number.isInteger(window) && window >= 1 && window <= spec.maxEpisodeSteps)) {
    throw new UsageError(
      `window is ${window}; it must be a whole number of steps from 1 to ${spec.maxEpisodeSteps}, the longest episode of ${spec.name}.`,
    );
  }
}
