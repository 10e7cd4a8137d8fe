// The one table of what is known of a transition: memory, messages, replay, files and batches derive from it.
import { UsageError, unknownName } from '../errors.js';
import type { EnvSpec } from './env.js';
import { actionSize, type Box, type Dtype } from './space.js';

/** A named value of every state, transition or episode. */
export interface Column {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly per: 'state' | 'transition' | 'episode';
  /** Numbers in one value. */
  readonly size: number;
}

/** The numbers of a column. */
export type Values = Float32Array | Uint8Array;

/** Columns by name, row-major. */
export type ColumnArrays = Readonly<Record<string, Values>>;

export const createValues = (dtype: Dtype, length: number): Values =>
  dtype === 'uint8' ? new Uint8Array(length) : new Float32Array(length);

/** What two environments must have alike to be stepped side by side or to share memory: a text to compare. */
export const columnsText = (columns: readonly Column[]): string =>
  columns
    .map(
      ({ name, shape, dtype, per }) =>
        `${name}[${shape.join('x')}]${dtype === 'float32' ? '' : ` ${dtype}`} per ${per}`,
    )
    .join(', ');

/** The names of what every environment may have, whether or not this one does. */
const ownNames = ['observation', 'achieved', 'goal', 'task', 'action', 'info', 'reward'];
/** Names that batches and programs use for other things. */
const reserved = [
  'normalizer',
  'noise',
  'terminated',
  'truncated',
  'failed',
  'success',
  'relabelled',
  'weight',
  'discount',
  // What learning from rollouts adds to a batch.
  'advantage',
  'returns',
  'oldLogProbability',
  'oldValue',
];

/** Columns of an environment, in the order in which rows have them; columns of size 0 are left out. */
export function columnsOf(spec: EnvSpec): readonly Column[] {
  const ofBox = (name: string, per: Column['per'], { size, shape = [size], dtype = 'float32' }: Box): Column => ({
    name,
    shape,
    dtype,
    per,
    size,
  });
  const plain = (name: string, per: Column['per'], size: number): Column => ({
    name,
    shape: [size],
    dtype: 'float32',
    per,
    size,
  });
  const columns = [
    ofBox('observation', 'state', spec.observation),
    ...Object.entries(spec.parts ?? {}).map(([name, part]) => ofBox(name, part.per ?? 'state', part)),
    ofBox('achieved', 'state', spec.achieved),
    ofBox('goal', 'episode', spec.goal),
    plain('task', 'episode', spec.tasks ? 1 : 0),
    plain('action', 'transition', actionSize(spec.action)),
    plain('info', 'transition', spec.info.length),
    plain('reward', 'transition', 1),
    ...Object.entries(spec.columns ?? {}).map(([name, { shape = [1], dtype = 'float32', per }]) => ({
      name,
      shape,
      dtype,
      per,
      size: shape.reduce((product, n) => product * n, 1),
    })),
  ].filter(({ size }) => size > 0);
  const given = [...Object.keys(spec.parts ?? {}), ...Object.keys(spec.columns ?? {})];
  const taken = given.find((name, i) => given.indexOf(name) !== i || !isFree(name));
  if (taken !== undefined) {
    throw new UsageError(
      `${spec.name}: a column is named "${taken}", which is taken, empty or has a dot; give the part or column another name.`,
    );
  }
  return columns;
}

/** Members that every object has would be found in tables by name, `constructor` for one. */
const isFree = (name: string): boolean =>
  name !== '' && !name.includes('.') && ![...ownNames, ...reserved].includes(name) && !(name in {});

const dtypes: readonly Dtype[] = ['float32', 'uint8'];
const owners: readonly Column['per'][] = ['state', 'transition', 'episode'];

/** Refuses what an author's parts and columns cannot be, before anything is made of them. */
export function checkColumns({ name, parts = {}, columns = {} }: EnvSpec): void {
  for (const [part, { dtype = 'float32', per }] of Object.entries(parts)) {
    if (!dtypes.includes(dtype)) throw unknownName(`dtype of ${name}'s part ${part}`, String(dtype), dtypes);
    if (per !== undefined && per !== 'episode')
      throw unknownName(`per of ${name}'s part ${part}`, String(per), ['episode']);
  }
  for (const [column, { shape = [], dtype = 'float32', per }] of Object.entries(columns)) {
    if (!dtypes.includes(dtype)) throw unknownName(`dtype of ${name}'s column ${column}`, String(dtype), dtypes);
    if (!owners.includes(per)) throw unknownName(`per of ${name}'s column ${column}`, String(per), owners);
    if (Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n >= 1)) continue;
    throw new UsageError(
      `environment ${name}: spec.columns.${column}.shape is ${JSON.stringify(shape)}; it must be a list of whole numbers, at least 1, such as [2, 3].`,
    );
  }
}
