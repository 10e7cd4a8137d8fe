// Other words for those of an environment's language: sentences that mean the same, both to ask with and to understand.
import type { Random } from '../random.js';

/** What an environment says, and what else is said for it: words, or several in a row. */
export type Paraphrases = Readonly<Record<string, readonly string[]>>;

/** For sentences in small letters. */
export interface Rephrasing {
  /** In the environment's own words. */
  plain(sentence: string): string;
  /** In any words, each phrase by chance. */
  varied(sentence: string, random: Random): string;
  /** In other words alone; `which` chooses among those of each phrase, in turn. */
  other(sentence: string, which: number): string;
  /** In every way that it can be said, its own first. */
  everyWay(sentence: string): string[];
}

/** Whole words; longer phrases come before their beginnings. */
const pattern = (phrases: readonly string[]) =>
  new RegExp(`\\b(${[...phrases].sort((a, b) => b.length - a.length).join('|')})\\b`, 'g');

export function rephrasing(table: Paraphrases): Rephrasing {
  const plainOf = new Map(
    Object.entries(table).flatMap(([plain, others]) => others.map((other): [string, string] => [other, plain])),
  );
  const [anyPlain, anyOther] = [pattern(Object.keys(table)), pattern([...plainOf.keys()])];
  /** `choose` says which of so many, 0 for the own words. */
  const chosen = (sentence: string, choose: (count: number) => number) =>
    sentence.replace(anyPlain, (plain) => [plain, ...table[plain]][choose(table[plain].length + 1)]);
  return {
    plain: (sentence) => sentence.replace(anyOther, (other) => plainOf.get(other) as string),
    varied: (sentence, random) => chosen(sentence, (count) => random.below(count)),
    other: (sentence, which) => chosen(sentence, (count) => 1 + (which % (count - 1))),
    everyWay(sentence) {
      const counts = [...sentence.matchAll(anyPlain)].map(([plain]) => table[plain].length + 1);
      const ways = counts.reduce((product, count) => product * count, 1);
      return Array.from({ length: ways }, (_, way) => {
        let rest = way;
        return chosen(sentence, (count) => {
          const which = rest % count;
          rest = Math.floor(rest / count);
          return which;
        });
      });
    },
  };
}
