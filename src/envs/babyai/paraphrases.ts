// Other words for BabyAI's own: sentences that mean the same, both to ask with and to understand.
import type { Random } from '../../random.js';

/** What stands in BabyAI's language, and what else is said for it. */
export const paraphrases: Readonly<Record<string, readonly string[]>> = {
  'go to': ['walk to', 'move to', 'head for', 'approach'],
  'pick up': ['grab', 'take', 'lift', 'get'],
  put: ['place', 'set', 'lay'],
  'next to': ['beside', 'close to'],
  ball: ['sphere', 'globe'],
  box: ['container', 'chest'],
  door: ['gate'],
  red: ['crimson', 'scarlet'],
  green: ['emerald'],
  blue: ['navy'],
  purple: ['violet'],
  yellow: ['golden'],
  grey: ['gray', 'silver'],
};

/** Each as a pattern of whole words. */
const pattern = (phrases: readonly string[]) => new RegExp(`\\b(${phrases.join('|')})\\b`, 'g');

const plainOf = new Map(
  Object.entries(paraphrases).flatMap(([plain, others]) => others.map((other): [string, string] => [other, plain])),
);
const allPlain = pattern(Object.keys(paraphrases));
const allOthers = pattern([...plainOf.keys()]);

/** A sentence, in small letters, in BabyAI's own words. */
export const inPlainWords = (sentence: string): string =>
  sentence.replace(allOthers, (other) => plainOf.get(other) as string);

/** The same in other words: `choose` says which of so many, 0 for BabyAI's own. */
export const inOtherWords = (sentence: string, choose: (count: number) => number): string =>
  sentence.replace(allPlain, (plain) => [plain, ...paraphrases[plain]][choose(paraphrases[plain].length + 1)]);

/** Each phrase by chance. */
export const paraphrased = (sentence: string, random: Random): string =>
  inOtherWords(sentence, (count) => random.below(count));

/** A sentence in every way that it can be said, its own first. */
export function everyWay(sentence: string): string[] {
  const found = [...sentence.matchAll(allPlain)].map(([plain]) => paraphrases[plain].length + 1);
  const ways = found.reduce((product, count) => product * count, 1);
  return Array.from({ length: ways }, (_, way) => {
    let rest = way;
    return inOtherWords(sentence, (count) => {
      const which = rest % count;
      rest = Math.floor(rest / count);
      return which;
    });
  });
}
