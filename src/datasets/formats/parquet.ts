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
    onComplete(rows: unknown[][]): void;
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
  /** Values [from, to) of a column: numbers, big integers, texts or lists of these. */
  read(column: string, from?: number, to?: number): Promise<unknown[]>;
}

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
  return {
    rows,
    has,
    async read(column, from = 0, to = rows) {
      if (!has(column)) throw new RunError(`${name} is damaged: it lacks the column "${column}".`);
      let values: unknown[] = [];
      await attempt(() =>
        hyparquet.parquetRead({
          file,
          metadata,
          columns: [column],
          rowStart: from,
          rowEnd: to,
          onComplete(found) {
            values = found.map(([value]) => value);
          },
        }),
      );
      if (values.length !== to - from)
        throw new RunError(`${name} is damaged: "${column}" ends after ${values.length} rows.`);
      return values;
    },
  };
}
