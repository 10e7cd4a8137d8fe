// Encoders: what a network makes of one named input before it combines the inputs, with parameters of its own.
import type { Random } from '../random.js';
import { concat, type Tensor } from '../tensor/index.js';
import type { InputSpec, Seen } from './input.js';
import { type Layout, layout } from './layout.js';
import { initDense, mlp, mlpLayout } from './mlp.js';

export interface Encoder {
  /** Numbers that it gives for a row. */
  readonly size: number;
  /** Where these numbers are equally long vectors in a row, how many: a Transformer takes each as a token. Absent: one vector. */
  readonly tokens?: number;
  /** Its parameters, which lie inside the network's own vector as `<input>.<name>`; empty where it has none. */
  readonly layout: Layout;
  init(random: Random): Float32Array;
  /**
   * From the layout's tensors and what is seen of the input [B, ...shape] to [B, size]. `seen`: all inputs, for encoders that
   * look at one in the light of another.
   */
  apply(parameters: readonly Tensor[], x: Tensor, seen?: Seen): Tensor;
}

/** The encoder of an input. */
export type EncoderOf = (input: InputSpec) => Encoder;

const noParameters = { layout: { entries: [], size: 0 }, init: () => new Float32Array(0) };
const flat = (x: Tensor, size: number): Tensor => (x.shape.length === 2 ? x : x.reshape([x.shape[0], size]));

/** The numbers as they are. */
export const plain: EncoderOf = ({ size }) => ({ ...noParameters, size, apply: (_, x) => flat(x, size) });

/** A choice of n as n numbers, of which one is 1. Nothing lies between two choices: it cannot interpolate. */
export const oneHot: EncoderOf = ({ choices = 1 }) => ({
  ...noParameters,
  size: choices,
  apply: (_, x) => x.reshape([x.shape[0]]).oneHot(choices),
});

/** A choice of n as a learned row of `width` numbers in a table; rows begin with about unit length. */
export const embedding =
  (width: number): EncoderOf =>
  ({ choices = 1 }) => {
    const table = layout([{ name: 'table', shape: [choices, width] }]);
    return {
      size: width,
      layout: table,
      init(random) {
        const values = new Float32Array(table.size);
        random.fillNormal(values);
        return values.map((value) => value / Math.sqrt(width));
      },
      apply: ([rows], x) => rows.gather(x.reshape([x.shape[0]]), 0),
    };
  };

/** Dense layers over all numbers of an input, those of pictures included, each with ReLU after it. */
export const dense =
  (widths: readonly number[]): EncoderOf =>
  ({ size }) => {
    const layers = mlpLayout([size, ...widths]);
    return {
      size: widths[widths.length - 1],
      layout: layers,
      init: (random) => initDense(layers, random),
      apply: (parameters, x) => mlp(parameters, flat(x, size)).relu(),
    };
  };

/**
 * Learned Fourier features (Yang et al. 2022, arXiv 2206.04672): [x, sin(W x + b)], W from a normal distribution of deviation
 * pi * `scale`, b uniform from -pi to pi. What a network makes of x changes as fast as the features do, so that values can
 * differ on the two sides of a wall.
 */
export const fourier =
  ({ size: waves, scale }: { readonly size: number; readonly scale: number }): EncoderOf =>
  ({ size }) => {
    const waveLayout = mlpLayout([size, waves]);
    return {
      size: size + waves,
      layout: waveLayout,
      init(random) {
        const values = new Float32Array(waveLayout.size);
        const weights = values.subarray(0, size * waves);
        random.fillNormal(weights);
        weights.forEach((value, i) => {
          weights[i] = Math.PI * scale * value;
        });
        random.fillUniform(values.subarray(size * waves), -Math.PI, Math.PI);
        return values;
      },
      apply([weight, bias], given) {
        const x = flat(given, size);
        return concat([x, x.dense(weight, bias).sin()], 1);
      },
    };
  };

/** An encoder whose parameters no loss moves: gradients stop at what it gives. */
export const frozen = (encoder: Encoder): Encoder => ({
  ...encoder,
  apply: (parameters, x, seen) => encoder.apply(parameters, x, seen).stopGradient(),
});

/** Of a list of pictures or vectors [L, ...] each by itself, through one encoder: L tokens. */
export const each =
  (of: EncoderOf): EncoderOf =>
  (input) => {
    const [count, ...shape] = input.shape;
    const one = of({ ...input, shape, size: input.size / count });
    return {
      ...one,
      size: count * one.size,
      tokens: count,
      apply(parameters, x) {
        const rows = x.shape[0];
        return one.apply(parameters, x.reshape([rows * count, ...shape])).reshape([rows, count * one.size]);
      },
    };
  };
