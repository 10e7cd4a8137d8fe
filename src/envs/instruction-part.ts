// Instructions as a part of what episodes show: the vector of the sentence, standardised over what the environment asks for.
import { RunError } from '../errors.js';
import { embeddedEncoder, embeddedSize } from '../text/embedded.js';
import { requireKnown, standardise, standardOf } from '../text/encoder.js';
import { readSentenceTable, vectorIn } from '../text/sentence-table.js';
import type { InstructionSpec } from './env.js';
import { type Box, box } from './space.js';

/** The name of the part, and of the policy's input. */
export const instructionName = 'instruction';

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

/** `embedded` or the path of a table, with its scale over these sentences. @throws UsageError for sentences that it lacks */
export function instructionSpec(sentences: readonly string[], encoder = 'embedded'): InstructionSpec {
  const table = encoder === 'embedded' ? undefined : encoder;
  const source = sourceOf(table);
  const { mean, deviation } = standardOf(sentences.map((sentence) => source.vector(sentence)));
  return { encoder: source.name, checksum: source.checksum, ...(table && { table }), mean, deviation };
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
