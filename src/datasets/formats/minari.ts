// Minari's data sets (0.5): a folder with metadata.json and main_data.hdf5, in which each episode is a group.
import type { Column, Values } from '../../envs/columns.js';
import type { EnvSpec } from '../../envs/env.js';
import { RunError, UsageError } from '../../errors.js';
import { nextTurn } from '../../platform/yield.js';
import { checksumOf } from '../../runs/byte-source.js';
import { changeFindings } from '../changing.js';
import { type DataPlace, readText } from '../data-place.js';
import type { DataSet } from '../data-set.js';
import { createColumn, toColumn } from '../stored.js';
import { type Hdf5File, openHdf5 } from './hdf5.js';
import { METADATA_FILE, minariColumns } from './minari-columns.js';
import { type MinariMetadata, type MinariPlace, parsePythonJson } from './minari-spaces.js';

export const MAIN_FILE = 'main_data.hdf5';
/** Attribute of our episodes: whether they ended in what no goal explains. */
export const FAILED = 'anygoal_failed';

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
    const found = minariColumns(opened, metadata, name, steps);
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
