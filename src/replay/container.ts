// The bytes that replay parts are saved as: kind, version, numbers, float32 rows, and a checksum over all of it.
import { RunError } from '../errors.js';

const VERSION = 1;
const PREFIX_WORDS = 6; // kind, version, checksum, count of numbers, count of floats (two words)

export type ContainerKind = 'episodes' | 'staging' | 'normalizer';
const kinds: Record<ContainerKind, number> = { episodes: 0x45524741, staging: 0x53524741, normalizer: 0x4e524741 };

export interface Container {
  readonly numbers: Float64Array;
  readonly floats: Float32Array;
}

/** Packs numbers (exact, float64) and pieces of float32 data. */
export function pack(kind: ContainerKind, numbers: readonly number[], pieces: readonly Float32Array[]): Uint8Array {
  const count = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = new Uint8Array(4 * PREFIX_WORDS + 8 * numbers.length + 4 * count);
  const words = new Uint32Array(bytes.buffer);
  words.set([kinds[kind], VERSION, 0, numbers.length, count >>> 0, Math.floor(count / 2 ** 32)]);
  new Float64Array(bytes.buffer, 4 * PREFIX_WORDS, numbers.length).set(numbers);
  const floats = new Float32Array(bytes.buffer, 4 * PREFIX_WORDS + 8 * numbers.length);
  let at = 0;
  for (const piece of pieces) {
    floats.set(piece, at);
    at += piece.length;
  }
  words[2] = checksum(words);
  return bytes;
}

/** @throws RunError for bytes that are something else, of a newer version, cut off or changed */
export function unpack(kind: ContainerKind, bytes: Uint8Array): Container {
  const fail = (problem: string): never => {
    throw new RunError(`saved replay (${kind}): ${problem}`);
  };
  // Views need their alignment; bytes read from a file may start anywhere.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  if (bytes.length % 4 !== 0 || bytes.length < 4 * PREFIX_WORDS)
    fail(`${bytes.length} bytes are too few; it is cut off.`);
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
  if (words[0] !== kinds[kind]) fail('these bytes are something else.');
  if (words[1] > VERSION)
    fail(`written by a newer anygoal (format ${words[1]}, this one reads up to ${VERSION}); update.`);
  const [numbers, floats] = [words[3], words[4] + 2 ** 32 * words[5]];
  const expected = 4 * PREFIX_WORDS + 8 * numbers + 4 * floats;
  if (bytes.length !== expected) fail(`has ${bytes.length} bytes instead of ${expected}; it is cut off or damaged.`);
  if (words[2] !== checksum(words)) fail('the checksum does not match; the file is damaged.');
  const start = aligned.byteOffset + 4 * PREFIX_WORDS;
  return {
    numbers: new Float64Array(aligned.buffer, start, numbers),
    floats: new Float32Array(aligned.buffer, start + 8 * numbers, floats),
  };
}

/** FNV-1a over 32-bit words, without its own: every step is a bijection, so one changed word always shows. */
function checksum(words: Uint32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) if (i !== 2) hash = Math.imul(hash ^ words[i], 0x01000193);
  return hash >>> 0;
}
