// The arrays that environments stepped side by side are seen through, in memory that threads may share.
import { RunError } from '../errors.js';
import { type Column, type ColumnArrays, columnsOf, type Values } from './columns.js';
import type { EnvSpec } from './env.js';
import { actionSize } from './space.js';

/** n environments of one kind; all arrays are row-major [n, size] and change with each call of whoever owns them. */
export interface EnvColumns {
  /**
   * Every column but `action`. Those of states and episodes show the present; for an ended row already the first state of
   * its next episode. Those of transitions (`info`, `reward`) go with the last action and are never those of a reset.
   */
  readonly columns: ColumnArrays;
  /** For rows whose episode has just ended: the columns of states that the last action led to. */
  readonly final: ColumnArrays;
  /** `columns.reward`. */
  readonly reward: Float32Array;
  /** 0 or 1. */
  readonly terminated: Uint8Array;
  /** CUT where the episode was broken off before the action: then no step was taken. */
  readonly truncated: Uint8Array;
  readonly failed: Uint8Array;
  readonly success: Uint8Array;
}

/** In `truncated`: see GoalTransition.cut. */
export const CUT = 2;

const flagNames = ['terminated', 'truncated', 'failed', 'success'] as const;

/** Columns that environments write: their spec's without the action. */
export const shownColumns = (spec: EnvSpec): readonly Column[] =>
  columnsOf(spec).filter(({ name }) => name !== 'action');

/** Memory for the columns of n environments and for their actions. */
export interface EnvMemory {
  readonly columns: EnvColumns;
  /** [n, action] */
  readonly actions: Float32Array;
}

export const envMemoryBytes = (spec: EnvSpec, n: number): number => {
  const bytes = ({ size, dtype, per }: Column) => (dtype === 'uint8' ? size : 4 * size) * (per === 'state' ? 2 : 1);
  const row = shownColumns(spec).reduce((sum, column) => sum + bytes(column), 4 * actionSize(spec.action));
  return n * (row + flagNames.length);
};

/** Views of `buffer` (at least `envMemoryBytes`), of rows `first` to `end` only. The same buffer gives the same layout. */
export function viewEnvMemory(
  spec: EnvSpec,
  n: number,
  buffer: ArrayBufferLike,
  { first = 0, end = n }: { first?: number; end?: number } = {},
): EnvMemory {
  let at = 0;
  const floats = (width: number) => {
    const view = new Float32Array(buffer, at + 4 * first * width, (end - first) * width);
    at += 4 * n * width;
    return view;
  };
  const bytes = (width: number) => {
    const view = new Uint8Array(buffer, at + first * width, (end - first) * width);
    at += n * width;
    return view;
  };
  const columns: Record<string, Values> = {};
  const final: Record<string, Values> = {};
  const place = (dtype: Column['dtype'], view: (width: number) => Values) => {
    for (const { name, size, per } of shownColumns(spec).filter((column) => column.dtype === dtype)) {
      columns[name] = view(size);
      if (per === 'state') final[name] = view(size);
    }
  };
  place('float32', floats);
  const actions = floats(actionSize(spec.action));
  place('uint8', bytes); // last, for they need no alignment
  const [terminated, truncated, failed, success] = flagNames.map(() => bytes(1));
  const reward = columns.reward as Float32Array;
  return { columns: { columns, final, reward, terminated, truncated, failed, success }, actions };
}

export const createEnvMemory = (spec: EnvSpec, n: number): EnvMemory =>
  viewEnvMemory(spec, n, new ArrayBuffer(envMemoryBytes(spec, n)));

/** In the order in which they are saved. */
const arraysOf = (spec: EnvSpec, { columns, final, ...flags }: EnvColumns): Uint8Array[] => [
  ...shownColumns(spec).map(({ name }) => bytesOf(columns[name])),
  ...shownColumns(spec).flatMap(({ name, per }) => (per === 'state' ? [bytesOf(final[name])] : [])),
  ...flagNames.map((name) => flags[name]),
];

/** The columns and what `saveState` of each environment gave, as bytes: alike wherever the environments live. */
export const packEnvs = (spec: EnvSpec, columns: EnvColumns, states: readonly Uint8Array[]): Uint8Array =>
  packBytes([...states, ...arraysOf(spec, columns)]);

/** Fills the columns and gives the states of the environments. @throws RunError where the bytes are of others */
export function unpackEnvs(spec: EnvSpec, columns: EnvColumns, bytes: Uint8Array): Uint8Array[] {
  const arrays = arraysOf(spec, columns);
  const n = columns.reward.length;
  const parts = unpackBytes(bytes, n + arrays.length, spec.name);
  arrays.forEach((array, k) => {
    if (parts[n + k].length !== array.length) {
      throw new RunError(`${spec.name}: the saved state is of environments with other sizes.`);
    }
  });
  for (const [k, array] of arrays.entries()) array.set(parts[n + k]);
  return parts.slice(0, n);
}

const bytesOf = (array: Values) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** [count, length of each part, parts]. */
function packBytes(parts: readonly Uint8Array[]): Uint8Array {
  const head = Uint32Array.of(parts.length, ...parts.map((part) => part.length));
  const bytes = new Uint8Array(head.byteLength + parts.reduce((sum, part) => sum + part.length, 0));
  bytes.set(new Uint8Array(head.buffer));
  let at = head.byteLength;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function unpackBytes(bytes: Uint8Array, count: number, name: string): Uint8Array[] {
  const headBytes = 4 * (count + 1);
  const head = new Uint32Array(bytes.slice(0, bytes.length < headBytes ? 0 : headBytes).buffer);
  const total = head.reduce((sum, length, i) => (i === 0 ? sum : sum + length), headBytes);
  if (head[0] !== count || total !== bytes.length) {
    throw new RunError(
      `${name}: these ${bytes.length} bytes are not a saved state of that many environments, or an older anygoal saved it.`,
    );
  }
  let at = headBytes;
  return Array.from(head.subarray(1), (length) => {
    at += length;
    return bytes.subarray(at - length, at);
  });
}
