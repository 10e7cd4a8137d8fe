// Instructions as parts of what episodes show: the vector of the sentence, standardised over what the environment asks for, and those of its words.
import * as z from 'zod';
import { RunError, UsageError } from '../errors.js';
import { embeddedEncoder, embeddedSize, wordSize } from '../text/embedded.js';
import { requireKnown, standardise, standardOf } from '../text/encoder.js';
import { readSentenceTable, vectorIn } from '../text/sentence-table.js';
import type { InstructionSpec } from './env.js';
import { instructionName, wordsName } from './instruction-names.js';
import { type Box, box } from './space.js';

export { instructionName, wordsName } from './instruction-names.js';

/** Of environments that ask in words. */
export const wordsSetting = z
  .int()
  .min(0)
  .max(64)
  .optional()
  .describe(
    'words of the sentence that the part words shows, each by a vector of its own, for policies that read them in their order; 0 (default): none',
  )
  .meta({ whereAbsent: 0 });

/** Those of these phrases that no sentence can have, as far as the encoder tells: its table has none with them, or it does not know their words. */
export function unheardOf({ table }: InstructionSpec, phrases: readonly string[]): string[] {
  if (table === undefined) return phrases.filter((phrase) => embeddedEncoder().unknownWords(phrase).length > 0);
  const sentences = Object.keys(readSentenceTable(table).vectors);
  return phrases.filter((phrase) => !sentences.some((sentence) => sentence.includes(phrase.toLowerCase())));
}

interface Source {
  readonly name: string;
  readonly checksum: string;
  readonly size: number;
  /** @throws UsageError for what it does not know */
  vector(sentence: string): ArrayLike<number>;
}

/** The embedded encoder, or a table of sentences by its path. */
function sourceOf(table: string | undefined): Source {
  if (table !== undefined) {
    const read = readSentenceTable(table);
    const { encoder: name, checksum, size } = read;
    return { name, checksum, size, vector: (sentence) => vectorIn(read, sentence) };
  }
  const encoder = embeddedEncoder();
  const { name, checksum } = encoder;
  return {
    name,
    checksum,
    size: embeddedSize,
    vector(sentence) {
      requireKnown(encoder, sentence);
      return encoder.encodeNow(sentence);
    },
  };
}

export const instructionBox = ({ mean }: InstructionSpec): Box => ({ ...box(mean.length), per: 'episode' });

/** The parts that show it: `instruction`, and `words` [words, 64] where they are shown. */
export function instructionParts(spec: InstructionSpec): Readonly<Record<string, Box>> {
  const { words = 0 } = spec;
  const shown: Box = { ...box(words * wordSize), shape: [words, wordSize], per: 'episode' };
  return {
    [instructionName]: instructionBox(spec),
    ...(words > 0 && { [wordsName]: shown }),
  };
}

/** Writes a sentence into these parts. @throws UsageError for words that the encoder does not know, and for too many */
export function sayInstruction(
  spec: InstructionSpec,
  sentence: string,
  columns: Readonly<Record<string, Float32Array | Uint8Array>>,
): void {
  (columns[instructionName] as Float32Array).set(instructionVector(spec, sentence));
  if (spec.words) (columns[wordsName] as Float32Array).set(wordVectors(spec, sentence));
}

/**
 * `embedded` or the path of a table, with its scale over these sentences. `words`: room for the words of each.
 * @throws UsageError for sentences that the encoder lacks, or whose words have no room
 */
export function instructionSpec(sentences: readonly string[], encoder = 'embedded', words = 0): InstructionSpec {
  const table = encoder === 'embedded' ? undefined : encoder;
  if (table !== undefined && words > 0) {
    throw new UsageError(
      `env.words is ${words}, but only the embedded encoder has vectors of single words, not ${table}; set it to 0.`,
    );
  }
  const source = sourceOf(table);
  const { mean, deviation } = standardOf(sentences.map((sentence) => source.vector(sentence)));
  const spec: InstructionSpec = {
    encoder: source.name,
    checksum: source.checksum,
    ...(table && { table }),
    mean,
    deviation,
    ...(words > 0 && { words }),
  };
  if (words > 0) refuseLonger(sentences, words);
  return spec;
}

/** What an environment asks for is known before anybody says anything else. */
function refuseLonger(sentences: readonly string[], words: number): void {
  const encoder = embeddedEncoder();
  const counts = sentences.map((sentence) => encoder.encodeWords(sentence).length);
  const most = Math.max(...counts);
  if (most <= words) return;
  throw new UsageError(
    `env.words is ${words}, but "${sentences[counts.indexOf(most)]}", which the environment asks for, has ${most} words; set it to ${most} or more, or to 0 for none.`,
  );
}

/**
 * What a policy sees of a sentence's words [words, 64]; rows beyond its end are 0.
 * @throws UsageError for words that the encoder does not know, and for too many
 */
export function wordVectors(spec: InstructionSpec, sentence: string): Float32Array {
  instructionVector(spec, sentence); // for what it refuses
  const { words = 0 } = spec;
  const vectors = embeddedEncoder().encodeWords(sentence);
  if (vectors.length > words) {
    throw new UsageError(
      `"${sentence}" has ${vectors.length} words, and env.words=${words} has room for ${words}; say it in fewer, or train with env.words=${vectors.length} or more.`,
    );
  }
  const out = new Float32Array(words * wordSize);
  for (let i = 0; i < vectors.length; i++) out.set(vectors[i], i * wordSize);
  return out;
}

/** Vectors that are kept, by the spec that scales them. */
const kept = new WeakMap<InstructionSpec, Map<string, Float32Array>>();
const MOST_KEPT = 20_000;

/** The vector that a policy sees of a sentence; not to be written to. @throws UsageError for words that the encoder does not know */
export function instructionVector(spec: InstructionSpec, sentence: string): Float32Array {
  const known = kept.get(spec) ?? new Map<string, Float32Array>();
  kept.set(spec, known);
  const found = known.get(sentence);
  if (found) return found;
  const source = sourceOf(spec.table);
  if (spec.checksum !== source.checksum) {
    throw new RunError(
      `instructions were encoded by ${spec.encoder} with checksum ${spec.checksum}; here it is ${source.checksum}. Train anew, or use the encoder that trained it.`,
    );
  }
  const vector = standardise(source.vector(sentence), spec);
  if (known.size >= MOST_KEPT) known.clear();
  known.set(sentence, vector);
  return vector;
}
