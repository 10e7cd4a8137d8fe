// Policies that stay near recorded actions: a Gaussian of deviation 1, cloned by advantage (AWR) or pulled by values (DDPG+BC).
import type { Box } from '../envs/space.js';
import type { Seen } from '../nets/index.js';
import { type Graph, program, type Tensor } from '../tensor/index.js';
import type { Agent } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import type { PolicyNetwork } from './offline.js';
import { actionScale, boxActions } from './parts.js';

/** Weights of cloned actions beyond this are cut (IQL, Kostrikov et al. 2021, arXiv 2110.06169). */
const LARGEST_WEIGHT = 100;

/** log N(x; mean, 1) [B, 1] of all numbers [B, n] together. */
export const logProbability = (mean: Tensor, x: Tensor): Tensor =>
  x
    .sub(mean)
    .square()
    .sum([1], { keepDims: true })
    .mul(-0.5)
    .sub(0.5 * x.shape[1] * Math.log(2 * Math.PI));

/** exp(alpha A), at most 100, which no gradient passes. */
export const advantageWeight = (advantage: Tensor, alpha: number): Tensor =>
  advantage.mul(alpha).exp().min(LARGEST_WEIGHT).stopGradient();

/** Advantage-weighted regression (Peng et al. 2019, arXiv 1910.00177): -E[exp(alpha A) log pi]. */
export const weightedCloning = (advantage: Tensor, logPi: Tensor, alpha: number): Tensor =>
  advantageWeight(advantage, alpha).mul(logPi).mean().neg();

/**
 * DDPG+BC (Fujimoto & Gu 2021, arXiv 2106.06860): -E[Q(s, pi(s))] / E|Q| - alpha E[log pi]. The mean |Q| is of the batch:
 * a step with it cannot be divided among threads.
 */
export const pulledCloning = (q: Tensor, logPi: Tensor, alpha: number): Tensor =>
  q.mean().div(q.abs().mean().add(1e-6).stopGradient()).neg().sub(logPi.mean().mul(alpha));

export interface GaussianActor extends PolicyNetwork {
  readonly space: Box;
  /** Recorded actions [B, A], in units as the mean is. */
  recorded(g: Graph, rows: number): Tensor;
  /** The mean, with Gaussian exploration unless deterministic, within the bounds; `see` may put another goal in place. */
  act(name: string, see: (g: Graph, rows: number) => Seen, explorationNoise: number): Agent['act'];
}

/** A policy of unit actions, whose parameters are the state vector `vector`. */
export function gaussianActor(
  agent: string,
  spec: AgentSpec,
  policyOf: (outputs: number) => PolicyNetwork,
  vector = 'actor',
): GaussianActor {
  const space = boxActions(agent, spec);
  const { size } = space;
  const policy = policyOf(size);
  return {
    ...policy,
    space,
    recorded: (g, rows) => actionScale(g, space).toUnit(g.input('action', [rows, size])),
    act:
      (name, see, explorationNoise) =>
      (rows, { deterministic }) =>
        program(name, (g) => {
          let action = policy.mean(g.input(vector, [policy.layout.size]), see(g, rows));
          if (!deterministic) action = action.add(g.input('noise', [rows, size]).mul(explorationNoise));
          return { action: actionScale(g, space).fromUnit(action.clip(-1, 1)) };
        }),
  };
}

/** How an agent acts by its policy `actor`, and that it learns from batches alone. */
export const actingBy = (
  agent: string,
  pi: GaussianActor,
  see: (g: Graph, rows: number) => Seen,
  { explorationNoise }: { readonly explorationNoise: number },
) => ({
  policyVectors: ['actor'],
  actionNoise: pi.space.size,
  act: pi.act(`${agent}-act`, see, explorationNoise),
  randomActionProbability: () => 0,
  learner: { kind: 'updates' } as const,
});
