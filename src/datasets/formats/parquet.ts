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
  async function read(column: string, from: number, to: number, take: TakeValues): Promise<void> {
    if (!has(column)) throw new RunError(`${name} is damaged: it lacks the column "${column}".`);
    let seen = 0;
    let failure: unknown;
    await attempt(() =>
      hyparquet.parquetRead({
        file,
        metadata,
        columns: [column],
        rowStart: from,
        rowEnd: to,
        // Chunks are whole pages, which may begin before and end after the rows that are wanted.
        onChunk({ columnData, rowStart }) {
          const [first, end] = [Math.max(from, rowStart), Math.min(to, rowStart + columnData.length)];
          if (first >= end) return;
          const whole = first === rowStart && end === rowStart + columnData.length;
          const values = whole ? columnData : Array.prototype.slice.call(columnData, first - rowStart, end - rowStart);
          seen += end - first;
          try {
            take(values, first);
          } catch (error) {
            failure ??= error; // what is thrown here would be swallowed
          }
        },
      }),
    );
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
