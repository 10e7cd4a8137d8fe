// Data sets whose file has one row per time step, all episodes one behind the other: D4RL, OGBench, LeRobot.
import { columnsOf, type Values } from '../envs/columns.js';
import { UsageError } from '../errors.js';
import { changeFindings } from './changing.js';
import type { DataFinding, DataSet, EpisodeColumns } from './data-set.js';
import { type ForeignColumn, foreignSpec } from './foreign-spec.js';
import { createColumn, rowsPer, type StoredArray, toColumn } from './stored.js';

/** Where episodes lie in the rows. */
export interface FlatEpisodes {
  /** [E]: row of the first state. */
  readonly first: Float64Array;
  /** [E]: transitions. */
  readonly steps: Int32Array;
  readonly failed: Uint8Array;
  /** [E]: 1 where the state after the last action is no row of its own: that of `next`, else the one before it again. */
  readonly apart: Uint8Array;
  /** Episodes of a single row, which hold no transition. */
  readonly empty: number;
}

export interface FlatColumn extends ForeignColumn {
  readonly array: StoredArray;
  /** The state after each row's action, where the file has it. */
  readonly next?: StoredArray;
}

export interface FlatFile {
  readonly name: string;
  readonly format: string;
  readonly env: string;
  readonly columns: readonly FlatColumn[];
  readonly choices?: number;
  readonly tasks?: readonly string[];
  readonly episodes: FlatEpisodes;
  readonly findings: readonly DataFinding[];
  checksum(): Promise<string>;
  close(): Promise<void>;
}

/** @throws UsageError where a column has another number of rows than the actions */
export async function flatDataSet(file: FlatFile): Promise<DataSet> {
  const { name, format, env, columns, choices, tasks, episodes } = file;
  const findings: DataFinding[] = [...file.findings];
  if (episodes.empty > 0) {
    findings.push({
      level: 'warning',
      message: `${episodes.empty} episodes have a single row, which holds no transition; they are left out.`,
    });
  }
  const { steps } = episodes;
  checkRows(file);
  for (const { name: column, per, shape, array } of columns) {
    if (per !== 'episode') continue;
    const size = shape.reduce((product, n) => product * n, 1);
    const rowsOf = (i: number) => array.read(episodes.first[i], episodes.first[i] + steps[i]);
    findings.push(...(await changeFindings(column, steps.length, size, rowsOf)));
  }
  let transitions = 0;
  let longest = 1;
  for (const count of steps) {
    transitions += count;
    longest = Math.max(longest, count);
  }
  const spec = foreignSpec(name, { name: env, columns, choices, tasks, maxEpisodeSteps: longest });
  const table = columnsOf(spec).flatMap((column) => {
    const stored = columns.find((one) => one.name === column.name);
    return stored ? [{ ...column, stored }] : [];
  });
  return {
    name,
    format,
    env,
    options: {},
    spec,
    derived: true,
    origin: {},
    findings,
    columns: table.map((column) => column.name),
    steps,
    transitions,
    async read(from, to, only): Promise<EpisodeColumns> {
      const part = { ...episodes, first: episodes.first.subarray(from, to), steps: steps.subarray(from, to) };
      const apart = episodes.apart.subarray(from, to);
      const values: Record<string, Values> = {};
      for (const { stored, ...column } of table) {
        if (only && !only.includes(column.name)) continue;
        values[column.name] = await gather(stored, column, { ...part, apart });
      }
      return { steps: steps.slice(from, to), failed: episodes.failed.slice(from, to), columns: values };
    },
    checksum: () => file.checksum(),
    close: () => file.close(),
  };
}

function checkRows({ name, columns }: FlatFile): void {
  const rows = columns.find((column) => column.name === 'action')?.array.shape[0];
  const other = columns.find(({ array, next }) => array.shape[0] !== rows || (next && next.shape[0] !== rows));
  if (!other) return;
  const found = other.array.shape[0] !== rows ? other.array : other.next;
  throw unequal(name, rows ?? 0, other.name, found?.shape[0] ?? 0);
}

/** Columns of a file that do not belong together. */
export const unequal = (file: string, actions: number, column: string, rows: number): UsageError =>
  new UsageError(
    `${file} is no whole data set: its actions have ${actions} rows, "${column}" has ${rows}. Restore it from a copy, or write it anew.`,
  );

/** The values of episodes that lie one behind the other; rows between them are read and left out. */
async function gather(
  { array, next, dtype }: FlatColumn,
  column: { dtype: 'float32' | 'uint8'; per: 'state' | 'transition' | 'episode'; size: number },
  { first, steps, apart }: Pick<FlatEpisodes, 'first' | 'steps' | 'apart'>,
): Promise<Values> {
  const { size, per } = column;
  const out = createColumn(column, steps);
  if (steps.length === 0) return out;
  const last = steps.length - 1;
  const begin = first[0];
  const end = first[last] + steps[last] + 1 - apart[last];
  const rows = toColumn(await array.read(begin, end), dtype);
  const after = per === 'state' && next ? toColumn(await next.read(begin, end), dtype) : rows;
  let at = 0;
  for (let i = 0; i < steps.length; i++) {
    const from = first[i] - begin;
    const stored = rowsPer(per, steps[i]) - (per === 'state' ? apart[i] : 0);
    out.set(rows.subarray(from * size, (from + stored) * size), at);
    at += stored * size;
    if (per !== 'state' || !apart[i]) continue;
    const row = from + steps[i] - 1;
    out.set(after.subarray(row * size, (row + 1) * size), at);
    at += size;
  }
  return out;
}

/**
 * Cuts rows into episodes. The state after an episode's last action is no row of such a file. With `next` it is stored
 * apart. Without it the last action is left out, except after a terminal: nothing is learned from the state after that,
 * which stands there again, and the end itself counts.
 */
export function cutRows(
  rows: number,
  ends: (row: number) => 0 | 'terminal' | 'timeout',
  hasNext: boolean,
): FlatEpisodes {
  const first: number[] = [];
  const steps: number[] = [];
  const failed: number[] = [];
  const apart: number[] = [];
  let begin = 0;
  let empty = 0;
  for (let row = 0; row < rows; row++) {
    const end = ends(row);
    if (!end && row + 1 < rows) continue;
    const whole = hasNext || end === 'terminal';
    const count = row + 1 - begin - (whole ? 0 : 1);
    if (count > 0) {
      first.push(begin);
      steps.push(count);
      failed.push(end === 'terminal' ? 1 : 0);
      apart.push(whole ? 1 : 0);
    } else empty++;
    begin = row + 1;
  }
  return {
    first: Float64Array.from(first),
    steps: Int32Array.from(steps),
    failed: Uint8Array.from(failed),
    apart: Uint8Array.from(apart),
    empty,
  };
}
