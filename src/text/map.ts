// A map of sentences: how near they are to each other for an encoder, and a plane that shows it.
import { cosine, type SentenceEncoder, standardise, standardOf } from './encoder.js';

export interface TextMap {
  readonly encoder: string;
  readonly checksum: string;
  readonly sentences: readonly string[];
  /** [sentence, sentence], from -1 to 1. */
  readonly cosines: readonly (readonly number[])[];
  /** Distances once vectors are standardised over these sentences, divided by the root of their size. */
  readonly distances: readonly (readonly number[])[];
  /** The first two principal components of each. */
  readonly places: readonly (readonly [number, number])[];
  /** Of each sentence, by its place: words that the encoder does not know. */
  readonly unknown: readonly (readonly string[])[];
}

export async function textMap(encoder: SentenceEncoder, sentences: readonly string[]): Promise<TextMap> {
  const vectors: Float32Array[] = [];
  for (const sentence of sentences) vectors.push(await encoder.encode(sentence));
  const standard = standardOf(vectors);
  const standardised = vectors.map((vector) => standardise(vector, standard));
  const centred = vectors.map((vector) => vector.map((value, i) => value - standard.mean[i]));
  return {
    encoder: encoder.name,
    checksum: encoder.checksum,
    sentences,
    cosines: vectors.map((a) => vectors.map((b) => cosine(a, b))),
    distances: standardised.map((a) =>
      standardised.map((b) => Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length)),
    ),
    places: planeOf(centred),
    unknown: sentences.map((sentence) => encoder.unknownWords(sentence)),
  };
}

/** Coordinates along the two directions of most spread, by power iteration on the Gram matrix. */
function planeOf(rows: readonly Float32Array[]): [number, number][] {
  const gram = rows.map((a) => rows.map((b) => a.reduce((sum, value, i) => sum + value * b[i], 0)));
  const axes = [0, 1].map((axis) => {
    let along = rows.map((_, i) => Math.cos(1 + i * (axis + 1)));
    let spread = 0;
    for (let round = 0; round < 200; round++) {
      const next = gram.map((row) => row.reduce((sum, value, i) => sum + value * along[i], 0));
      spread = Math.hypot(...next);
      if (spread < 1e-12) return rows.map(() => 0);
      along = next.map((value) => value / spread);
    }
    // What this axis shows is taken away, so that the next one shows the rest.
    for (const [i, row] of gram.entries()) for (const j of row.keys()) row[j] -= spread * along[i] * along[j];
    return along.map((value) => value * Math.sqrt(spread));
  });
  return rows.map((_, i) => [axes[0][i], axes[1][i]]);
}
