// The verifier as captioner: which of a level's instructions each step of an episode fulfils, whatever it was asked for.
import { type CaptionRules, fulfilledBytes } from '../captions.js';
import { stepLimitOf } from './episode.js';
import { begin, type Clause, eachClause, follow, type Instruction, sentenceOf, verify, ways } from './instructions.js';
import type { LevelSettings } from './level.js';
import type { LevelName } from './names.js';
import { parseInstruction } from './parse.js';
import { sentencesOf } from './sentences.js';
import { DROP, type World } from './world.js';

/** Levels that also ask for things without telling their colour. */
const withoutColours = /loc$|seq$|boss|synth|dist|above|^open-door$|find|^pickup$/;

/** What can be said of episodes of a level: single instructions, told as the level tells things. */
export function captionsOf(name: LevelName): string[] {
  return sentencesOf(name).filter((sentence) => {
    let told = true;
    eachClause(parseInstruction(sentence), ({ what, next }) => {
      told &&= what.colour !== null && next?.colour !== null;
    });
    return told || withoutColours.test(name);
  });
}

export function captionRules(name: LevelName, settings: LevelSettings): CaptionRules {
  const sentences = captionsOf(name);
  const limits = sentences.map((sentence) => stepLimitOf(name, settings, ways(parseInstruction(sentence))));
  // What is no single instruction is several, or is said in other words: the longest limit.
  const longest = stepLimitOf(name, settings);
  return { sentences, reward: (sentence, steps) => 1 - 0.9 * (steps / (limits[sentence] ?? longest)) };
}

/** A sentence that can come true in the present episode. */
interface Open {
  readonly sentence: number;
  readonly instruction: Instruction;
}

export interface Captioner {
  /** An episode begins in this world. */
  begin(world: World): void;
  /** After every action: sets the bits of the sentences that it fulfils, and clears the others. */
  step(world: World, action: number, bits: Uint8Array): void;
  save(): readonly Open[];
  restore(open: readonly Open[]): void;
}

/** `size` is that of the column. */
export function createCaptioner(name: LevelName): Captioner & { readonly size: number } {
  const sentences = captionsOf(name);
  let open: readonly Open[] = [];
  return {
    size: fulfilledBytes(sentences.length),
    begin(world) {
      open = sentences.flatMap((text, sentence) => {
        const instruction = parseInstruction(text);
        begin(world, instruction);
        // Of what is not there nothing can be said, and articles have to be right.
        return means(instruction as Clause) && sentenceOf(world, instruction) === text
          ? [{ sentence, instruction }]
          : [];
      });
    },
    step(world, action, bits) {
      bits.fill(0);
      for (const { sentence, instruction } of open) {
        if (action === DROP) follow(world, instruction);
        if (verify(world, instruction, action) === 1) bits[sentence >> 3] |= 1 << (sentence & 7);
      }
    },
    save: () => open,
    restore(saved) {
      open = saved;
    },
  };
}

const means = ({ what, next }: Clause): boolean => what.things.length > 0 && next?.things.length !== 0;
