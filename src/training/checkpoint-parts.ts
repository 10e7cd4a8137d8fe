// Parts of a checkpoint by whose they are: the loop's, the learner's, the actor's.
import type { PolicyVectors } from '../agents/policy-vectors.js';
import { bytesOf } from '../bytes.js';

/** Parts whose names begin with a prefix and a dot. */
export const prefixed = (prefix: string, parts: Readonly<Record<string, Uint8Array>>): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [`${prefix}.${name}`, bytes]));

/** The parts of one prefix, without it. */
export const withoutPrefix = (
  prefix: string,
  parts: Readonly<Record<string, Uint8Array>>,
): Record<string, Uint8Array> =>
  Object.fromEntries(
    Object.entries(parts)
      .filter(([name]) => name.startsWith(`${prefix}.`))
      .map(([name, bytes]) => [name.slice(prefix.length + 1), bytes]),
  );

export const bytesOfVectors = (vectors: PolicyVectors): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(vectors).map(([name, values]) => [name, bytesOf(values)]));
