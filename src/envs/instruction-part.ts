// Instructions as a part of what episodes show: the vector of the sentence, standardised over what the environment asks for.
import { RunError } from '../errors.js';
import { embeddedChecksum, embeddedEncoder, embeddedSize } from '../text/embedded.js';
import { requireKnown, standardise, standardOf } from '../text/encoder.js';
import { type Box, box, type InstructionSpec } from './env.js';

/** The name of the part, and of the policy's input. */
export const instructionName = 'instruction';

export const instructionBox = (): Box => ({ ...box(embeddedSize), per: 'episode' });

/** The embedded encoder, with its scale over these sentences. */
export function instructionSpec(sentences: readonly string[]): InstructionSpec {
  const encoder = embeddedEncoder();
  const { mean, deviation } = standardOf(sentences.map((sentence) => encoder.encodeNow(sentence)));
  return { encoder: encoder.name, checksum: encoder.checksum, mean, deviation };
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
  if (spec.checksum !== embeddedChecksum) {
    throw new RunError(
      `instructions were encoded by ${spec.encoder} with checksum ${spec.checksum}; this version has ${embeddedChecksum}. Train anew, or use the version that trained it.`,
    );
  }
  const encoder = embeddedEncoder();
  requireKnown(encoder, sentence);
  const vector = standardise(encoder.encodeNow(sentence), spec);
  if (known.size >= MOST_KEPT) known.clear();
  known.set(sentence, vector);
  return vector;
}
