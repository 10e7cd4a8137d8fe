// Distributions of actions for policy gradients: Gaussian with a free deviation for boxes, categorical for choices.
import type { Box, Discrete } from '../envs/space.js';
import type { Graph, Tensor } from '../tensor/index.js';
import { actionScale, unscaled } from './parts.js';

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

export interface Distribution {
  /** Numbers that the network gives per action. */
  readonly outputs: number;
  /** Parameters that do not depend on the state. */
  readonly parameters: readonly { name: string; shape: readonly number[] }[];
  /** Standard normals that one sample takes. */
  readonly noise: number;
  /** The distributions of B actions from the network's outputs [B, outputs] and the free parameters. */
  of(g: Graph, outputs: Tensor, parameters: readonly Tensor[]): Actions;
}

export interface Actions {
  /** Actions [B, a] as the environment takes them, but perhaps outside a box's bounds. */
  sample(noise: Tensor): Tensor;
  /** The likeliest actions [B, a], within the bounds. */
  mode(): Tensor;
  /** log pi(a | s, g) [B, 1] of actions as `sample` gives them. */
  logProbability(action: Tensor): Tensor;
  /** Mean over the batch, in nats. */
  entropy(): Tensor;
}

export const distribution = (space: Box | Discrete): Distribution =>
  space.kind === 'box' ? gaussian(space) : categorical(space.n);

/**
 * N(mean(s, g), diag(std^2)) with a standard deviation that is a free parameter. Neither squashed nor clipped inside:
 * clipping is the environment's side of it, so the probability of what was sampled stays exact. In boxes with finite
 * bounds mean and deviation are in units in which the bounds are -1 and 1.
 */
function gaussian(space: Box): Distribution {
  const { size, low, high } = space;
  const finite = [...low, ...high].every(Number.isFinite) && low.every((value, i) => value < high[i]);
  return {
    outputs: size,
    parameters: [{ name: 'logStd', shape: [size] }],
    noise: size,
    of(g, mean, [logStd]) {
      const scale = finite ? actionScale(g, space) : unscaled;
      return {
        sample: (noise) => scale.fromUnit(mean.add(logStd.exp().mul(noise))),
        mode: () => scale.fromUnit(mean).max(g.constant(low)).min(g.constant(high)),
        logProbability: (action) =>
          scale
            .toUnit(action)
            .sub(mean)
            .div(logStd.exp())
            .square()
            .mul(-0.5)
            .sub(logStd)
            .sub(LOG_SQRT_2PI)
            .sum([1], { keepDims: true }),
        entropy: () => logStd.add(LOG_SQRT_2PI + 0.5).sum(),
      };
    },
  };
}

/**
 * softmax(logits). A sample is the largest of logits plus Gumbel noise (Gumbel 1954); with two standard normals,
 * (n1^2 + n2^2) / 2 is exactly exponential, and minus its logarithm exactly Gumbel.
 */
function categorical(n: number): Distribution {
  return {
    outputs: n,
    parameters: [],
    noise: 2 * n,
    of(_, logits) {
      const rows = logits.shape[0];
      const choice = (scores: Tensor) => scores.argmax(1).cast('float32').reshape([rows, 1]);
      return {
        sample(noise) {
          const [first, second] = noise.split([n, n], 1);
          return choice(logits.sub(first.square().add(second.square()).mul(0.5).log()));
        },
        mode: () => choice(logits),
        logProbability: (action) =>
          logits
            .logSoftmax(1)
            .mul(action.reshape([rows]).oneHot(n))
            .sum([1], { keepDims: true }),
        entropy() {
          const logs = logits.logSoftmax(1);
          return logs.exp().mul(logs).sum([1]).mean().neg();
        },
      };
    },
  };
}
