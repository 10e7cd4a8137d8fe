// Which columns a data set of Minari's has: those of its first episode, with the bounds that metadata.json knows.
import { type Column, columnsOf } from '../../envs/columns.js';
import type { EnvSpec } from '../../envs/env.js';
import { reviveSpec } from '../../envs/spec.js';
import { RunError, UsageError } from '../../errors.js';
import type { DataFinding, DataOrigin } from '../data-set.js';
import { columnName, type ForeignColumn, foreignSpec } from '../foreign-spec.js';
import type { Hdf5File } from './hdf5.js';
import {
  flatBounds,
  isPicture,
  type MinariMetadata,
  type MinariPlace,
  parsePythonJson,
  placeOf,
  type Space,
  spaceAt,
} from './minari-spaces.js';

export const METADATA_FILE = 'metadata.json';

export interface MinariColumns {
  readonly spec: EnvSpec;
  readonly derived: boolean;
  readonly origin: DataOrigin;
  readonly env: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly columns: readonly (Column & MinariPlace)[];
  /** First choice of discrete actions. */
  readonly start: number;
  readonly findings: readonly DataFinding[];
}

/** Arrays of numbers below a group, by path, and what is none. */
function leaves(file: Hdf5File, path: string): { arrays: string[]; others: string[] } {
  const kind = file.kind(path);
  if (kind === 'array') return { arrays: [path], others: [] };
  if (kind !== 'group') return { arrays: [], others: kind ? [path] : [] };
  const inner = file.keys(path).map((key) => leaves(file, `${path}/${key}`));
  return { arrays: inner.flatMap(({ arrays }) => arrays), others: inner.flatMap(({ others }) => others) };
}

/** Columns of the first episode, with the bounds that metadata.json knows. */
export function minariColumns(
  file: Hdf5File,
  metadata: MinariMetadata,
  name: string,
  steps: Int32Array,
): MinariColumns {
  if (metadata.anygoal !== undefined) return ownColumns(metadata.anygoal, name);
  if (steps.length === 0) throw new UsageError(`${name} holds no episodes.`);
  const space = (text: string | undefined) =>
    text === undefined ? undefined : (parsePythonJson(text, `${name} (${METADATA_FILE})`) as Space);
  const [observations, actions] = [space(metadata.observation_space), space(metadata.action_space)];
  const findings: DataFinding[] = [];
  const first = 'episode_0';
  const columns: (ForeignColumn & MinariPlace)[] = [];
  const leave = (what: string, why: string) =>
    findings.push({ level: 'note', message: `${what} is left out: ${why}.` });

  const seen = leaves(file, `${first}/observations`);
  for (const path of seen.others) leave(path.slice(first.length + 1), 'it holds texts or packed pictures');
  for (const path of seen.arrays) {
    const inner = path.slice(`${first}/observations`.length + 1);
    const known = spaceAt(observations, inner);
    if (isPicture(known) && metadata.jpeg_encoding !== false) {
      leave(path.slice(first.length + 1), 'its pictures are packed as JPEG; write it with jpeg_encoding=False');
      continue;
    }
    const { shape, bytes } = file.array(path);
    const column = inner === '' ? 'observation' : columnName(inner);
    const isGoal = column === 'goal';
    columns.push({
      name: column,
      shape: shape.length > 1 ? shape.slice(1) : [1],
      dtype: bytes && shape.length === 4 ? 'uint8' : 'float32',
      per: isGoal ? 'episode' : 'state',
      isPart: !['observation', 'achieved', 'goal'].includes(column),
      low: flatBounds(known?.low),
      high: flatBounds(known?.high),
      path: `observations/${inner}`.replace(/\/$/, ''),
      rows: isGoal ? 'first' : 'states',
    });
  }
  const { shape } = file.array(`${first}/actions`);
  columns.push({
    name: 'action',
    shape: shape.length > 1 ? shape.slice(1) : [1],
    dtype: 'float32',
    per: 'transition',
    low: flatBounds(actions?.low),
    high: flatBounds(actions?.high),
    path: 'actions',
    rows: 'transitions',
  });
  columns.push({
    name: 'reward',
    shape: [1],
    dtype: 'float32',
    per: 'transition',
    path: 'rewards',
    rows: 'transitions',
  });
  const infos = leaves(file, `${first}/infos`);
  for (const path of infos.others) leave(path.slice(first.length + 1), 'it holds no numbers');
  for (const path of infos.arrays) {
    const info = file.array(path);
    if (info.shape[0] !== steps[0] + 1) {
      leave(path.slice(first.length + 1), 'it has no value for each state');
      continue;
    }
    columns.push({
      name: columnName(path.slice(first.length + 1)),
      shape: info.shape.length > 1 ? info.shape.slice(1) : [1],
      dtype: 'float32',
      per: 'state',
      path: path.slice(first.length + 1),
      rows: 'states',
    });
  }
  const envSpec = metadata.env_spec
    ? (parsePythonJson(metadata.env_spec, `${name} (${METADATA_FILE})`) as { id?: string; max_episode_steps?: number })
    : {};
  const longest = steps.reduce((most, count) => Math.max(most, count), 1);
  const spec = foreignSpec(name, {
    name: envSpec.id ?? '',
    columns,
    ...(actions?.type === 'Discrete' && { choices: actions.n }),
    maxEpisodeSteps: envSpec.max_episode_steps ?? longest,
  });
  return {
    spec,
    derived: true,
    origin: { ...(metadata.algorithm_name && { policy: metadata.algorithm_name }) },
    env: envSpec.id ?? '',
    options: {},
    start: actions?.type === 'Discrete' ? (actions.start ?? 0) : 0,
    columns: columnsOf(spec).map((column) => {
      const { path, rows } = columns.find((one) => one.name === column.name) as MinariPlace;
      return { ...column, path, rows };
    }),
    findings,
  };
}

/** What a data set of ours said of itself when it was written as Minari. */
function ownColumns(text: string, name: string): MinariColumns {
  try {
    const { env, options, spec: given, origin } = JSON.parse(text) as Record<string, unknown>;
    const spec = reviveSpec(JSON.stringify(given));
    const columns = columnsOf(spec).map((column) => ({ ...column, ...placeOf(spec, column) }));
    return {
      spec,
      derived: false,
      origin: origin as DataOrigin,
      env: String(env),
      options: options as Record<string, unknown>,
      columns,
      start: 0,
      findings: [],
    };
  } catch (error) {
    throw new RunError(`${name} (${METADATA_FILE}) is damaged: "anygoal" is not readable.`, { cause: error });
  }
}
