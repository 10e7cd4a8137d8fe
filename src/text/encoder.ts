// What a frozen sentence encoder is, and what is done with its vectors whichever it is.
import { UsageError } from '../errors.js';

/** Sentences to vectors. Frozen: the same sentence has the same vector everywhere, and no training changes it. */
export interface SentenceEncoder {
  /** As runs name it: `embedded`, or the folder's name. */
  readonly name: string;
  /** Of all that makes up its vectors: the first 16 hexadecimal digits of SHA-256. */
  readonly checksum: string;
  /** Numbers of a vector. */
  readonly size: number;
  /** The vector of a sentence; kept, so that it is computed once. Not to be written to. */
  encode(sentence: string): Promise<Float32Array>;
  /** Words that it has no vector for, in their order. */
  unknownWords(sentence: string): readonly string[];
  dispose?(): Promise<void>;
}

/** @throws UsageError that names the words that the encoder does not know: they are told, not guessed */
export function requireKnown(encoder: Pick<SentenceEncoder, 'name' | 'unknownWords'>, sentence: string): void {
  const unknown = encoder.unknownWords(sentence);
  if (unknown.length > 0) {
    const words = unknown.map((word) => `"${word}"`).join(', ');
    throw new UsageError(
      `instruction "${sentence}": the encoder ${encoder.name} does not know ${words}; say it in other words.`,
    );
  }
  if (sentence.trim() === '') throw new UsageError('an instruction is empty; say what is to be done.');
}

/** Of any two vectors of one length, from -1 to 1; 0 where one of them is 0. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    ofA += a[i] ** 2;
    ofB += b[i] ** 2;
  }
  return ofA > 0 && ofB > 0 ? dot / Math.sqrt(ofA * ofB) : 0;
}

/** How an encoder's vectors are scaled over a set of sentences, number by number. */
export interface Standard {
  readonly mean: readonly number[];
  /** What a deviation of 1 is; 1 where all sentences have the same number. */
  readonly deviation: readonly number[];
}

/** Below this share of the largest deviation a number tells nothing, and is not blown up. */
const LEAST_SHARE = 0.02;

/**
 * Mean and deviation over sentences, so that what tells them apart fills the space: without it "push the block left" and
 * "push the block right" are all but equal in every encoder.
 */
export function standardOf(vectors: readonly ArrayLike<number>[]): Standard {
  const size = vectors[0].length;
  const numbers = Array.from({ length: size }, (_, i) => i);
  const mean = numbers.map((i) => vectors.reduce((sum, vector) => sum + vector[i], 0) / vectors.length);
  const spread = numbers.map((i) =>
    Math.sqrt(vectors.reduce((sum, vector) => sum + (vector[i] - mean[i]) ** 2, 0) / vectors.length),
  );
  const least = LEAST_SHARE * Math.max(...spread);
  const short = (value: number) => Number(value.toPrecision(6)); // it stands in every run's spec
  return { mean: mean.map(short), deviation: spread.map((of) => (of > least ? short(of) : 1)) };
}

export function standardise(vector: ArrayLike<number>, { mean, deviation }: Standard): Float32Array {
  return Float32Array.from(mean, (of, i) => (vector[i] - of) / deviation[i]);
}

/** The first 16 hexadecimal digits of SHA-256. */
export async function checksumOf(...parts: readonly (Uint8Array | string)[]): Promise<string> {
  const encoder = new TextEncoder();
  const digests = await Promise.all(
    parts.map((part) =>
      crypto.subtle.digest('SHA-256', (typeof part === 'string' ? encoder.encode(part) : part).slice()),
    ),
  );
  const all = Uint8Array.from(digests.flatMap((digest) => [...new Uint8Array(digest)]));
  const whole = digests.length === 1 ? digests[0] : await crypto.subtle.digest('SHA-256', all);
  return [...new Uint8Array(whole).subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
