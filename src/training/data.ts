// Data sets of a run: opened by the configuration's names, told apart by checksums, handed to the learner, never copied.
import * as platform from '#platform';
import { heldOutTasks } from '../acting/task-weights.js';
import { heldOutRegion, isInside } from '../acting/training-goals.js';
import type { TrainConfig } from '../config/config.js';
import {
  type ColumnMapping,
  checkFits,
  type DataSet,
  heldOutEpisodes,
  mapColumns,
  openDataSet,
  partsOf,
  rowsOfEpisodes,
} from '../datasets/index.js';
import { type EnvDefinition, type EnvSpec, RECORDED, taskNumber } from '../envs/index.js';
import { RunError, UsageError } from '../errors.js';
import type { Learner } from '../learners/learner.js';
import { rowLayout } from '../replay/index.js';
import type { TrainOptions } from './types.js';

/** What a run records of each of its data sets. */
export interface DataFact {
  /** As the configuration names it. */
  readonly file: string;
  /** Its full path or address; absent for one that was given in memory. */
  readonly address?: string;
  /** CRC-32C of its bytes, as eight hexadecimal digits. */
  readonly crc32c: string;
  readonly episodes: number;
  readonly transitions: number;
}

type GivenData = TrainOptions['data'];

const asList = (data: GivenData = []): readonly (string | DataSet)[] =>
  typeof data === 'string' || 'read' in data ? [data] : data;

/** The names of data sets, as the configuration has them. */
export const dataNames = (data: GivenData): string[] =>
  asList(data).map((one) => (typeof one === 'string' ? one : one.name));

export const dataInMemory = (data: GivenData): DataSet[] => asList(data).filter((one) => typeof one !== 'string');

/** A run's data sets and what is recorded of them, in the same order. */
export interface OpenedData {
  readonly sets: readonly DataSet[];
  readonly facts: readonly DataFact[];
}

/**
 * Opens what the configuration names; `given` are those that are in memory already. `known`: what a run that goes on
 * recorded of them, to find them by their addresses and to refuse others.
 */
export async function openData(
  { data }: Pick<TrainConfig, 'data'>,
  given: readonly DataSet[] = [],
  known: readonly DataFact[] = [],
): Promise<OpenedData> {
  const sets: DataSet[] = [];
  const facts: DataFact[] = [];
  try {
    for (const [i, file] of data.files.entries()) {
      const inMemory = given.find(({ name }) => name === file);
      const set = inMemory ?? (known[i] ? await openAgain(file, known[i]) : await openDataSet(file));
      sets.push(set);
      facts.push({
        file,
        ...(!inMemory && { address: platform.fullPath(set.name) }),
        crc32c: await set.checksum(),
        episodes: set.steps.length,
        transitions: set.transitions,
      });
      if (known[i]) refuseOther(known[i], facts[i]);
    }
    return { sets, facts };
  } catch (error) {
    await closeData(sets);
    throw error;
  }
}

/** A run's data set as it is named or, where nothing can be opened there, at its full address. */
async function openAgain(file: string, { address }: DataFact): Promise<DataSet> {
  try {
    return await openDataSet(file).catch((error) =>
      address === undefined ? Promise.reject(error) : openDataSet(address),
    );
  } catch (error) {
    throw new RunError(
      `this run learns from the data set ${file}, which cannot be opened (${error instanceof Error ? error.message : error}) Put it back${address === undefined ? ', or pass it as resume({ data })' : ` where it was, ${address}`}.`,
      { cause: error },
    );
  }
}

export async function closeData(sets: readonly DataSet[]): Promise<void> {
  for (const set of sets) await set.close();
}

/** A run goes on only with the very bytes that it began with. */
function refuseOther(then: DataFact, now: DataFact): void {
  if (then.crc32c === now.crc32c) return;
  throw new RunError(
    `${then.file} has changed: this run began with ${then.episodes} episodes of ${then.transitions} transitions (checksum ${then.crc32c}), the file now holds ${now.episodes} of ${now.transitions} (${now.crc32c}). Restore it, or begin a new run with --init.`,
  );
}

/** Transitions that are handed over at a time. */
const PART = 50_000;

