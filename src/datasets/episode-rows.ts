// Recorded episodes as rows of the replay, and rows as recorded episodes.
import { type Column, columnsOf, columnsText, createValues, type Values } from '../envs/columns.js';
import type { EnvSpec } from '../envs/env.js';
import { UsageError } from '../errors.js';
import {
  type EpisodePiece,
  type EpisodePieces,
  mayLack,
  type RowColumn,
  type RowMemory,
  readColumn,
  rowLayout,
  rowMemory,
  writeColumn,
} from '../replay/index.js';
import type { DataSet, EpisodeColumns } from './data-set.js';

/** @throws UsageError where the data are of another environment, or its columns or what they mean were others, naming each that differs */
export function checkFits(data: DataSet, spec: EnvSpec): void {
  if (data.spec.name !== spec.name) {
    throw new UsageError(
      `${data.name} was recorded in ${data.spec.name}, not in ${spec.name}; train in ${data.spec.name}, or record episodes of ${spec.name}.`,
    );
  }
  const [theirs, ours] = [columnsOf(data.spec), columnsOf(spec)];
  const text = (columns: readonly Column[], name: string) =>
    columnsText(columns.filter((column) => column.name === name)) || 'none';
  const names = [...new Set([...theirs, ...ours].map(({ name }) => name))];
  const differences = names
    .map((name) => [name, text(theirs, name), text(ours, name)] as const)
    .filter(([, then, now]) => then !== now)
    .map(([name, then, now]) => `${name}: ${then} there, ${now} here`);
  if (data.spec.action.kind !== spec.action.kind) {
    differences.push(`actions are ${data.spec.action.kind} there, ${spec.action.kind} here`);
  }
  const [then, now] = [data.spec, spec].map(({ tasks = [] }) => tasks.join(', ') || 'none');
  if (then !== now) differences.push(`tasks are ${then} there, ${now} here`);
  differences.push(...sentenceDifference(data.spec.instruction, spec.instruction));
  if (differences.length === 0) return;
  const options = Object.entries(data.options)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  throw new UsageError(
    `${data.name} was recorded when ${spec.name} was another (${differences.join('; ')}). Record it anew, or set the environment's options as they were${options && ` (${options})`}.`,
  );
}

/** By what makes vectors of sentences, and by the sentences that those are scaled by. */
function sentenceDifference(then: EnvSpec['instruction'], now: EnvSpec['instruction']): string[] {
  const made = (by: EnvSpec['instruction']) => (by ? `made by ${by.encoder} (checksum ${by.checksum})` : 'not there');
  if (made(then) !== made(now)) return [`vectors of sentences are ${made(then)} there, ${made(now)} here`];
  const scale = [then, now].map((by) => [...(by?.mean ?? []), ...(by?.deviation ?? [])]);
  const isSame = scale[0].length === scale[1].length && scale[0].every((x, i) => Math.abs(x - scale[1][i]) < SAME);
  return isSame ? [] : ['vectors of sentences are scaled for other sentences there'];
}

/** Two machines may compute other last digits. */
const SAME = 1e-4;

/** Whole episodes in the replay's rows (see layout.ts), under the environment number 0. */
export function rowsOfEpisodes(spec: EnvSpec, { steps, failed, columns }: EpisodeColumns): EpisodePieces {
  const layout = rowLayout(spec);
  const { width } = layout;
  const rows = steps.reduce((sum, count) => sum + count + 1, 0);
  const memory = rowMemory(new Float32Array(rows * width));
  const pieces: EpisodePiece[] = [];
  let row = 0;
  for (let i = 0; i < steps.length; i++) {
    pieces.push({ env: 0, first: row, steps: steps[i], end: failed[i] ? 'terminated' : 'truncated' });
    row += steps[i] + 1;
    memory.floats[(row - 2) * width + layout.failed] = failed[i];
  }
  for (const column of layout.columns) {
    const values = columns[column.name] as Values | undefined;
    if (!values && !mayLack(spec, column)) throw new UsageError(`the episodes of ${spec.name} lack "${column.name}".`);
    const unknown = () => new Float32Array((rows - steps.length) * column.size).fill(Number.NaN);
    writeRows(memory, width, steps, column, values ?? unknown());
  }
  return { rows: memory.floats, pieces };
}

/** The whole episodes among the pieces of one environment, column by column. */
export function episodesOfRows(spec: EnvSpec, { rows, pieces }: EpisodePieces): EpisodeColumns {
  const layout = rowLayout(spec);
  const { width } = layout;
  const memory = rowMemory(rows);
  const whole = pieces.filter(({ end }) => end);
  const steps = Int32Array.from(whole, (piece) => piece.steps);
  const failed = Uint8Array.from(whole, ({ first, steps: count }) => rows[(first + count - 1) * width + layout.failed]);
  const columns: Record<string, Values> = {};
  for (const column of layout.columns) {
    const count = whole.reduce((sum, piece) => sum + rowsOfEpisode(column, piece.steps), 0);
    const values = createValues(column.dtype, count * column.size);
    let to = 0;
    for (const { first, steps: length } of whole) {
      for (let t = 0; t < rowsOfEpisode(column, length); t++) {
        readColumn(memory, (first + t) * width, column, values, to * column.size);
        to++;
      }
    }
    columns[column.name] = values;
  }
  return { steps, failed, columns };
}

/** Values that a column has in an episode of so many transitions. */
const rowsOfEpisode = ({ per }: Column, steps: number): number =>
  per === 'episode' ? 1 : per === 'transition' ? steps : steps + 1;

/** Writes a column's values into the rows of episodes that lie one behind the other. */
function writeRows(memory: RowMemory, width: number, steps: Int32Array, column: RowColumn, values: Values): void {
  const { per, size, dtype, offset } = column;
  const { floats } = memory;
  let row = 0;
  let value = 0;
  for (let i = 0; i < steps.length; i++) {
    const count = per === 'transition' ? steps[i] : steps[i] + 1;
    for (let t = 0; t < count; t++) {
      const from = (per === 'episode' ? i : value + t) * size;
      const at = (row + t) * width;
      if (dtype === 'uint8') writeColumn(memory, at, column, values, from);
      else for (let j = 0; j < size; j++) floats[at + offset + j] = values[from + j];
    }
    row += steps[i] + 1;
    value += count;
  }
}
