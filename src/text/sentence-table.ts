// Vectors of given sentences in a file, so that any encoder can serve environments, which need vectors at once.
import { UsageError } from '../errors.js';
import type { SentenceEncoder } from './encoder.js';

/** As JSON. */
export interface SentenceTable {
  /** Of the encoder, as in `SentenceEncoder`. */
  readonly encoder: string;
  readonly checksum: string;
  readonly size: number;
  readonly vectors: Readonly<Record<string, readonly number[]>>;
}

/** Digits that are kept of a number: vectors are equal to the encoder's within 1e-6. */
const DIGITS = 7;

export async function sentenceTable(encoder: SentenceEncoder, sentences: readonly string[]): Promise<SentenceTable> {
  const vectors: Record<string, number[]> = {};
  for (const sentence of sentences) {
    const vector = await encoder.encode(sentence);
    vectors[sentence] = Array.from(vector, (value) => Number(value.toPrecision(DIGITS)));
  }
  return { encoder: encoder.name, checksum: encoder.checksum, size: encoder.size, vectors };
}

const known = new Map<string, SentenceTable>();

/** Reads a table that `anygoal text table` wrote, in Node. @throws UsageError for files that are none */
export function readSentenceTable(path: string): SentenceTable {
  const found = known.get(path);
  if (found) return found;
  const { process } = globalThis as { process?: NodeJS.Process };
  const fs = process?.getBuiltinModule?.('fs');
  const table = fs && read(path, fs.readFileSync);
  if (!table?.vectors || !table.size) {
    throw new UsageError(
      `encoder ${path} is no table of sentences; give embedded, none, or a file that \`anygoal text table\` wrote.`,
    );
  }
  known.set(path, table);
  return table;
}

function read(path: string, readFile: typeof import('fs').readFileSync): SentenceTable | undefined {
  try {
    return JSON.parse(readFile(path, 'utf8')) as SentenceTable;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) return undefined; // no JSON
    throw new UsageError(
      `encoder ${path} cannot be read (${code}); give embedded, none, or a file that \`anygoal text table\` wrote.`,
    );
  }
}

/** @throws UsageError for a sentence that is not in it */
export function vectorIn({ encoder, vectors }: SentenceTable, sentence: string): readonly number[] {
  if (Object.hasOwn(vectors, sentence)) return vectors[sentence];
  throw new UsageError(
    `instruction "${sentence}" is not among the ${Object.keys(vectors).length} sentences that ${encoder} was asked for; say it as one of them, or write the table anew with it.`,
  );
}
