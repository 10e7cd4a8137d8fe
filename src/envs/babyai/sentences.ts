// What a level can ask for, as far as one clause goes: the set over which vectors of instructions are standardised.
import { type Clause, describe, phrase, places } from './instructions.js';
import type { LevelName } from './names.js';
import { rephrase } from './other-words.js';
import { colours, kinds } from './world.js';

/** Of the level's name; those that are not here ask for anything. */
const asksOf: readonly (readonly [RegExp, readonly Clause['ask'][]])[] = [
  [/^go-to/, ['go to']],
  [/^(open|unlock$|unlock-local)/, ['open']],
  [/pickup|find|corridor|one-room|unlock-to-unlock/, ['pick up']],
  [/^(put|move)/, ['put']],
  [/^action/, ['go to', 'open', 'pick up']],
];
const withPlaces = /loc$|^open-door$|synth-seq|boss/;

/** Sentences at most; of more, evenly chosen ones. */
const MOST = 600;

export function sentencesOf(name: LevelName, phrasing: 'plain' | 'varied' = 'plain'): string[] {
  const plain = plainSentencesOf(name);
  if (phrasing === 'plain') return plain;
  // Each in other words too, every paraphrase in its turn.
  return plain.flatMap((sentence, i) => [sentence, rephrase.other(sentence, i)]);
}

function plainSentencesOf(name: LevelName): string[] {
  const [, asks = ['go to', 'open', 'pick up', 'put'] as const] = asksOf.find(([form]) => form.test(name)) ?? [];
  const said = asks.flatMap((ask) => {
    const of = kinds.filter((kind) => (ask === 'open' ? kind === 'door' : ask === 'go to' || kind !== 'door'));
    const things = of.flatMap((kind) =>
      [null, ...colours].flatMap((colour) =>
        [null, ...(withPlaces.test(name) ? places : [])].flatMap((place) =>
          (['the', 'a'] as const).map((article) => phrase(describe(kind, colour, place), article)),
        ),
      ),
    );
    if (ask !== 'put') return things.map((thing) => `${ask} ${thing}`);
    // Every thing with some others: all pairs are too many.
    return things.flatMap((thing, i) =>
      [1, 5, 11, 23].map((step) => `put ${thing} next to ${things[(i + step) % things.length]}`),
    );
  });
  const every = Math.ceil(said.length / MOST);
  return said.filter((_, i) => i % every === 0);
}
