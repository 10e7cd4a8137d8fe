// Hindsight in words (Chan et al. 2019, arXiv 1902.04546; Cideron et al. 2019, arXiv 1910.09451): episodes are also stored as what they fulfilled.
import type { EnvRules } from '../envs/env.js';
import { createRandom, mixSeed } from '../random.js';
import type { Caption, Captioner } from './captions.js';
import { copyEpisode, type EpisodeCopy, eachEpisode, insertCopies, judgeCopy } from './episode-copies.js';
import { readColumn } from './layout.js';
import type { Replay } from './replay.js';

export interface LanguageHindsightOptions {
  /** Says what an episode fulfilled. */
  readonly captioner: Captioner;
  /** The vector that a policy sees of a sentence. */
  vector(sentence: number): ArrayLike<number>;
  /** Captions, drawn anew, that each episode is also stored with. */
  readonly copies: number;
  readonly seed: number;
}

export interface LanguageHindsight {
  /** Stores the episodes from number `from` on once more for each of their captions, and gives how many copies that made. */
  relabel(from: number): number;
}

/**
 * A copy of an episode has the caption in the place of its instruction. Without goals it ends where that was fulfilled,
 * which is its success; with goals it has the goal that the caption stands for, and the rules say what each step is worth.
 * What the episode was asked for itself is no caption of it. Which captions are drawn follows from the seed and the
 * episode's number alone, so that a resumed run goes on with the same.
 */
export function createLanguageHindsight(
  replay: Replay,
  rules: Pick<EnvRules, 'captions' | 'computeReward' | 'computeSuccess'>,
  { captioner, vector, copies, seed }: LanguageHindsightOptions,
): LanguageHindsight {
  const { ring } = replay;
  const { layout, rows, bytes } = ring;
  const { width } = layout;
  const [instruction, goal, reward] = ['instruction', 'goal', 'reward'].map(layout.column);
  const asked = new Float32Array(instruction.size);

  function copyOf(from: number, { sentence, steps, goal: wanted }: Caption): EpisodeCopy {
    const said = { column: instruction, value: vector(sentence) };
    const copy = copyEpisode(ring, from, steps, wanted ? [said, { column: goal, value: wanted }] : [said]);
    if (wanted) {
      judgeCopy(ring, rules, copy);
      return copy;
    }
    // Also ends that a learned reward saw on the way: they were those of another instruction.
    for (let t = 0; t < steps; t++) {
      copy.floats[t * width + reward.offset] = 0;
      copy.floats[t * width + layout.failed] = 0;
    }
    const last = (steps - 1) * width;
    copy.floats[last + reward.offset] = rules.captions?.reward?.(sentence, steps) ?? 1;
    copy.floats[last + layout.failed] = 1; // the end of an episode without goals
    return copy;
  }

  const isAsked = (sentence: number) => {
    const said = vector(sentence);
    return asked.every((value, j) => value === said[j]);
  };

  return {
    relabel(from) {
      const made: EpisodeCopy[] = [];
      eachEpisode(ring, from, (row, steps, serial) => {
        readColumn({ floats: rows, bytes }, row * width, instruction, asked, 0);
        const choices = captioner(row, steps).filter(({ sentence }) => !isAsked(sentence));
        const random = createRandom(mixSeed(seed, `language hindsight ${serial}`));
        for (let left = Math.min(copies, choices.length); left > 0; left--) {
          const [caption] = choices.splice(random.below(choices.length), 1);
          made.push(copyOf(row, caption));
        }
      });
      return insertCopies(ring, made);
    },
  };
}
