// BroNet (Nauman et al. 2024, arXiv 2405.16158): dense layers with layer normalisation, in blocks that are added to what they get.
import type { Random } from '../random.js';
import type { Tensor } from '../tensor/index.js';
import type { GoalNetworkSizes } from './goal-form.js';
import { combine } from './input.js';
import type { NetworkCore } from './input-network.js';
import { type Layout, layout } from './layout.js';
import { initDense } from './mlp.js';

export interface BroNetSettings {
  /** Width of all hidden layers (BRC: 4096 for critics, 256 for the actor). */
  readonly width: number;
  /** Blocks of two layers (BRC: 2 for critics, 1 for the actor). */
  readonly blocks: number;
}

const layer = (name: string, from: number, to: number) => [
  { name: `${name}.weight`, shape: [from, to] },
  { name: `${name}.bias`, shape: [to] },
  { name: `${name}.scale`, shape: [to] },
  { name: `${name}.shift`, shape: [to] },
];

/** x = [s; g; a]; x = relu(N(W x)); for each block x = x + N(W relu(N(W x))); W x. N is layer normalisation. */
export const broNet =
  ({ width, blocks }: BroNetSettings) =>
  ({ observation, goal = 0, action = 0, outputs }: GoalNetworkSizes): NetworkCore => {
    const hidden = Array.from({ length: blocks }, (_, i) => [
      ...layer(`block${i + 1}.0`, width, width),
      ...layer(`block${i + 1}.1`, width, width),
    ]);
    const whole = layout([
      ...layer('input', observation + goal + action, width),
      ...hidden.flat(),
      { name: 'output.weight', shape: [width, outputs] },
      { name: 'output.bias', shape: [outputs] },
    ]);
    return {
      layout: whole,
      init: (random) => initNormalised(whole, random),
      apply(parameters, s, g, a) {
        let at = 0;
        const normalised = (y: Tensor) => {
          const [weight, bias, scale, shift] = parameters.slice(at, at + 4);
          at += 4;
          return y.dense(weight, bias).layerNorm(scale, shift);
        };
        const inputs = [s, ...(g ? [g] : []), ...(a ? [a] : [])];
        let x = normalised(inputs.length > 1 ? combine(...inputs) : s).relu();
        for (let i = 0; i < blocks; i++) x = x.add(normalised(normalised(x).relu()));
        return x.dense(parameters[at], parameters[at + 1]);
      },
    };
  };

/** Dense layers as elsewhere; layer normalisation begins with scale 1 and shift 0. */
function initNormalised(of: Layout, random: Random): Float32Array {
  const values = initDense(of, random);
  for (const { name, shape, offset } of of.entries) {
    if (name.endsWith('.scale')) values.fill(1, offset, offset + shape[0]);
    else if (name.endsWith('.shift')) values.fill(0, offset, offset + shape[0]);
  }
  return values;
}
