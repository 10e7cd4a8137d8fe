// Implicit values: what the better of the recorded actions lead to, by expectiles, without asking about any other action.
import type { Tensor } from '../tensor/index.js';
import { average, smallest } from './parts.js';

/**
 * |expectile - 1(advantage < 0)| difference^2, averaged (IQL, Kostrikov et al. 2021, arXiv 2110.06169, equation 5). The
 * advantage decides on the weight, and no gradient passes it.
 */
export function expectileLoss(advantage: Tensor, difference: Tensor, expectile: number): Tensor {
  const weight = advantage
    .greaterEqual(0)
    .cast(advantage.dtype)
    .mul(2 * expectile - 1)
    .add(1 - expectile);
  return weight.stopGradient().mul(difference.square()).mean();
}

export interface ImplicitStep {
  /** Reward and 1 - reached [B, 1] (offline.ts, stepCost). */
  readonly reward: Tensor;
  readonly alive: Tensor;
  /** Of each member: V(s, g), and of the target networks V'(s, g) and V'(s', g), all [B, 1]. */
  readonly values: readonly Tensor[];
  readonly targets: readonly Tensor[];
  readonly nextTargets: readonly Tensor[];
}

/**
 * V by itself, without Q (GCIVL in Park et al. 2025, arXiv 2410.20092; HIQL, Park et al. 2023, arXiv 2307.11949, equation 4):
 * A = r + gamma min_k V'_k(s', g) - mean_k V'_k(s, g) weighs (r + gamma V'_k(s', g) - V_k(s, g))^2, summed over members.
 * The advantage is the target networks' own, so that the values that move do not weigh themselves.
 */
export function implicitValueLoss(
  { reward, alive, values, targets, nextTargets }: ImplicitStep,
  { discount, expectile }: { readonly discount: number; readonly expectile: number },
): Tensor {
  const returnOf = (next: Tensor) => reward.add(alive.mul(next).mul(discount));
  const advantage = returnOf(smallest(nextTargets)).sub(average(targets));
  return values
    .map((value, k) => expectileLoss(advantage, returnOf(nextTargets[k]).stopGradient().sub(value), expectile))
    .reduce((a, b) => a.add(b));
}