/**
 * Hands the learner the episodes, part by part, without those whose goal or task the run holds out. `dataColumns`: where the
 * environment says that its columns come from in what other programs recorded; the configuration may say otherwise, of all.
 * @throws UsageError where the data are not of this environment, or all of them are held out
 */
export async function loadData(
  learner: Pick<Learner, 'load'>,
  given: readonly DataSet[],
  spec: EnvSpec,
  config: Pick<TrainConfig, 'goals' | 'tasks' | 'data'>,
  dataColumns?: ColumnMapping,
): Promise<void> {
  const { columns } = config.data;
  const sets = given.map((set) => fitted(set, spec, columns, dataColumns));
  const rows = sets.reduce((sum, { steps, transitions }) => sum + transitions + steps.length, 0);
  if (sets.length > 0 && rows === 0) {
    throw new UsageError(`data.files: ${sets.map(({ name }) => name).join(', ')} hold no episodes.`);
  }
  for (const set of sets) refuseHeldOutWords(set, config.goals.heldOut.words);
  const mayTrain = trainedEpisodes(config, spec);
  let loaded = 0;
  for (const set of sets) {
    // What evaluations play is not learned from.
    const heldOut = spec.name === RECORDED ? heldOutEpisodes(set) : undefined;
    for (const [from, to] of partsOf(set.steps, PART)) {
      const episodes = rowsOfEpisodes(spec, await set.read(from, to));
      const pieces = episodes.pieces.filter(
        ({ first }, i) => !heldOut?.has(from + i) && mayTrain(episodes.rows, first),
      );
      loaded += pieces.length;
      await learner.load({ ...episodes, pieces }, rows);
    }
  }
  if (rows > 0 && loaded === 0) {
    throw new UsageError(
      `data.files: every episode has a goal or a task that this run holds out (goals.heldOut, tasks.weights); hold out less, or record others.`,
    );
  }
}

/** Files hold vectors of sentences, not the sentences: what is left out must be so from the beginning. */
function refuseHeldOutWords({ name, origin }: DataSet, words: readonly string[]): void {
  const asked = words.filter((word) => !origin.without?.includes(word));
  if (asked.length === 0) return;
  throw new UsageError(
    `data.files: ${name} was not recorded without "${asked.join('", "')}", which goals.heldOut.words holds out; record it with ${asked.map((word) => `--without "${word}"`).join(' ')}.`,
  );
}

/** Hands over the data sets of a run that is opened again; `facts`: what it recorded. */
export async function loadRecorded(
  learner: Pick<Learner, 'load'>,
  config: TrainConfig,
  facts: Readonly<Record<string, unknown>>,
  { dataColumns }: Pick<EnvDefinition, 'dataColumns'>,
  spec: EnvSpec,
): Promise<void> {
  const { sets } = await openData(config, [], facts.dataSets as readonly DataFact[] | undefined);
  try {
    await loadData(learner, sets, spec, config, dataColumns);
  } finally {
    await closeData(sets);
  }
}

/** Whether the episode that begins in a row may be learned from: neither its goal nor its task is held out. */
function trainedEpisodes(
  config: Pick<TrainConfig, 'goals' | 'tasks'>,
  spec: EnvSpec,
): (rows: Float32Array, row: number) => boolean {
  const layout = rowLayout(spec);
  const [goal, task] = [layout.column('goal'), layout.column('task')];
  const region = heldOutRegion(config, spec);
  const without = new Set(heldOutTasks(config).map((name) => taskNumber(spec, name)));
  return (rows, row) => {
    const at = row * layout.width;
    if (without.size > 0 && without.has(rows[at + task.offset])) return false;
    return !region || !isInside(region, rows.subarray(at + goal.offset, at + goal.offset + goal.size));
  };
}

/** The data set with this environment's columns; what was recorded here has them, unless `columns` says otherwise. */
export function fitted(set: DataSet, spec: EnvSpec, columns: ColumnMapping, dataColumns?: ColumnMapping): DataSet {
  if (set.derived || spec.name === RECORDED) return mapColumns(set, spec, { ...dataColumns, ...columns });
  checkFits(set, spec);
  return Object.keys(columns).length > 0 ? mapColumns(set, spec, columns) : set;
}
