// metrics.jsonl as columns that grow with the file: each byte of it is read and parsed once.
import { open, stat } from 'node:fs/promises';
import type { Curve, MetricsAnswer } from './api-types.js';
import { keepExtremes } from './downsample.js';

/** The rows that have this metric, and its values. */
interface Column {
  readonly row: number[];
  readonly value: number[];
}

export interface MetricsTable {
  /** Another number whenever earlier rows may have changed (a resumed run cuts its log back). */
  readonly epoch: number;
  /** Bytes of the file that are in the table: whole rows only. */
  bytes: number;
  /** The last bytes read: where the file no longer has them, it has been rewritten. */
  tail: Buffer;
  readonly step: number[];
  /** Training seconds: those of the row, or of the last row that has them. */
  readonly seconds: number[];
  readonly columns: Map<string, Column>;
}

const TAIL = 256;
const NEWLINE = 10;
/** A file that is many times longer is read in pieces, so that the server goes on answering. */
const PIECE = 4 << 20;

let epochs = Date.now() % 1e9;

const emptyTable = (): MetricsTable => ({
  epoch: epochs++,
  bytes: 0,
  tail: Buffer.alloc(0),
  step: [],
  seconds: [],
  columns: new Map(),
});

/** Brings a table up to date with its file, beginning anew where the file was cut or replaced. */
export async function readMetrics(path: string, table: MetricsTable = emptyTable()): Promise<MetricsTable> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size < table.bytes) return readMetrics(path);
  if (size === table.bytes) return table;
  const file = await open(path, 'r');
  try {
    if (table.bytes > 0) {
      const before = Buffer.alloc(table.tail.length);
      await file.read(before, 0, before.length, table.bytes - before.length);
      if (!before.equals(table.tail)) return await readMetrics(path);
    }
    let piece = Buffer.alloc(Math.min(PIECE, size - table.bytes));
    while (table.bytes < size) {
      const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, size - table.bytes), table.bytes);
      const end = piece.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
      if (end === 0) {
        // The last row is still being written, or a row is longer than the piece.
        if (bytesRead < piece.length || table.bytes + bytesRead >= size) break;
        piece = Buffer.alloc(2 * piece.length);
        continue;
      }
      addRows(table, piece.toString('utf8', 0, end));
      table.tail = Buffer.from(piece.subarray(Math.max(0, end - TAIL), end));
      table.bytes += end;
    }
  } finally {
    await file.close();
  }
  return table;
}

/** Adds whole lines; one that is not a row (a disk that was full) is passed over. */
export function addRows(table: MetricsTable, text: string): void {
  const { step, seconds, columns } = table;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    let values: Record<string, unknown>;
    try {
      values = JSON.parse(line);
    } catch {
      continue;
    }
    if (typeof values?.step !== 'number') continue;
    const row = step.length;
    const elapsed = values['time/time_elapsed'];
    step.push(values.step);
    seconds.push(typeof elapsed === 'number' ? elapsed : row > 0 ? seconds[row - 1] : 0);
    for (const name in values) {
      if (name === 'step' || name === 'wall') continue;
      const value = values[name];
      if (typeof value !== 'number' && value !== null) continue;
      let column = columns.get(name);
      if (column === undefined) {
        column = { row: [], value: [] };
        columns.set(name, column);
      }
      column.row.push(row);
      column.value.push(value ?? Number.NaN);
    }
  }
}

/**
 * Curves of the named metrics, each of at most `points` points; with the cursor of an earlier answer only what came
 * since. Names that the run does not have are left out.
 */
export function readCurves(
  table: MetricsTable,
  { names, after, points }: { names: readonly string[]; after?: string; points: number },
): MetricsAnswer {
  const [epoch, rows] = (after ?? '').split('.').map(Number);
  const goesOn = epoch === table.epoch && rows <= table.step.length;
  const curves: Record<string, Curve> = {};
  for (const name of names) {
    const column = table.columns.get(name);
    if (column === undefined) continue;
    const from = goesOn ? firstAtLeast(column.row, rows) : 0;
    const kept = keepExtremes(column.value, points, from);
    curves[name] = {
      step: kept.map((i) => table.step[column.row[i]]),
      seconds: kept.map((i) => Math.round(table.seconds[column.row[i]] * 100) / 100),
      value: kept.map((i) => (Number.isFinite(column.value[i]) ? column.value[i] : null)),
    };
  }
  return {
    cursor: `${table.epoch}.${table.step.length}`,
    reset: !goesOn,
    names: [...table.columns.keys()].sort(),
    curves,
  };
}

/** Index of the first of ascending numbers that is at least `wanted`. */
function firstAtLeast(numbers: readonly number[], wanted: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Tables of the runs looked at lately; requests for the same run take turns. */
export function createMetricsCache(most = 64) {
  const tables = new Map<string, Promise<MetricsTable>>();
  return {
    get(path: string): Promise<MetricsTable> {
      const before = tables.get(path);
      const next = before === undefined ? readMetrics(path) : before.then((table) => readMetrics(path, table));
      tables.delete(path);
      tables.set(path, next);
      next.catch(() => {
        if (tables.get(path) === next) tables.delete(path);
      });
      if (tables.size > most) tables.delete(tables.keys().next().value as string);
      return next;
    },
  };
}
