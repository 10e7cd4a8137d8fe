// What the tabletop can be asked for in words: a verb and one of the two things, told by colour and shape.
import { UsageError, unknownName } from '../../errors.js';
import { rephrasing } from '../paraphrases.js';
import { type ColourName, colourNames, type ShapeName, shapeNames } from './layout.js';

export const asks = ['go to', 'pick up', 'push left', 'push right'] as const;
export type Ask = (typeof asks)[number];

export interface Request {
  readonly ask: Ask;
  readonly colour: ColourName;
  readonly shape: ShapeName;
}

/** What else is said for the words below. */
export const otherWords = {
  'go to': ['move to', 'reach for', 'approach'],
  'pick up': ['lift', 'grab', 'take'],
  push: ['slide', 'move', 'shift'],
  cube: ['block', 'box'],
  cylinder: ['can', 'cup', 'mug'],
  brick: ['bar', 'beam'],
  red: ['crimson', 'scarlet'],
  green: ['emerald'],
  blue: ['navy'],
  yellow: ['golden'],
  purple: ['violet'],
  white: ['ivory'],
} as const;

export const rephrase = rephrasing(otherWords);

export function sentenceOf({ ask, colour, shape }: Request): string {
  const thing = `the ${colour} ${shape}`;
  if (ask === 'go to' || ask === 'pick up') return `${ask} ${thing}`;
  return `push ${thing} to the ${ask === 'push left' ? 'left' : 'right'}`;
}

/** All that can be asked for, in plain words. */
export const requests: readonly Request[] = asks.flatMap((ask) =>
  colourNames.flatMap((colour) => shapeNames.map((shape) => ({ ask, colour, shape }))),
);

const words = [
  ...['go', 'to', 'pick', 'up', 'push', 'left', 'right', 'the', 'a', 'move', 'reach', 'for'],
  ...[...colourNames, ...shapeNames],
  ...Object.values(otherWords)
    .flat()
    .flatMap((phrase) => phrase.split(' ')),
];
const form = new RegExp(
  `^(?:(go to|pick up) (?:the|a) (${colourNames.join('|')}) (${shapeNames.join('|')})|push (?:the|a) (${colourNames.join('|')}) (${shapeNames.join('|')}) to the (left|right))$`,
);

/**
 * What a sentence asks for; small and capital letters, "a" and "the" are the same.
 * @throws UsageError naming the word that is not known, or what can be said
 */
export function parseRequest(sentence: string): Request {
  const said = sentence.toLowerCase().match(/[\p{L}\p{N}'-]+/gu) ?? [];
  const unknown = said.find((word) => !words.includes(word));
  if (unknown !== undefined) throw unknownName('word', unknown, [...new Set(words)], ` in "${sentence}"`);
  const found = form.exec(rephrase.plain(said.join(' ')));
  if (!found) {
    throw new UsageError(
      `instruction "${sentence}" is none that the tabletop understands; say "go to the red cube", "pick up the blue cylinder" or "push the white brick to the left".`,
    );
  }
  const [, verb, colour, shape, pushedColour, pushedShape, side] = found;
  return {
    ask: verb === undefined ? (`push ${side}` as Ask) : (verb as Ask),
    colour: (colour ?? pushedColour) as ColourName,
    shape: (shape ?? pushedShape) as ShapeName,
  };
}
