// Dense layers with GELU, and layer normalisation behind it where asked: the networks of OGBench's agents.
import type { Random } from '../random.js';
import type { Tensor } from '../tensor/index.js';
import type { GoalNetworkSizes } from './goal-form.js';
import { combine } from './input.js';
import type { NetworkCore } from './input-network.js';
import { layout } from './layout.js';
import type { Activation } from './mlp.js';

export interface GeluNetSettings {
  /** Widths of the hidden layers (OGBench: 512, 512, 512). */
  readonly hidden: readonly number[];
  /** Layer normalisation with learned scale and shift after each GELU (OGBench: of values, not of policies). */
  readonly layerNorm: boolean;
  /** By what the initial variance of the last layer's weights is scaled (OGBench: 0.01 of policies); 1 when absent. */
  readonly lastScale?: number;
}

/** What is added to the variance before its root (flax: 1e-6). */
const EPSILON = 1e-6;

/** The approximation of GELU by tanh, as JAX computes it (Hendrycks & Gimpel 2016, arXiv 1606.08415). */
export const gelu: Activation = (x) => x.geluTanh();

/** x = [s; g; a]; x = N(gelu(W x)) for each hidden layer; W x. N is layer normalisation, or nothing. */
export const geluNet =
  ({ hidden, layerNorm, lastScale = 1 }: GeluNetSettings) =>
  ({ observation, goal = 0, action = 0, outputs }: GoalNetworkSizes): NetworkCore => {
    const sizes = [observation + goal + action, ...hidden, outputs];
    const whole = layout(
      sizes.slice(1).flatMap((out, i) => [
        { name: `${i}.weight`, shape: [sizes[i], out] },
        { name: `${i}.bias`, shape: [out] },
        ...(layerNorm && i < hidden.length
          ? [
              { name: `${i}.scale`, shape: [out] },
              { name: `${i}.shift`, shape: [out] },
            ]
          : []),
      ]),
    );
    return {
      layout: whole,
      init: (random) => initUniform(whole.entries, whole.size, hidden.length, lastScale, random),
      apply(parameters, s, g, a) {
        const rest = [...parameters];
        const take = () => rest.shift() as Tensor;
        const inputs = [s, ...(g ? [g] : []), ...(a ? [a] : [])];
        let x = inputs.length > 1 ? combine(...inputs) : s;
        for (let i = 0; i < hidden.length; i++) {
          x = gelu(x.dense(take(), take()));
          if (layerNorm) x = x.fusedLayerNorm(take(), take(), EPSILON);
        }
        return x.dense(take(), take());
      },
    };
  };

/**
 * Weights uniform with variance scale / mean(inputs, outputs) (Glorot & Bengio 2010), biases and shifts 0, scales 1.
 * `last` is the number of the last layer, whose scale is another.
 */
function initUniform(
  entries: ReturnType<typeof layout>['entries'],
  size: number,
  last: number,
  lastScale: number,
  random: Random,
): Float32Array {
  const values = new Float32Array(size);
  for (const { name, shape, offset } of entries) {
    if (name.endsWith('.scale')) values.fill(1, offset, offset + shape[0]);
    if (!name.endsWith('.weight')) continue;
    const [from, to] = shape;
    const scale = name === `${last}.weight` ? lastScale : 1;
    const bound = Math.sqrt((6 * scale) / (from + to));
    random.fillUniform(values.subarray(offset, offset + from * to), -bound, bound);
  }
  return values;
}
