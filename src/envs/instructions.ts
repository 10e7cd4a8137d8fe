// Sentences that ask for an environment's task: templates with placeholders, and the words that fill them.
import { UsageError } from '../errors.js';

/** Declared by environments whose tasks can be said in words. */
export interface Instructions {
  /** Sentences that mean the same, with placeholders in braces: "push the {colour} {shape} to the {side}". */
  readonly templates: readonly string[];
  /** The words that each placeholder can stand for. */
  readonly words: Readonly<Record<string, readonly string[]>>;
  /** The words for an episode that begins with this observation and has this goal; the second argument may be relabelled. */
  fill(observation: ArrayLike<number>, goal: ArrayLike<number>): Readonly<Record<string, string>>;
}

/** Placeholders of a template, in order. */
export const placeholders = (template: string): string[] =>
  [...template.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);

/** The sentence. @throws UsageError for a placeholder without a word, naming those that there are */
export function writeInstruction(template: string, words: Readonly<Record<string, string>>): string {
  return template.replace(/\{([^}]*)\}/g, (_, name: string) => {
    if (Object.hasOwn(words, name)) return words[name];
    throw new UsageError(
      `instruction "${template}": there is no word for {${name}}; there are words for ${Object.keys(words).join(', ')}.`,
    );
  });
}
