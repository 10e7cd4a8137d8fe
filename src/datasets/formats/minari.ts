// Minari's data sets (0.5): a folder with metadata.json and main_data.hdf5, in which each episode is a group.
import { type Column, columnsOf, type Values } from '../../envs/columns.js';
import type { EnvSpec } from '../../envs/env.js';
import { reviveSpec } from '../../envs/spec.js';
import { RunError, UsageError } from '../../errors.js';
import { nextTurn } from '../../platform/yield.js';
import { checksumOf } from '../../runs/byte-source.js';
import { changeFindings } from '../changing.js';
import { type DataPlace, readText } from '../data-place.js';
import type { DataFinding, DataOrigin, DataSet } from '../data-set.js';
import { columnName, type ForeignColumn, foreignSpec } from '../foreign-spec.js';
import { createColumn, toColumn } from '../stored.js';
import { type Hdf5File, openHdf5 } from './hdf5.js';
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

export const MAIN_FILE = 'main_data.hdf5';
export const METADATA_FILE = 'metadata.json';
/** Attribute of our episodes: whether they ended in what no goal explains. */
export const FAILED = 'anygoal_failed';

interface Found {
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

/** `folder`: where in the place the two files lie; undefined: the place is the HDF5 file itself. */
export async function openMinari(place: DataPlace, folder: string | undefined): Promise<DataSet> {
  const { name } = place;
  const inFolder = (file: string) => (folder === '' ? file : `${folder}/${file}`);
  const metadata: MinariMetadata =
    folder === undefined ? {} : readMetadata(await readText(place, inFolder(METADATA_FILE)), name);
  if (metadata.data_format !== undefined && metadata.data_format !== 'hdf5') {
    throw new UsageError(
      `${name} is a Minari data set in the format "${metadata.data_format}"; only "hdf5", Minari's default, is read. Write it anew with data_format="hdf5".`,
    );
  }
  const source = await place.open(folder === undefined ? '' : inFolder(MAIN_FILE));
  let file: Hdf5File | undefined;
  try {
    const opened = await openHdf5(source);
    file = opened;
    const episodes = episodesOf(opened, name);
    checkCount(metadata, episodes.length, name);
    const steps = Int32Array.from(episodes, (group) => stepsOf(opened, group));
    const found = describe(opened, metadata, name, steps);
    const failed = Uint8Array.from({ length: steps.length });
    for (let i = 0; i < steps.length; i++) failed[i] = await failure(opened, episodes[i], found.spec, steps[i]);
    const goal = found.columns.find((column) => column.name === 'goal');
    const changes = goal
      ? await changeFindings('goal', steps.length, goal.size, async (i) => {
          const rows = opened.array(`${episodes[i]}/${goal.path}`);
          return rows.read(0, rows.shape[0]);
        })
      : [];
    return {
      name,
      format: 'Minari',
      env: found.env,
      options: found.options,
      spec: found.spec,
      derived: found.derived,
      origin: found.origin,
      findings: [...found.findings, ...changes],
      columns: found.columns.map((column) => column.name),
      steps,
      transitions: steps.reduce((sum, count) => sum + count, 0),
      async read(from, to, only) {
        await nextTurn(); // the library reads without waiting
        const part = steps.slice(from, to);
        const columns: Record<string, Values> = {};
        for (const column of found.columns) {
          if (only && !only.includes(column.name)) continue;
          columns[column.name] = await readColumn(opened, column, episodes.slice(from, to), part, found.start);
        }
        return { steps: part, failed: failed.slice(from, to), columns };
      },
      async checksum() {
        const sum = await checksumOf(source);
        if (folder === undefined) return sum;
        const text = await place.open(inFolder(METADATA_FILE));
        try {
          return await checksumOf(text, Number.parseInt(sum, 16));
        } finally {
          await text.close();
        }
      },
      async close() {
        opened.close();
        await source.close();
      },
    };
  } catch (error) {
    file?.close();
    await source.close();
    throw error;
  }
}

function readMetadata(text: string, name: string): MinariMetadata {
  const metadata = parsePythonJson(text, `${name} (${METADATA_FILE})`);
  if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)) return metadata as MinariMetadata;
  throw new RunError(`${name} (${METADATA_FILE}) is damaged: it is no object. Restore it from a copy.`);
}

