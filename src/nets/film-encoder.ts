// Pictures seen in the light of another input, which scales and shifts the features of every place (FiLM: Perez et al. 2017, arXiv 1709.07871).
import { concat, type Tensor } from '../tensor/index.js';
import { type Encoder, oneHot, plain } from './encoder.js';
import type { InputSpec } from './input.js';
import { type Layout, layout } from './layout.js';
import { initDense } from './mlp.js';

export interface FilmSettings {
  /** What features are scaled and shifted by: numbers, such as a sentence's, or a task. */
  readonly by: InputSpec;
  /** Features of a place. */
  readonly channels: number;
  /** Residual blocks; 0: features are as they are, whatever is asked. */
  readonly blocks: number;
  /** Answers of a place: sums of its own numbers with weights that `by` decides; 0: none. */
  readonly picks: number;
  readonly features: number;
}

/**
 * Blocks y + ReLU((1 + gamma(z)) B ReLU(A y) + beta(z)) on the features y of each place, as BabyAI has them (Hui et al. 2020,
 * arXiv 2007.12770), and a dense layer over all places. There the second product is a convolution of 3 x 3, and the largest
 * over places ends it; here it is of 1 x 1, which takes a fifth of the time, and the dense layer tells where things are and
 * what is beside what.
 *
 * Features that scaling and shifting act on may each mean a pair of attributes, and those of a pair that nobody asked for
 * are never learned. `picks` numbers more of each place are ReLU(w(z) x + b(z)), of its own numbers x with weights linear
 * in z: where z is a sum over words, "red" and "ball" ask for red things and for balls, and what is both answers most,
 * whether or not they were asked for together.
 */
export function filmEncoder([height, width, depth]: readonly number[], settings: FilmSettings): Encoder {
  const { by, channels, blocks, picks, features } = settings;
  const asked = by.choices === undefined ? plain(by) : oneHot(by);
  const places = height * width;
  const dense = (name: string, inputs: number, outputs: number) => [
    { name: `${name}.weight`, shape: [inputs, outputs] },
    { name: `${name}.bias`, shape: [outputs] },
  ];
  const all: Layout = layout([
    ...dense('place', depth, channels),
    ...Array.from({ length: blocks }, (_, i) => [
      ...dense(`block${i}.a`, channels, channels),
      ...dense(`block${i}.b`, channels, channels),
      ...dense(`block${i}.film`, asked.size, 2 * channels),
    ]).flat(),
    ...(picks > 0 ? dense('asked', asked.size, picks * (depth + 1)) : []),
    ...dense('head', places * (channels + picks), features),
  ]);
  return {
    layout: all,
    size: features,
    init: (random) => initDense(all, random),
    apply(parameters, pictures, seen) {
      const rest = [...parameters];
      const next = (): [Tensor, Tensor] => rest.splice(0, 2) as [Tensor, Tensor];
      const rows = pictures.shape[0];
      const z = asked.apply([], (seen as NonNullable<typeof seen>)[by.name]);
      let y = pictures
        .reshape([rows * places, depth])
        .dense(...next())
        .relu();
      for (let i = 0; i < blocks; i++) {
        const a = y.dense(...next()).relu();
        const b = a.dense(...next()).reshape([rows, places, channels]);
        const [gamma, beta] = z
          .dense(...next())
          .reshape([rows, 1, 2 * channels])
          .split([channels, channels], 2);
        const lit = b.mul(gamma.add(1)).add(beta).relu();
        y = y.add(lit.reshape([rows * places, channels]));
      }
      let found = y.reshape([rows, places * channels]);
      if (picks > 0) {
        const [weights, bias] = z.dense(...next()).split([picks * depth, picks], 1);
        const sums = pictures.reshape([rows, places, depth]).matmul(weights.reshape([rows, depth, picks]));
        const picked = sums.add(bias.reshape([rows, 1, picks])).relu();
        found = concat([found, picked.reshape([rows, places * picks])], 1);
      }
      return found.dense(...next()).relu();
    },
  };
}
