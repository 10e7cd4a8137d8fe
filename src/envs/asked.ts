// What environments that ask in words can ask for.
import { unknownName } from '../errors.js';

export interface Asked {
  /** All single requests, in plain words. */
  readonly sentences: readonly string[];
  /** A sentence in every way that it can be said, its own first. */
  everyWay(sentence: string): readonly string[];
}

/** @throws UsageError for environments that do not ask in words */
export async function askedIn(env: string): Promise<Asked> {
  const { levelNames, rephrase, sentencesOf } = await import('./babyai/index.js');
  if (env === 'tabletop/words') return (await import('./tabletop/words.js')).asked;
  const level = levelNames.find((name) => `babyai/${name}` === env);
  if (level) return { sentences: sentencesOf(level), everyWay: rephrase.everyWay };
  const known = ['tabletop/words', ...levelNames.map((name) => `babyai/${name}`)];
  throw unknownName('environment that asks in words', env, known);
}
