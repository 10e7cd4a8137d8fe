// Sentences by their number, as the bound of what telling them apart alone can do: nothing that is alike has like vectors.
import { checksumOf, type SentenceEncoder } from './encoder.js';

/** For these sentences and no others. */
export async function oneHotEncoder(sentences: readonly string[]): Promise<SentenceEncoder> {
  const numbers = new Map(sentences.map((sentence, i) => [sentence, i]));
  return {
    name: 'one-hot',
    checksum: await checksumOf(sentences.join('\n')),
    size: sentences.length,
    async encode(sentence) {
      const vector = new Float32Array(sentences.length);
      const number = numbers.get(sentence);
      if (number !== undefined) vector[number] = 1;
      return vector;
    },
    unknownWords: (sentence) => (numbers.has(sentence) ? [] : sentence.split(/\s+/)),
  };
}
