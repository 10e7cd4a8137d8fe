// Sentences of BabyAI's language as instructions; what does not belong to it is told, not guessed.
import { UsageError, unknownName } from '../../errors.js';
import { ask, type Description, describe, type Instruction, join, type Place } from './instructions.js';
import { otherWords, rephrase } from './other-words.js';
import { type Colour, colours, type Kind, kinds } from './world.js';

/** Every word of the language. */
export const words = [
  ...['go', 'to', 'pick', 'up', 'open', 'put', 'next', 'and', 'then', 'after', 'you', 'a', 'the'],
  ...colours,
  ...kinds,
  ...['object', 'on', 'your', 'left', 'right', 'in', 'front', 'of', 'behind'],
];

/** And what is said for them. */
const understood = [
  ...new Set([
    ...words,
    ...Object.values(otherWords)
      .flat()
      .flatMap((phrase) => phrase.split(' ')),
  ]),
];

const examples =
  '"go to the red ball", "pick up a key", "open the blue door on your left", "put the red ball next to the box", joined by "and", ", then" or "after you"';

/**
 * The instruction that a sentence asks for. Small and capital letters are the same, "a" and "the" too, and paraphrases.
 * @throws UsageError naming the word that is not known, or the part that is no instruction
 */
export function parseInstruction(sentence: string): Instruction {
  if (sentence.trim() === '') throw new UsageError(`instruction "${sentence}" asks for nothing; say ${examples}.`);
  const said = rephrase.plain(sentence.toLowerCase()).replace(/[.!]/g, ' ').replace(/,/g, ' , ').trim().split(/\s+/);
  for (const word of said) {
    if (word !== ',' && !words.includes(word)) throw unknownName('word', word, understood, ` in "${sentence}"`);
  }
  return sequence(said.join(' '), sentence);
}

function sequence(text: string, sentence: string): Instruction {
  const [before, then, ...rest] = text.split(/ ,? ?then /);
  if (then !== undefined && rest.length === 0) return join('before', both(before, sentence), both(then, sentence));
  const [last, first, ...others] = text.split(' after you ');
  if (first !== undefined && others.length === 0) return join('after', both(last, sentence), both(first, sentence));
  return both(text, sentence);
}

function both(text: string, sentence: string): Instruction {
  const [first, second, ...others] = text.split(' and ');
  if (second === undefined) return clause(first, sentence);
  if (others.length === 0) return join('and', clause(first, sentence), clause(second, sentence));
  throw unclear(text, sentence);
}

function clause(text: string, sentence: string): Instruction {
  const [, verb, rest = ''] = /^(go to|pick up|open|put) (.*)$/.exec(text) ?? [];
  const thing = (words: string) => description(words, sentence);
  if (verb === 'go to') return ask(verb, thing(rest));
  if (verb === 'open') {
    const what = thing(rest);
    if (what.kind === 'door') return ask(verb, what);
  }
  if (verb === 'pick up' || verb === 'put') {
    const [moved, next] = verb === 'put' ? rest.split(' next to ') : [rest];
    const what = thing(moved);
    if (what.kind === 'door') {
      throw new UsageError(`instruction "${sentence}": a door cannot be carried; name a key, ball or box.`);
    }
    if (verb === 'pick up') return ask(verb, what);
    if (next) return ask(verb, what, thing(next));
  }
  throw unclear(text, sentence);
}

const form = new RegExp(
  `^(?:(?:a|the) )?(?:(${colours.join('|')}) )?(${kinds.join('|')}|object)( in front of you| behind you| on your left| on your right)?$`,
);

function description(text: string, sentence: string): Description {
  const [whole, colour, kind, place] = form.exec(text) ?? [];
  if (whole === undefined) throw unclear(text, sentence);
  const where = /front|behind|left|right/.exec(place ?? '')?.[0] as Place | undefined;
  return describe(kind === 'object' ? null : (kind as Kind), (colour as Colour) ?? null, where ?? null);
}

const unclear = (part: string, sentence: string) =>
  new UsageError(`instruction "${sentence}": "${part}" is none that BabyAI's language has; say ${examples}.`);
