// The arrays that environments stepped side by side are seen through, in memory that threads may share.
import { RunError } from '../errors.js';
import { actionSize, type EnvSpec } from './env.js';

/** n environments of one kind; all arrays are row-major [n, size] and change with each call of whoever owns them. */
export interface EnvColumns {
  /** The present moment of each row; for an ended row already the first moment of its next episode. */
  readonly observation: Float32Array;
  readonly achieved: Float32Array;
  readonly goal: Float32Array;
  /** What the last action led to, for every row; differs from `observation` and `achieved` where the episode ended. */
  readonly finalObservation: Float32Array;
  readonly finalAchieved: Float32Array;
  /** The columns that go with the last action's reward; never those of a reset. */
  readonly info: Float32Array;
  readonly reward: Float32Array;
  /** 0 or 1. */
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly failed: Uint8Array;
  readonly success: Uint8Array;
}

/** Numbers per row, in the order in which columns are laid out and saved. */
const floatWidths = ({ observation, achieved, goal, info }: EnvSpec) => ({
  observation: observation.size,
  achieved: achieved.size,
  goal: goal.size,
  finalObservation: observation.size,
  finalAchieved: achieved.size,
  info: info.length,
  reward: 1,
});
const flagNames = ['terminated', 'truncated', 'failed', 'success'] as const;

/** Memory for the columns of n environments and for their actions. */
export interface EnvMemory {
  readonly columns: EnvColumns;
  /** [n, action] */
  readonly actions: Float32Array;
}

export const envMemoryBytes = (spec: EnvSpec, n: number): number => {
  const widths = Object.values(floatWidths(spec)).reduce((sum, width) => sum + width, actionSize(spec.action));
  return n * (4 * widths + flagNames.length);
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
  const flags = () => {
    const view = new Uint8Array(buffer, at + first, end - first);
    at += n;
    return view;
  };
  const entries: [string, Float32Array | Uint8Array][] = [];
  for (const [name, width] of Object.entries(floatWidths(spec))) entries.push([name, floats(width)]);
  const actions = floats(actionSize(spec.action));
  for (const name of flagNames) entries.push([name, flags()]);
  return { columns: Object.fromEntries(entries) as unknown as EnvColumns, actions };
}

export const createEnvMemory = (spec: EnvSpec, n: number): EnvMemory =>
  viewEnvMemory(spec, n, new ArrayBuffer(envMemoryBytes(spec, n)));

const arraysOf = (spec: EnvSpec, columns: EnvColumns) =>
  [...(Object.keys(floatWidths(spec)) as (keyof EnvColumns)[]), ...flagNames].map((name) => bytesOf(columns[name]));

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

const bytesOf = (array: Float32Array | Uint8Array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

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
    throw new RunError(`${name}: these ${bytes.length} bytes are not a saved state of that many environments.`);
  }
  let at = headBytes;
  return Array.from(head.subarray(1), (length) => {
    at += length;
    return bytes.subarray(at - length, at);
  });
}
