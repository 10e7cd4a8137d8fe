// What else an episode fulfilled than it was asked for: what environments that ask in words say of that, for language hindsight.

/** The column of transitions in which environments without goals keep what each step fulfilled: bit i is sentence i. */
export const fulfilledName = 'fulfilled';

/** Of environments that ask in words. */
export interface CaptionRules {
  /** All that can be said of an episode. */
  readonly sentences: readonly string[];
  /**
   * Without goals, where the column `fulfilled` tells when each has been done: the reward for having done it in so many
   * steps, which ends the episode. -1: of something that is asked for, but is none of the sentences.
   */
  reward?(sentence: number, steps: number): number;
  /**
   * With goals: writes the goal that a sentence stands for in the episode that begins with this observation; false where it
   * means nothing there.
   */
  goal?(sentence: number, observation: ArrayLike<number>, goal: Float32Array): boolean;
}

/** Bytes of the column for so many sentences. */
export const fulfilledBytes = (sentences: number): number => Math.ceil(sentences / 8);

export const isFulfilled = (bits: ArrayLike<number>, sentence: number): boolean =>
  (bits[sentence >> 3] & (1 << (sentence & 7))) !== 0;
