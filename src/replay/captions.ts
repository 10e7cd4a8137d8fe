// What stored episodes fulfilled, in words: by the environment's own verifiers, which are never wrong.
import { fulfilledName, isFulfilled } from '../envs/captions.js';
import type { EnvRules } from '../envs/env.js';
import { ruleInputs } from './episode-copies.js';
import { readColumn } from './layout.js';
import type { Ring } from './ring.js';

/** Something that an episode fulfilled. */
export interface Caption {
  /** The number of the sentence. */
  readonly sentence: number;
  /** Steps of the episode after which it was; with goals, all of them, of which any may have fulfilled it. */
  readonly steps: number;
  /** Where there are goals: the one that it stands for. */
  readonly goal?: Float32Array;
}

/** What the episode of so many steps that begins at a ring row fulfilled. */
export type Captioner = (row: number, steps: number) => Caption[];

type Rules = Pick<EnvRules, 'captions' | 'computeSuccess'>;

/** By the column `fulfilled`, or with goals by their rules. */
export function createVerifier(ring: Ring, rules: Rules): Captioner {
  const { captions } = rules;
  if (!captions) return () => [];
  return captions.goal ? byGoals(ring, rules) : byColumn(ring, captions.sentences.length);
}

function byColumn(ring: Ring, sentences: number): Captioner {
  const fulfilledAt = createFulfilled(ring, sentences);
  return (row, steps) => {
    const first = new Map<number, number>();
    for (let t = 0; t < steps; t++) {
      for (const sentence of fulfilledAt((row + t) % ring.capacity)) {
        if (!first.has(sentence)) first.set(sentence, t + 1);
      }
    }
    return Array.from(first, ([sentence, steps]) => ({ sentence, steps }));
  };
}

const nothing: readonly number[] = [];

/** Reads which of so many sentences the action of a ring row fulfilled. */
export function createFulfilled({ layout, rows, bytes }: Ring, sentences: number): (row: number) => readonly number[] {
  const column = layout.column(fulfilledName);
  const bits = new Uint8Array(column.size);
  return (row) => {
    readColumn({ floats: rows, bytes }, row * layout.width, column, bits, 0);
    if (bits.every((byte) => byte === 0)) return nothing;
    const found: number[] = [];
    for (let sentence = 0; sentence < sentences; sentence++) if (isFulfilled(bits, sentence)) found.push(sentence);
    return found;
  };
}

function byGoals(ring: Ring, { captions, computeSuccess }: Rules): Captioner {
  const { layout, rows } = ring;
  const observation = layout.column('observation');
  const { size } = layout.column('goal');
  return (row, steps) => {
    const { achieved, info } = ruleInputs(ring, rows, row, steps);
    const begun = rows.subarray(row * layout.width + observation.offset).subarray(0, observation.size);
    return (captions?.sentences ?? []).flatMap((_, sentence) => {
      const goal = new Float32Array(size);
      if (!captions?.goal?.(sentence, begun, goal)) return [];
      const goals = new Float32Array(steps * size);
      for (let t = 0; t < steps; t++) goals.set(goal, t * size);
      const success = new Uint8Array(steps);
      computeSuccess(achieved, goals, info, success);
      return success.includes(1) ? [{ sentence, steps, goal }] : [];
    });
  };
}
