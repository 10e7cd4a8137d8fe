// What a data set holds, in figures: its columns with their ranges, episodes, returns, and what looks wrong.
import { type Column, columnsOf, type Values } from '../envs/columns.js';
import { wordsName } from '../envs/instruction-names.js';
import { type Coverage, coverageColumn, coverageOf, firstTwo } from './coverage.js';
import { type DataFinding, type DataSet, partsOf } from './data-set.js';
import { rowsPer } from './stored.js';

export interface ColumnReport {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'uint8';
  readonly per: 'state' | 'transition' | 'episode';
  /** Absent: the file does not have it. */
  readonly figures?: ColumnFigures;
}

/** Over all numbers of the column that are numbers. */
export interface ColumnFigures {
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  /** Numbers that are NaN or infinite. */
  readonly broken: number;
  /** Places [0, size) whose number never changes. */
  readonly constant: readonly number[];
}

export interface DataReport {
  readonly episodes: number;
  readonly transitions: number;
  /** Shortest, mean and longest episode, in transitions. */
  readonly lengths: readonly [least: number, mean: number, most: number];
  /** Undiscounted returns of the episodes: least, mean and largest; absent without rewards. */
  readonly returns?: readonly [least: number, mean: number, most: number];
  readonly columns: readonly ColumnReport[];
  /** Episodes of each task by its name; absent: there is a single one. */
  readonly tasks?: Readonly<Record<string, number>>;
  /** The first few that episodes are asked for with, where the data have their words one by one. */
  readonly sentences?: readonly string[];
  /** Where goals lie, or without goals what was achieved: the first two numbers; absent where there is neither. */
  readonly coverage?: Coverage;
  readonly findings: readonly DataFinding[];
}

/** Transitions that are read at a time. */
const PART = 50_000;

/** Reads everything once, part by part. */
export async function inspectData(data: DataSet): Promise<DataReport> {
  const table = columnsOf(data.spec);
  const sums = table.map(({ size }) => createSums(size));
  const returns: number[] = [];
  const covered = coverageColumn(data.spec);
  const places: Float32Array[] = [];
  const broken = new Map<string, number>();
  const { tasks: names } = data.spec;
  const counts = names?.map(() => 0);
  const sayWords = await wordsReader(data);
  const sentences = new Set<string>();
  for (const [from, to] of partsOf(data.steps, PART)) {
    const { columns, steps } = await data.read(from, to);
    for (const [c, column] of table.entries()) {
      const values = columns[column.name];
      if (!values) continue;
      const before = sums[c].broken;
      add(sums[c], values);
      if (before === 0 && sums[c].broken > 0) broken.set(column.name, from + firstBroken(values, column, steps));
    }
    if (columns.reward) returns.push(...returnsOf(columns.reward, steps));
    for (const task of columns.task ?? []) if (counts && task in counts) counts[task]++;
    if (sayWords && columns[wordsName]) addSentences(sentences, columns[wordsName] as Float32Array, steps, sayWords);
    const shown = covered && columns[covered.name];
    if (covered && shown) places.push(firstTwo(shown, covered.size));
  }
  const columns = table.map(({ name, shape, dtype, per }, c) => ({
    name,
    shape,
    dtype,
    per,
    ...(sums[c].rows > 0 && { figures: figuresOf(sums[c]) }),
  }));
  return {
    episodes: data.steps.length,
    transitions: data.transitions,
    lengths: range(data.steps),
    ...(returns.length > 0 && { returns: range(returns) }),
    columns,
    ...(names && counts && { tasks: Object.fromEntries(names.map((name, i) => [name, counts[i]])) }),
    ...(sentences.size > 0 && { sentences: [...sentences] }),
    ...(covered && places.length > 0 && { coverage: coverageOf(covered.name, places) }),
    findings: [...data.findings, ...findingsOf(data, columns, broken)],
  };
}

/** Sentences that are told at most. */
const TOLD = 4;

/** Makes a sentence of the vectors of its words; undefined where the data do not have them, or by another encoder. */
async function wordsReader({ spec }: DataSet): Promise<((vectors: Float32Array) => string) | undefined> {
  const { instruction, parts } = spec;
  if (!instruction?.words || !parts?.[wordsName]) return undefined;
  const { embeddedChecksum, embeddedEncoder } = await import('../text/embedded.js'); // its table is large
  if (instruction.checksum !== embeddedChecksum) return undefined;
  return (vectors) => embeddedEncoder().decodeWords(vectors).join(' ');
}

