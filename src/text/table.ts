// Reads the table of the embedded encoder, a file beside this one: written by bench/text/distil.py.
import { RunError } from '../errors.js';

export interface WordTable {
  /** In the order of frequency, ends of words with ##; separated by blanks. */
  readonly words: string;
  /** What 1 stands for in each component. */
  readonly scales: readonly number[];
  /** [word, component]. */
  readonly components: Int8Array;
  /** The whole file. */
  readonly bytes: Uint8Array;
}

/** @throws RunError where the file cannot be read, as where a bundler has left it behind */
export async function readTable(): Promise<WordTable> {
  const bytes = await fetchTable();
  const header = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const { words, scales } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + header)));
  return { words, scales, components: new Int8Array(bytes.slice(4 + header).buffer), bytes };
}

async function fetchTable(): Promise<Uint8Array> {
  const url = new URL('./embedded.table', import.meta.url);
  const { process } = globalThis as { process?: NodeJS.Process };
  const fs = url.protocol === 'file:' ? process?.getBuiltinModule?.('fs/promises') : undefined;
  // fetch() of Node reads no files.
  if (fs) return new Uint8Array(await fs.readFile(url));
  const response = await fetch(url);
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw new RunError(
    `the table of the embedded encoder is not at ${url} (${response.status}); serve embedded.table there.`,
  );
}
