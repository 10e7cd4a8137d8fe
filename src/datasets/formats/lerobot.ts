// LeRobot's data sets, version 3: a folder with meta/info.json and Parquet files of frames; videos stay where they are.
import { RunError, UsageError } from '../../errors.js';
import { type ByteSource, checksumOf } from '../../runs/byte-source.js';
import { type DataPlace, readText } from '../data-place.js';
import type { DataFinding, DataSet } from '../data-set.js';
import { cutRows, type FlatColumn, flatDataSet } from '../flat.js';
import { columnName } from '../foreign-spec.js';
import type { StoredArray } from '../stored.js';
import { openParquet, type ParquetFile } from './parquet.js';

export const INFO = 'meta/info.json';
const VERSION = 'v3.0';

interface Feature {
  readonly dtype: string;
  readonly shape: readonly number[];
}

interface Info {
  readonly codebase_version?: string;
  readonly robot_type?: string | null;
  readonly total_episodes?: number;
  readonly total_frames?: number;
  readonly video_path?: string | null;
  readonly features?: Readonly<Record<string, Feature>>;
}

/** Counters and marks of frames, which every data set has or which say where episodes end. */
const notColumns = ['timestamp', 'frame_index', 'episode_index', 'index', 'task_index', 'next.done', 'next.success'];
const NUMBERS = ['float32', 'float64', 'int8', 'int16', 'int32', 'int64', 'uint8', 'bool'];
const MEDIA = ['video', 'image'];

export async function openLerobot(place: DataPlace): Promise<DataSet> {
  const { name } = place;
  const info = await readInfo(place);
  const features = info.features ?? {};
  const sources: ByteSource[] = [];
  const close = async () => {
    for (const source of sources) await source.close();
  };
  try {
    const files: { file: ParquetFile; from: number }[] = [];
    let frames = 0;
    for (const path of await dataFiles(place)) {
      const source = await place.open(path);
      sources.push(source);
      const file = await openParquet(source);
      files.push({ file, from: frames });
      frames += file.rows;
    }
    if (info.total_frames !== undefined && info.total_frames !== frames) {
      throw new RunError(
        `${name} is damaged: ${INFO} speaks of ${info.total_frames} frames, its files hold ${frames}. Restore it from a copy.`,
      );
    }
    const array = (feature: string, shape: readonly number[]): StoredArray => framesOf(files, frames, feature, shape);
    const findings: DataFinding[] = [];
    const columns: FlatColumn[] = [];
    for (const [feature, { dtype, shape }] of Object.entries(features)) {
      if (notColumns.includes(feature)) continue;
      if (MEDIA.includes(dtype)) findings.push(mediaNote(place, info, feature, dtype));
      else if (!NUMBERS.includes(dtype)) {
        findings.push({ level: 'note', message: `"${feature}" is left out: its type, ${dtype}, is no number.` });
      } else {
        const column = columnName(feature);
        columns.push({
          name: column,
          shape,
          dtype: 'float32',
          per: column === 'action' || feature.startsWith('next.') ? 'transition' : 'state',
          ...(feature.startsWith('observation.') && column !== 'observation' && { isPart: true }),
          array: array(feature, shape),
        });
      }
    }
    // The rows say where episodes end; the tables beside them have been wrong at file boundaries.
    const numbers = await array('episode_index', [1]).read(0, frames);
    const episodes = cutRows(
      frames,
      (row) => (row + 1 < frames && numbers[row + 1] === numbers[row] ? 0 : 'timeout'),
      false,
    );
    if (info.total_episodes !== undefined && info.total_episodes !== episodes.steps.length + episodes.empty) {
      findings.push({
        level: 'warning',
        message: `${INFO} speaks of ${info.total_episodes} episodes, its frames of ${episodes.steps.length + episodes.empty}; the frames count.`,
      });
    }
    findings.push({
      level: 'note',
      message: "the state after an episode's last action is not stored: that action is left out.",
    });
    const tasks = await readTasks(place, sources);
    if (tasks.length > 0) {
      const task = array('task_index', [1]);
      columns.push({ name: 'task', shape: [1], dtype: 'float32', per: 'episode', array: task });
    }
    return await flatDataSet({
      name,
      format: 'LeRobot',
      env: info.robot_type ?? '',
      columns,
      ...(tasks.length > 0 && { tasks }),
      episodes,
      findings,
      async checksum() {
        let sum = '0';
        for (const source of sources) sum = await checksumOf(source, Number.parseInt(sum, 16));
        return sum;
      },
      close,
    });
  } catch (error) {
    await close();
    throw error;
  }
}

