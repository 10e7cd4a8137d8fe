// What environments that ask in words can ask for.
import { unknownName } from '../errors.js';

export interface Asked {
  /** All single requests, in plain words. */
  readonly sentences: readonly string[];
  /** A sentence in every way that it can be said, its own first. */
  everyWay(sentence: string): readonly string[];
}

/** Of all single levels of BabyAI. */
async function ofLevels(): Promise<Readonly<Record<string, () => Asked>>> {
  const { levelNames, rephrase, sentencesOf } = await import('./babyai/index.js');
  const { everyWay } = rephrase;
  return Object.fromEntries(
    levelNames.map((name) => [`babyai/${name}`, () => ({ sentences: sentencesOf(name), everyWay })]),
  );
}

/** @throws UsageError for environments that do not ask in words */
export async function askedIn(env: string): Promise<Asked> {
  const { asked } = await import('./tabletop/words.js');
  const known: Readonly<Record<string, () => Asked>> = { 'tabletop/words': () => asked, ...(await ofLevels()) };
  if (Object.hasOwn(known, env)) return known[env]();
  throw unknownName('environment that asks in words', env, Object.keys(known));
}
