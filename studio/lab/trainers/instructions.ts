// Trains the lab's policy that is told in words, and answers what lies near a sentence and where it leads.
import { judge, learn, neighbours, reached, sentencesOf } from '../../../examples/lab/instructions.js';
import { type Tell, watching } from './watching.js';

type Settings = Parameters<typeof learn>[0];

export interface SentenceMap {
  /** Those of training; the last one is what was asked about. */
  readonly sentences: readonly string[];
  readonly places: readonly (readonly [number, number])[];
  /** Of the last sentence with each. */
  readonly cosines: readonly number[];
  /** Words of the last sentence that the encoder does not know. */
  readonly unknown: readonly string[];
}

export interface Followed {
  readonly path: readonly (readonly number[])[];
  /** The thing at its end, as one says it; absent: none. */
  readonly at?: string;
}

let follow: Awaited<ReturnType<typeof learn>> | undefined;
const known = () => {
  if (!follow) throw new Error('nothing is trained yet.');
  return follow;
};

export const trainer = {
  async map(sentence: string, held: boolean): Promise<SentenceMap> {
    const { sentences, places, cosines, unknown } = await neighbours([...sentencesOf(held), sentence]);
    return { sentences, places, cosines: cosines[cosines.length - 1], unknown: unknown[unknown.length - 1] };
  },
  async learn(settings: Settings, tell: Tell): Promise<{ readonly asked: number; readonly held: number }> {
    follow = await learn(settings, watching(tell));
    return judge(follow);
  },
  async follow(sentence: string, start: readonly number[]): Promise<Followed> {
    const path = await known()(sentence, start);
    const thing = reached(path);
    return { path, ...(thing && { at: `${thing.colour} ${thing.shape}` }) };
  },
};
