// Truncated quantile critics (Kuznetsov et al. 2020, arXiv 2005.04269): SAC with critics of the return's distribution.
import * as z from 'zod';
import { UsageError } from '../errors.js';
import { concat, type Tensor } from '../tensor/index.js';
import type { AgentDefinition } from './agent.js';
import type { InputEncoders } from './encoders.js';
import * as parts from './parts.js';
import { type SoftCritics, softActorCritic, softConfig } from './sac.js';

/**
 * Quantile Huber loss (equation 8): mean over rows b, quantiles m and targets i of |tau_m - 1[u < 0]| L(u), where
 * u = y_i - theta_m, tau_m = (2 m - 1) / 2 M, and L is square below 1 and linear above. theta [B, M], y [B, K].
 */
export function quantileHuber(theta: Tensor, y: Tensor): Tensor {
  const [rows, quantiles] = theta.shape;
  const fractions = Array.from({ length: quantiles }, (_, m) => (2 * m + 1) / (2 * quantiles));
  const tau = theta.graph.constant(fractions, [quantiles], theta.dtype);
  const u = y.reshape([rows, 1, y.shape[1]]).sub(theta.reshape([rows, quantiles, 1]));
  // L(u) is the largest of c u - c^2/2 over |c| <= 1, at c = clip(u), so its derivative is that c as if c stood still.
  const part = (c: Tensor) =>
    c
      .mul(u)
      .sum([2])
      .sub(c.square().sum([2]).mul(0.5));
  const above = part(u.clip(0, 1).stopGradient());
  const below = part(u.clip(-1, 0).stopGradient());
  return above
    .mul(tau)
    .add(below.mul(tau.neg().add(1)))
    .mean()
    .mul(1 / y.shape[1]);
}

/** The `kept` smallest of all critics' atoms, N times [B, M], in any order: [B, kept]. */
export const truncated = (atoms: readonly Tensor[], kept: number): Tensor =>
  concat(atoms, 1).topK(kept, 1, { largest: false, sorted: false }).values;

/** N critics of M quantiles each; targets leave out the d N largest atoms, which holds overestimation down. */
function quantileCritics({ inputs, encoderOf }: InputEncoders, action: number, config: TqcConfig): SoftCritics {
  const { critics: n, quantiles, dropped } = config;
  if (dropped >= quantiles) {
    throw new UsageError(
      `tqc drops agent.dropped=${dropped} of agent.quantiles=${quantiles} atoms per critic; at least one must stay: set dropped from 0 to ${quantiles - 1}.`,
    );
  }
  const sizes = { inputs, action };
  const { settings, learned } = parts.criticNetwork({ ...config, encoderOf });
  const z = parts.critics(n, sizes, settings, quantiles);
  const still = parts.critics(n, sizes, learned, quantiles);
  const mean = (atoms: readonly Tensor[]) => parts.average(atoms).mean([1], { keepDims: true });
  return {
    layout: z.layout,
    init: z.init,
    next: (target, ...input) => truncated(z.values(target, ...input), n * (quantiles - dropped)),
    loss(critics, seen, action, y) {
      const atoms = z.values(critics, seen, action);
      const loss = atoms.map((theta) => quantileHuber(theta, y)).reduce((a, b) => a.add(b));
      return { loss, mean: atoms[0].mean() };
    },
    value: (critics, ...input) => mean(z.values(critics, ...input)),
    learned: (critics, ...input) => mean(still.values(critics, ...input)),
  };
}

const config = z.strictObject({
  critics: z.int().min(1).max(100).default(5).describe('critics N (paper: 5)'),
  quantiles: z.int().min(1).max(1000).default(25).describe('atoms M of each critic (paper: 25)'),
  dropped: z
    .int()
    .min(0)
    .max(999)
    .default(2)
    .describe('largest atoms left out of targets, per critic, d (paper: 2; 0 to 5 by environment)'),
  ...softConfig,
});

export type TqcConfig = z.infer<typeof config>;

/** TQC: off-policy, continuous actions, entropy-regularised, distributional. */
export const tqc: AgentDefinition<TqcConfig> = {
  name: 'tqc',
  description: 'truncated quantile critics: SAC on the distribution of returns, without its largest atoms',
  paper: 'Kuznetsov et al. 2020, arXiv 2005.04269',
  learning: 'off-policy',
  actions: ['box'],
  config,
  create: (spec, settings, options) =>
    softActorCritic('tqc', spec, settings, (...seen) => quantileCritics(...seen, settings), options),
};
