// Parquet files, read by hyparquet column by column.
import { RunError, UsageError } from '../../errors.js';
import type { ByteSource } from '../../runs/byte-source.js';
import { importNamed, optionalPackage } from '../optional-package.js';

/** What is used of hyparquet. */
interface Hyparquet {
  parquetMetadataAsync(file: AsyncBuffer): Promise<ParquetMetadata>;
  parquetRead(options: {
    file: AsyncBuffer;
    metadata: ParquetMetadata;
    columns: readonly string[];
    rowStart?: number;
    rowEnd?: number;
    onChunk(chunk: { readonly columnData: ArrayLike<unknown>; readonly rowStart: number }): void;
  }): Promise<void>;
}

interface AsyncBuffer {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

interface ParquetMetadata {
  readonly num_rows: bigint;
  readonly row_groups: readonly { readonly num_rows: bigint }[];
  readonly schema: readonly { readonly name: string }[];
}

export interface ParquetFile {
  readonly rows: number;
  /** Whether there is such a column. */
  has(column: string): boolean;
  /**
   * Hands over values [from, to) of a column in parts, each with the row of its first: numbers, big integers, texts or lists of
   * these.
   */
  read(column: string, from: number, to: number, take: TakeValues): Promise<void>;
  /** All of them at once. */
  readAll(column: string): Promise<unknown[]>;
}

export type TakeValues = (values: ArrayLike<unknown>, row: number) => void;

/** Rows that are read at a time: each is a list in memory, and few of them are cheap to throw away. */
const AT_A_TIME = 2000;

/** @throws RunError for a damaged file */
export async function openParquet(source: ByteSource): Promise<ParquetFile> {
  const { name, size } = source;
  const hyparquet = await optionalPackage<Hyparquet>('hyparquet', 'Parquet', () => importNamed('hyparquet'));
  const file: AsyncBuffer = {
    byteLength: size,
    slice: async (start, end = size) => (await source.read(start, Math.min(end, size))).buffer,
  };
  const attempt = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      if (error instanceof RunError || error instanceof UsageError) throw error;
      const cause = error instanceof Error ? error.message : String(error);
      throw new RunError(`${name} is damaged or no whole Parquet file: ${cause}. Restore it from a copy.`, {
        cause: error,
      });
    }
  };
  const metadata = await attempt(() => hyparquet.parquetMetadataAsync(file));
  const has = (column: string) => metadata.schema.some((element) => element.name === column);
  const rows = Number(metadata.num_rows);
  const ends: number[] = [];
  for (const { num_rows } of metadata.row_groups) ends.push((ends.at(-1) ?? 0) + Number(num_rows));

  /** Rows [from, to) in parts of whole row groups, for of each all is unpacked. */
  function partsOf(from: number, to: number): (readonly [begin: number, end: number])[] {
    const parts: (readonly [number, number])[] = [];
    let begin = from;
    for (const end of ends) {
      if (end <= begin || begin >= to || (end < to && end - begin < AT_A_TIME)) continue;
      parts.push([begin, Math.min(end, to)]);
      begin = end;
    }
    return parts;
  }

  async function read(column: string, from: number, to: number, take: TakeValues): Promise<void> {
    if (!has(column)) throw new RunError(`${name} is damaged: it lacks the column "${column}".`);
    let seen = 0;
    let failure: unknown;
    const readPart = (begin: number, end: number) =>
      hyparquet.parquetRead({
        file,
        metadata,
        columns: [column],
        rowStart: begin,
        rowEnd: end,
        // Chunks are whole pages, which may begin before and end after the rows that are wanted.
        onChunk({ columnData, rowStart }) {
          const [first, last] = [Math.max(begin, rowStart), Math.min(end, rowStart + columnData.length)];
          if (first >= last) return;
          const whole = first === rowStart && last === rowStart + columnData.length;
          const values = whole ? columnData : Array.prototype.slice.call(columnData, first - rowStart, last - rowStart);
          seen += last - first;
          try {
            take(values, first);
          } catch (error) {
            failure ??= error; // what is thrown here would be swallowed
          }
        },
      });
    await attempt(async () => {
      for (const [begin, end] of partsOf(from, to)) await readPart(begin, end);
    });
    if (failure !== undefined) throw failure;
    if (seen !== to - from) throw new RunError(`${name} is damaged: "${column}" ends after ${seen} rows.`);
  }
  return {
    rows,
    has,
    read,
    async readAll(column) {
      const all = new Array<unknown>(rows);
      await read(column, 0, rows, (values, row) => {
        for (let i = 0; i < values.length; i++) all[row + i] = values[i];
      });
      return all;
    },
  };
}
