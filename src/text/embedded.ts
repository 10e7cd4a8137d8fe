// The encoder that needs no download: word vectors distilled from MiniLM, their mean, and what stands next to what.
import { checksumOf, type SentenceEncoder } from './encoder.js';
import { readTable } from './table.js';

// Read once with the module, which is loaded only where sentences are encoded.
const { words, scales, components, bytes } = await readTable();

/** Components of a word. */
const WIDTH = scales.length;

export interface EmbeddedEncoder extends SentenceEncoder {
  /** The same at once. */
  encodeNow(sentence: string): Float32Array;
  /** The vectors of its words in their order, of length sqrt(64), so that their numbers have a mean square of 1. */
  encodeWords(sentence: string): Float32Array[];
  /** The words whose vectors these are [N, 64], up to the first that is zeros; `?` stands for others. */
  decodeWords(vectors: Float32Array): string[];
}

/** Of the words' part of a vector, whose length is 1, the length of the part that tells their order. */
const ORDER = 0.5;
/** Sentences whose vectors are kept. */
const KEPT = 20_000;

/** `checksumOf` the table; a test compares. */
export const embeddedChecksum = 'd420aa77abcb973c';
export const embeddedSize = 2 * WIDTH;
/** Numbers of a word. */
export const wordSize = WIDTH;

let made: EmbeddedEncoder | undefined;

/** The one of this process. */
export function embeddedEncoder(): EmbeddedEncoder {
  made ??= create();
  return made;
}

/** Of what the table holds. */
export const tableChecksum = (): Promise<string> => checksumOf(bytes);

function create(): EmbeddedEncoder {
  const places = new Map(words.split(' ').map((word, rank) => [word, rank]));
  const table = components;
  const kept = new Map<string, Float32Array>();

  function encodeNow(sentence: string): Float32Array {
    const known = kept.get(sentence);
    if (known) return known;
    const vector = encodeRanks(table, piecesOf(places, sentence).ranks);
    if (kept.size >= KEPT) kept.clear();
    kept.set(sentence, vector);
    return vector;
  }

  /** The vector of a word, by its rank. */
  function wordVector(rank: number): Float32Array {
    const vector = Float32Array.from(scales, (scale, i) => scale * table[rank * WIDTH + i]);
    normalise(vector, Math.sqrt(WIDTH));
    return vector;
  }

  let byBeginning: Map<string, string> | undefined;
  /** The first few numbers, which hardly two words share. */
  const beginning = (vector: Float32Array): string => vector.subarray(0, 6).join();

  function decodeWords(vectors: Float32Array): string[] {
    byBeginning ??= new Map([...places].map(([word, rank]) => [beginning(wordVector(rank)), word]));
    const found: string[] = [];
    for (let at = 0; at < vectors.length; at += WIDTH) {
      const vector = vectors.subarray(at, at + WIDTH);
      if (vector.every((value) => value === 0)) break;
      const word = byBeginning.get(beginning(vector));
      const own = word === undefined ? undefined : wordVector(places.get(word) as number);
      found.push(word !== undefined && own?.every((value, i) => value === vector[i]) ? word : '?');
    }
    return found;
  }

  return {
    name: 'embedded',
    checksum: embeddedChecksum,
    size: embeddedSize,
    encodeNow,
    encodeWords: (sentence) => piecesOf(places, sentence).ranks.map(wordVector),
    decodeWords,
    encode: async (sentence) => encodeNow(sentence),
    unknownWords: (sentence) => piecesOf(places, sentence).unknown,
  };
}

/**
 * Ranks of a sentence's words, longest pieces first as BERT's word pieces are. A word that is not whole in the table has
 * pieces all the same, but counts as unknown: what pieces mean together is a guess.
 */
function piecesOf(places: ReadonlyMap<string, number>, sentence: string): { ranks: number[]; unknown: string[] } {
  const plain = sentence.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const ranks: number[] = [];
  const unknown: string[] = [];
  for (const [word] of plain.matchAll(/[\p{L}\p{N}]+/gu)) {
    const whole = places.get(word);
    if (whole !== undefined) {
      ranks.push(whole);
      continue;
    }
    unknown.push(word);
    for (let from = 0; from < word.length; ) {
      const start = from > 0 ? '##' : '';
      let to = word.length;
      while (to > from && !places.has(start + word.slice(from, to))) to--;
      if (to === from) break;
      ranks.push(places.get(start + word.slice(from, to)) as number);
      from = to;
    }
  }
  return { ranks, unknown };
}

/**
 * Frequent words count less, by the logarithm of their rank. The first half of a vector is their mean, of length 1. The
 * second half tells their order, which a mean cannot: neighbouring words are bound to one by multiplying the first with
 * the second turned by one place (circular shifts as in Plate 1995, holographic reduced representations), so that "red
 * cup" and "blue plate" differ from "blue cup" and "red plate".
 */
function encodeRanks(table: Int8Array, ranks: readonly number[]): Float32Array {
  const vector = new Float32Array(2 * WIDTH);
  const [mean, order] = [vector.subarray(0, WIDTH), vector.subarray(WIDTH)];
  const vectors = ranks.map((rank) => {
    const weight = Math.log(2 + rank);
    return Float64Array.from(scales, (scale, i) => weight * scale * table[rank * WIDTH + i]);
  });
  for (const word of vectors) for (let i = 0; i < WIDTH; i++) mean[i] += word[i];
  for (let at = 1; at < vectors.length; at++) {
    const [before, after] = [vectors[at - 1], vectors[at]];
    for (let i = 0; i < WIDTH; i++) order[i] += before[i] * after[(i + 1) % WIDTH];
  }
  normalise(mean, 1);
  normalise(order, ORDER);
  return vector;
}

function normalise(values: Float32Array, length: number): void {
  let sum = 0;
  for (const value of values) sum += value * value;
  if (sum === 0) return;
  const factor = length / Math.sqrt(sum);
  for (let i = 0; i < values.length; i++) values[i] *= factor;
}