/** Groups in the order of their numbers; the file lists 10 before 2. */
function episodesOf(file: Hdf5File, name: string): string[] {
  const numbers = file
    .keys('')
    .flatMap((key) => /^episode_(\d+)$/.exec(key)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  const gap = numbers.findIndex((number, i) => number !== i);
  if (gap >= 0) throw new RunError(`${name} is damaged: it has no episode_${gap}. Restore it from a copy.`);
  return numbers.map((number) => `episode_${number}`);
}

function checkCount({ total_episodes: total }: MinariMetadata, found: number, name: string): void {
  if (total === undefined || total === found) return;
  throw new RunError(
    `${name} is damaged: ${METADATA_FILE} speaks of ${total} episodes, ${MAIN_FILE} has ${found}. Restore it from a copy.`,
  );
}

function stepsOf(file: Hdf5File, group: string): number {
  const kind = file.kind(`${group}/actions`);
  if (kind === 'group') {
    throw new UsageError(`${file.name}: its actions are in several parts, which is not read; join them to one vector.`);
  }
  const steps = file.array(`${group}/actions`).shape[0];
  if (steps < 1) throw new RunError(`${file.name} is damaged: ${group} has no actions. Leave it out.`);
  return steps;
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
function describe(file: Hdf5File, metadata: MinariMetadata, name: string, steps: Int32Array): Found {
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
function ownColumns(text: string, name: string): Found {
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

/**
 * Whether an episode ended in what no goal explains. With goals a termination is taken for success, unless the episode
 * recorded `infos/success` and that says no.
 */
async function failure(file: Hdf5File, group: string, spec: EnvSpec, steps: number): Promise<number> {
  const told = file.attribute(group, FAILED);
  if (told !== undefined) return Number(told);
  const last = async (path: string, row: number) => {
    const array = file.array(path);
    if (array.shape[0] <= row) return 0;
    return Number((await array.read(row, row + 1))[0]);
  };
  if ((await last(`${group}/terminations`, steps - 1)) === 0) return 0;
  if (spec.goal.size === 0) return 1;
  const success = `${group}/infos/success`;
  return file.kind(success) === 'array' && (await last(success, steps)) === 0 ? 1 : 0;
}

async function readColumn(
  file: Hdf5File,
  column: Column & MinariPlace,
  groups: readonly string[],
  steps: Int32Array,
  start: number,
): Promise<Values> {
  const { path, rows, size, dtype } = column;
  const out = createColumn(column, steps);
  let at = 0;
  for (let i = 0; i < groups.length; i++) {
    const array = file.array(`${groups[i]}/${path}`);
    const count = rows === 'transitions' ? steps[i] : steps[i] + 1;
    checkShape(file.name, groups[i], column, array.shape, count);
    const from = rows === 'after' ? 1 : 0;
    const values = toColumn(await array.read(from, rows === 'first' ? 1 : count), dtype);
    out.set(values, at);
    at += values.length;
  }
  if (column.name === 'action' && start !== 0) for (let i = 0; i < out.length; i++) out[i] -= start;
  if (at !== out.length)
    throw new RunError(`${file.name}: "${path}" has ${at / size} rows instead of ${out.length / size}.`);
  return out;
}

function checkShape(
  file: string,
  group: string,
  { path, shape, size }: Column & MinariPlace,
  found: readonly number[],
  rows: number,
): void {
  if (found[0] === rows && found.slice(1).reduce((product, n) => product * n, 1) === size) return;
  throw new RunError(
    `${file} is damaged: ${group}/${path} is [${found.join(', ')}], but its episode has [${[rows, ...shape].join(', ')}]. Restore it from a copy, or leave the episode out.`,
  );
}
