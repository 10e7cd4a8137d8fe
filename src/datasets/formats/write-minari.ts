// Writes a data set as Minari has them: metadata.json and main_data.hdf5 in a folder `data`, without pictures packed.
import * as platform from '#platform';
import { type Column, columnsOf, type Values } from '../../envs/columns.js';
import { UsageError } from '../../errors.js';
import { type DataSet, type EpisodeColumns, partsOf } from '../data-set.js';
import type { StoredValues } from '../stored.js';
import { rowsPer } from '../stored.js';
import { metadataOf } from './episodes.js';
import { type H5Group, writeHdf5 } from './hdf5.js';
import { FAILED, MAIN_FILE } from './minari.js';
import { METADATA_FILE } from './minari-columns.js';
import { type MinariPlace, placeOf, pythonJson, spacesOf } from './minari-spaces.js';

/** The version whose files these are like. */
const MINARI_VERSION = '0.5.4';
/** Transitions that are read at a time. */
const PART = 50_000;

/**
 * Writes `path`/data: a Minari data set called as the folder, such as `reach-v0`. `env`: the environment's name, where it
 * is another than the data say. @throws UsageError for names that Minari does not take, and where rewards are missing
 */
export async function writeMinari(data: DataSet, path: string, env = data.env): Promise<void> {
  const { spec, steps } = data;
  const id = path.split(/[/\\]/).findLast((part) => part !== '') ?? '';
  if (!/^[-_\w]+-v\d+$/.test(id)) {
    throw new UsageError(`--out ${path}: Minari's names end in a version; call the folder NAME-v0.`);
  }
  if (!data.columns.includes('reward')) {
    throw new UsageError(
      `${data.name} has no rewards, which Minari needs; convert it with --env ENV of an environment that computes them, or to .safetensors.`,
    );
  }
  const columns = columnsOf(spec)
    .filter(({ name }) => data.columns.includes(name))
    .map((column) => ({ ...column, ...placeOf(spec, column) }));
  await platform.createFolder(path, async (folder) => {
    const inner = platform.openStore(folder);
    const { observation, action } = spacesOf(spec);
    const about = metadataOf({ ...data, env });
    const metadata = {
      total_episodes: steps.length,
      total_steps: data.transitions,
      data_format: 'hdf5',
      jpeg_encoding: false,
      observation_space: pythonJson(observation),
      action_space: pythonJson(action),
      dataset_id: id,
      ...(data.origin.policy !== undefined && { algorithm_name: data.origin.policy }),
      minari_version: MINARI_VERSION,
      // What the format has no place for, to be read back here.
      ...(!data.derived && {
        anygoal: `{"env":${JSON.stringify(env)},"options":${about.options},"spec":${about.spec},"origin":${about.origin}}`,
      }),
    };
    await inner.write(`data/${METADATA_FILE}`, new TextEncoder().encode(pythonJson(metadata)));
    await writeHdf5(`${folder}/data/${MAIN_FILE}`, async (root) => {
      for (const [from, to] of partsOf(steps, PART)) {
        const part = await data.read(from, to);
        const cursors = new Map(columns.map(({ name }) => [name, 0]));
        for (let i = from; i < to; i++) writeEpisode(root, i, part, i - from, columns, cursors, data);
      }
    });
  });
}

/** One group; `cursors` are the rows of the part's columns at which the episode begins, and move on. */
function writeEpisode(
  root: H5Group,
  number: number,
  part: EpisodeColumns,
  i: number,
  columns: readonly (Column & MinariPlace)[],
  cursors: Map<string, number>,
  { spec, derived }: DataSet,
): void {
  const steps = part.steps[i];
  const group = root.create_group(`episode_${number}`, true);
  const whole = (name: string, value: number) =>
    group.create_attribute(name, BigInt64Array.of(BigInt(value)), [], '<q');
  whole('id', number);
  whole('total_steps', steps);
  if (!derived) whole(FAILED, part.failed[i]);
  const groups = new Map<string, H5Group>();
  for (const column of columns) {
    const { name, path, per, size } = column;
    const begin = cursors.get(name) ?? 0;
    const count = rowsPer(per, steps);
    cursors.set(name, begin + count);
    const values = part.columns[name].subarray(begin * size, (begin + count) * size);
    const [top, inner] = path.split('/');
    if (inner !== undefined && !groups.has(top)) groups.set(top, group.create_group(top, true));
    writeArray(groups.get(top) ?? group, inner ?? top, stored(column, values, steps, spec.action.kind), column);
  }
  const ended = part.failed[i] === 1 || (spec.successEndsEpisode && steps < spec.maxEpisodeSteps);
  const marks = (last: boolean) => Int8Array.from({ length: steps }, (_, t) => (last && t === steps - 1 ? 1 : 0));
  for (const [name, mark] of Object.entries({ terminations: ended, truncations: !ended })) {
    writeArray(group, name, marks(mark), { shape: [1], size: 1 });
  }
}

/** A column's numbers as the file has them: a value per state beside observations and infos, and rewards of 8 bytes. */
function stored(
  { name, rows, size }: Column & MinariPlace,
  values: Values,
  steps: number,
  action: 'box' | 'discrete',
): StoredValues {
  if (name === 'reward') return Float64Array.from(values);
  if (name === 'action' && action === 'discrete')
    return BigInt64Array.from(values, (value) => BigInt(Math.round(value)));
  if (rows === 'states' || rows === 'transitions') return values;
  const out = values instanceof Uint8Array ? new Uint8Array((steps + 1) * size) : new Float32Array((steps + 1) * size);
  if (rows === 'after') out.set(values, size);
  else for (let t = 0; t <= steps; t++) out.set(values, t * size);
  return out;
}

function writeArray(
  group: H5Group,
  name: string,
  data: StoredValues,
  { shape, size }: { readonly shape: readonly number[]; readonly size: number },
): void {
  const flat = ['rewards', 'terminations', 'truncations'].includes(name) || data instanceof BigInt64Array;
  const rest = flat ? [] : shape;
  const rows = data.length / size;
  group.create_dataset({ name, data, shape: [rows, ...rest], maxshape: [null, ...rest], chunks: [rows, ...rest] });
}
