// Pictures seen in the light of another input: convolutions whose channels it scales and shifts (FiLM: Perez et al. 2017, arXiv 1709.07871).
import type { Tensor } from '../tensor/index.js';
import { type Encoder, oneHot, plain } from './encoder.js';
import type { InputSpec } from './input.js';
import { type Layout, layout } from './layout.js';
import { initDense } from './mlp.js';

export interface FilmSettings {
  /** What the channels are scaled and shifted by: numbers, such as a sentence's, or a task. */
  readonly by: InputSpec;
  readonly channels: number;
  /** Residual blocks. */
  readonly blocks: number;
  /** Width of the square kernels, odd; edges are padded with zeros, so that every place keeps its own. */
  readonly kernel: number;
  readonly features: number;
}

/**
 * As BabyAI 1.1 has it (Hui et al. 2020, arXiv 2007.12770), but without batch normalisation, and with a dense layer over
 * all places in the end instead of the largest over places, which does not say where. A block is
 * y + ReLU((1 + gamma(z)) conv(ReLU(conv1x1(y))) + beta(z)).
 */
export function filmEncoder([height, width, depth]: readonly number[], settings: FilmSettings): Encoder {
  const { by, channels, blocks, kernel, features } = settings;
  const asked = by.choices === undefined ? plain(by) : oneHot(by);
  const flat = height * width * channels;
  const ofBlock = (i: number) => [
    { name: `block${i}.mix.weight`, shape: [channels, channels, 1, 1] },
    { name: `block${i}.mix.bias`, shape: [channels] },
    { name: `block${i}.conv.weight`, shape: [channels, channels, kernel, kernel] },
    { name: `block${i}.conv.bias`, shape: [channels] },
    { name: `block${i}.film.weight`, shape: [asked.size, 2 * channels] },
    { name: `block${i}.film.bias`, shape: [2 * channels] },
  ];
  const all: Layout = layout([
    { name: 'conv.weight', shape: [channels, depth, kernel, kernel] },
    { name: 'conv.bias', shape: [channels] },
    ...Array.from({ length: blocks }, (_, i) => ofBlock(i)).flat(),
    { name: 'head.weight', shape: [flat, features] },
    { name: 'head.bias', shape: [features] },
  ]);
  const padding = (kernel - 1) / 2;
  return {
    layout: all,
    size: features,
    init: (random) => initDense(all, random),
    apply(parameters, pictures, seen) {
      const rest = [...parameters];
      const next = (): [Tensor, Tensor] => rest.splice(0, 2) as [Tensor, Tensor];
      const rows = pictures.shape[0];
      const z = asked.apply([], (seen as NonNullable<typeof seen>)[by.name]);
      const x = pictures.reshape([rows, height, width, depth]).transpose([0, 3, 1, 2]);
      let y = x.conv2d(...next(), { padding }).relu();
      for (let i = 0; i < blocks; i++) {
        const mixed = y.conv2d(...next()).relu();
        const convolved = mixed.conv2d(...next(), { padding });
        const [gamma, beta] = z
          .dense(...next())
          .reshape([rows, 2 * channels, 1, 1])
          .split([channels, channels], 1);
        y = y.add(convolved.mul(gamma.add(1)).add(beta).relu());
      }
      return y
        .reshape([rows, flat])
        .dense(...next())
        .relu();
    },
  };
}
