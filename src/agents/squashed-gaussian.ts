// The squashed Gaussian policy of SAC and of what builds on it: samples and their log probability.
import type { Tensor } from '../tensor/index.js';

const LOG_STD_MIN = -20;
const LOG_STD_MAX = 2;
/** Keeps log(1 - tanh^2) finite where tanh rounds to 1. */
const SQUASH_EPSILON = 1e-6;
const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

/** log(1 - a^2) of a squashed action, which is the same under every policy. */
const squash = (action: Tensor): Tensor =>
  action
    .square()
    .neg()
    .add(1 + SQUASH_EPSILON)
    .log();

/** The Gaussian before squashing, from a network's output [B, 2 A]: mean and log of the standard deviation [B, A]. */
export function gaussian(output: Tensor): { mean: Tensor; logStd: Tensor } {
  const size = output.shape[1] / 2;
  const [mean, rawLogStd] = output.split([size, size], 1);
  return { mean, logStd: rawLogStd.clip(LOG_STD_MIN, LOG_STD_MAX) };
}

/**
 * From a network's output [B, 2 A] (mean, log std) and standard normals [B, A]: u = mean + std noise, a = tanh(u) [B, A],
 * log pi(a) [B, 1] (Haarnoja et al. 2018, arXiv 1812.05905, appendix C).
 */
export function sample(output: Tensor, noise: Tensor): { u: Tensor; action: Tensor; logProbability: Tensor } {
  const { mean, logStd } = gaussian(output);
  const u = mean.add(logStd.exp().mul(noise));
  const action = u.tanh();
  const normal = noise.square().mul(-0.5).sub(logStd).sub(LOG_SQRT_2PI);
  return { u, action, logProbability: normal.sub(squash(action)).sum([1], { keepDims: true }) };
}

/** log pi(tanh(u)) [B, 1] of what another policy has drawn: u [B, A] before squashing. */
export function logProbability(output: Tensor, u: Tensor): Tensor {
  const { mean, logStd } = gaussian(output);
  const noise = u.sub(mean).mul(logStd.neg().exp());
  const normal = noise.square().mul(-0.5).sub(logStd).sub(LOG_SQRT_2PI);
  return normal.sub(squash(u.tanh())).sum([1], { keepDims: true });
}

/** The most likely action before squashing, squashed: what acts without exploring. */
export const mode = (output: Tensor): Tensor => output.slice(1, 0, output.shape[1] / 2).tanh();
