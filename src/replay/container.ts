// The bytes that replay parts are saved as: kind, version, numbers, the table of columns, rows. Whoever stores them sums them.
import { RunError } from '../errors.js';

const VERSION = 2;
const PREFIX_WORDS = 6; // kind, version, bytes of the table, count of numbers, count of floats (two words)

const SPACE = 0x20;

export type ContainerKind = 'episodes' | 'staging' | 'normalizer';
const kinds: Record<ContainerKind, number> = { episodes: 0x45524741, staging: 0x53524741, normalizer: 0x4e524741 };

export interface Container {
  readonly numbers: Float64Array;
  /** Text of the table of columns; empty where there are no rows. */
  readonly table: string;
  readonly floats: Float32Array;
}

/** Packs numbers (exact, float64) and pieces of rows, in words of 32 bits. */
export function pack(
  kind: ContainerKind,
  numbers: readonly number[],
  table: string,
  pieces: readonly Float32Array[],
): Uint8Array {
  const encoded = new TextEncoder().encode(table);
  const text = new Uint8Array((encoded.length + 3) & ~3).fill(SPACE); // whole words
  text.set(encoded);
  const count = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const rowsAt = 4 * PREFIX_WORDS + 8 * numbers.length + text.length;
  const bytes = new Uint8Array(rowsAt + 4 * count);
  const words = new Uint32Array(bytes.buffer, 0, PREFIX_WORDS);
  words.set([kinds[kind], VERSION, text.length, numbers.length, count >>> 0, Math.floor(count / 2 ** 32)]);
  new Float64Array(bytes.buffer, 4 * PREFIX_WORDS, numbers.length).set(numbers);
  bytes.set(text, rowsAt - text.length);
  const floats = new Float32Array(bytes.buffer, rowsAt);
  let at = 0;
  for (const piece of pieces) {
    floats.set(piece, at); // a block copy: bits that are no numbers stay what they are
    at += piece.length;
  }
  return bytes;
}

/**
 * Checks what the bytes are and that they are whole. Whether they changed is checked once, where they are stored: a run's
 * archive has a sum of each of its files and segments.
 * @throws RunError for bytes that are something else, of another version or cut off
 */
export function unpack(kind: ContainerKind, bytes: Uint8Array): Container {
  const fail = (problem: string): never => {
    throw new RunError(`saved replay (${kind}): ${problem}`);
  };
  // Views need their alignment; bytes read from a file may start anywhere.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  if (bytes.length % 4 !== 0 || bytes.length < 4 * PREFIX_WORDS)
    fail(`${bytes.length} bytes are too few; it is cut off.`);
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, PREFIX_WORDS);
  if (words[0] !== kinds[kind]) fail('these bytes are something else.');
  const [, version, tableBytes] = words;
  if (version > VERSION)
    fail(`written by a newer anygoal (format ${version}, this one reads up to ${VERSION}); update.`);
  // Statistics have not changed but for their sum, so that a new run can begin with the policy of an old one.
  if (version < VERSION && kind !== 'normalizer') {
    fail(
      `written by an older anygoal (format ${version}, this one reads ${VERSION}), whose rows lack the rewards. Begin a new run with the old one's policy (--init RUN), or go on with the version of anygoal that its config.json names.`,
    );
  }
  const text = version < VERSION ? 0 : tableBytes;
  const [numbers, floats] = [words[3], words[4] + 2 ** 32 * words[5]];
  const expected = 4 * PREFIX_WORDS + 8 * numbers + text + 4 * floats;
  if (bytes.length !== expected || text % 4 !== 0)
    fail(`has ${bytes.length} bytes instead of ${expected}; it is cut off or damaged.`);
  const tableAt = 4 * PREFIX_WORDS + 8 * numbers;
  const values = new Float64Array(aligned.buffer, aligned.byteOffset + 4 * PREFIX_WORDS, numbers);
  if (kind !== 'normalizer' && !values.every((value) => Number.isSafeInteger(value) && value >= 0)) {
    fail('its counts are no whole numbers; it is damaged.');
  }
  return {
    numbers: values,
    table: new TextDecoder().decode(aligned.subarray(tableAt, tableAt + text)).trimEnd(),
    floats: new Float32Array(aligned.buffer, aligned.byteOffset + tableAt + text, floats),
  };
}