async function readInfo(place: DataPlace): Promise<Info> {
  let info: Info;
  try {
    info = JSON.parse(await readText(place, INFO));
  } catch (error) {
    if (error instanceof RunError || error instanceof UsageError) throw error;
    throw new RunError(`${place.name} (${INFO}) is damaged: it is not JSON. Restore it from a copy.`, { cause: error });
  }
  if (info.codebase_version !== VERSION) {
    throw new UsageError(
      `${place.name} is a LeRobot data set of version ${info.codebase_version ?? 'unknown'}; ${VERSION} is read. LeRobot's own converter brings older ones to it.`,
    );
  }
  return info;
}

/** data/chunk-000/file-000.parquet and so on, in order. */
async function dataFiles(place: DataPlace): Promise<string[]> {
  const files: string[] = [];
  for (const chunk of await place.list('data')) {
    for (const file of await place.list(`data/${chunk}`)) {
      if (file.endsWith('.parquet')) files.push(`data/${chunk}/${file}`);
    }
  }
  if (files.length === 0) throw new RunError(`${place.name} has no data/*/*.parquet. Restore it from a copy.`);
  return files;
}

/** A feature over all files, as one array. */
function framesOf(
  files: readonly { readonly file: ParquetFile; readonly from: number }[],
  frames: number,
  feature: string,
  shape: readonly number[],
): StoredArray {
  const size = shape.reduce((product, n) => product * n, 1);
  return {
    shape: size === 1 ? [frames] : [frames, ...shape],
    bytes: false,
    async read(from, to) {
      const out = new Float32Array((to - from) * size);
      for (const { file, from: begin } of files) {
        const [first, end] = [Math.max(from, begin), Math.min(to, begin + file.rows)];
        if (first >= end) continue;
        await file.read(feature, first - begin, end - begin, (values, row) =>
          fill(out, (begin + row - from) * size, values, size, feature),
        );
      }
      return out;
    },
  };
}

/** Values of some rows from `out[at]` on. Frames are many: lists of numbers, which nearly all are, are copied as they are. */
function fill(out: Float32Array, at: number, values: ArrayLike<unknown>, size: number, feature: string): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const to = at + i * size;
    if (typeof value === 'number') out[to] = value;
    else if (typeof value === 'object' && value !== null) fillList(out, to, value, size, feature);
    else out[to] = value === null || value === undefined ? Number.NaN : Number(value);
  }
}

function fillList(out: Float32Array, to: number, value: object, size: number, feature: string): void {
  const nested = Array.isArray(value) && typeof value[0] === 'object';
  const numbers = (nested ? value.flat(Infinity) : value) as ArrayLike<unknown>;
  if (numbers.length !== size) {
    throw new RunError(
      `a frame's "${feature}" has ${numbers.length} numbers instead of ${size}; the data set is damaged.`,
    );
  }
  for (let j = 0; j < size; j++) {
    const number = numbers[j];
    out[to + j] = typeof number === 'number' ? number : Number(number);
  }
}

function mediaNote(place: DataPlace, { video_path: path }: Info, feature: string, dtype: string): DataFinding {
  const where = dtype === 'video' && path ? `${place.name}/${path.replace('{video_key}', feature)}` : 'its frames';
  return {
    level: 'note',
    message: `"${feature}" is left out: its pictures (${dtype}) are not read. They are at ${where}.`,
  };
}

/** The sentences by number; pandas writes them as an index without a name. */
async function readTasks(place: DataPlace, sources: ByteSource[]): Promise<string[]> {
  if (!(await place.list('meta')).includes('tasks.parquet')) return [];
  const source = await place.open('meta/tasks.parquet');
  sources.push(source);
  const file = await openParquet(source);
  const texts = await file.readAll(file.has('__index_level_0__') ? '__index_level_0__' : 'task');
  const numbers = await file.readAll('task_index');
  const tasks: string[] = [];
  for (const [i, text] of texts.entries()) tasks[Number(numbers[i])] = String(text);
  return tasks;
}