function addSentences(
  sentences: Set<string>,
  words: Float32Array,
  steps: Int32Array,
  say: (vectors: Float32Array) => string,
): void {
  const size = words.length / steps.length;
  for (let i = 0; i < steps.length && sentences.size < TOLD; i++) {
    sentences.add(say(words.subarray(i * size, (i + 1) * size)));
  }
}

function range(values: ArrayLike<number>): readonly [number, number, number] {
  let [least, most, sum] = [Infinity, -Infinity, 0];
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]);
    most = Math.max(most, values[i]);
    sum += values[i];
  }
  return [least, sum / values.length, most];
}

function returnsOf(reward: ArrayLike<number>, steps: Int32Array): number[] {
  let at = 0;
  return Array.from(steps, (count) => {
    let sum = 0;
    for (let t = 0; t < count; t++) sum += reward[at++];
    return sum;
  });
}

interface Sums {
  readonly least: Float64Array;
  readonly most: Float64Array;
  sum: number;
  numbers: number;
  broken: number;
  rows: number;
}

const createSums = (size: number): Sums => ({
  least: new Float64Array(size).fill(Infinity),
  most: new Float64Array(size).fill(-Infinity),
  sum: 0,
  numbers: 0,
  broken: 0,
  rows: 0,
});

function add(sums: Sums, values: ArrayLike<number>): void {
  const { least, most } = sums;
  const size = least.length;
  for (let i = 0, j = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isFinite(value)) {
      if (value < least[j]) least[j] = value;
      if (value > most[j]) most[j] = value;
      sums.sum += value;
      sums.numbers++;
    } else sums.broken++;
    j = j + 1 === size ? 0 : j + 1;
  }
  sums.rows += values.length / size;
}

const figuresOf = ({ least, most, sum, numbers, broken, rows }: Sums): ColumnFigures => ({
  least: Math.min(...least),
  most: Math.max(...most),
  mean: sum / numbers,
  broken,
  constant: rows > 1 ? Array.from(least.keys()).filter((j) => least[j] === most[j]) : [],
});

/** The first episode of a part with a number that is none. */
function firstBroken(values: Values, { per, size }: Column, steps: Int32Array): number {
  const place = values.findIndex((value: number) => !Number.isFinite(value));
  let end = 0;
  return steps.findIndex((count) => {
    end += rowsPer(per, count) * size;
    return place < end;
  });
}

function findingsOf(
  { spec, steps, derived }: DataSet,
  columns: readonly ColumnReport[],
  brokenIn: ReadonlyMap<string, number>,
): DataFinding[] {
  const findings: DataFinding[] = [];
  const error = (message: string) => findings.push({ level: 'error', message });
  const warn = (message: string) => findings.push({ level: 'warning', message });
  if (steps.length === 0) error('it holds no episodes; record some.');
  const single = steps.reduce((count, length) => count + (length === 1 ? 1 : 0), 0);
  if (derived && single > 0 && spec.maxEpisodeSteps > 1) {
    warn(`${single} episodes have a single step; where that was not meant, ends were marked in the wrong place.`);
  }
  const tooLong = steps.findIndex((count) => count > spec.maxEpisodeSteps);
  if (tooLong >= 0) {
    warn(
      `episode ${tooLong} has ${steps[tooLong]} steps, but ${spec.name || 'its environment'} ends after ${spec.maxEpisodeSteps}; two may have been joined.`,
    );
  }
  for (const { name, figures, per, dtype } of columns) {
    if (!figures) {
      if (name !== 'reward' && !derived) error(`column "${name}" is missing; record the data anew.`);
      continue;
    }
    const { broken, constant, least, most } = figures;
    if (broken > 0) {
      error(
        `"${name}" has ${broken} values that are no finite numbers, the first in episode ${brokenIn.get(name)}; what learns from them becomes NaN. Leave these episodes out.`,
      );
    }
    if (constant.length > 0 && per === 'state' && dtype === 'float32') {
      warn(`"${name}" never changes at ${placesText(constant)}; nothing can be learned from that, which may be meant.`);
    }
    if (name === 'action' && spec.action.kind === 'box') {
      const outside = least < Math.min(...spec.action.low) || most > Math.max(...spec.action.high);
      if (outside)
        warn(
          `actions reach from ${least} to ${most}, beyond what ${spec.name || 'its environment'} takes; they were clipped there.`,
        );
    }
  }
  return findings;
}

/** Places by number, the first few of them. */
const placesText = (places: readonly number[]): string =>
  places.length > 6 ? `${places.length} places` : `place${places.length > 1 ? 's' : ''} ${places.join(', ')}`;
