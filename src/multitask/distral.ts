// Distral (Teh et al. 2017, arXiv 1707.04175): every task has a policy, and all are held near one that is distilled from them.
import type { Tensor } from '../tensor/index.js';

/**
 * The objective that policies pi_i and the distilled pi_0 maximise together (equation 2):
 *
 *     J = sum_i E[sum_t gamma^t (r_i + (alpha / beta) log pi_0(a | s) - (1 / beta) log pi_i(a | s))]
 *
 * With the weights c_KL of the divergence from pi_0 and c_Ent of the entropy: alpha = c_KL / (c_KL + c_Ent) and
 * beta = 1 / (c_KL + c_Ent).
 */
export interface DistralSettings {
  /** alpha, 0 to 1: 0 is entropy alone and pi_0 counts for nothing, 1 is the divergence alone. */
  readonly alpha: number;
  /** beta, above 0: how much rewards count against both. */
  readonly beta: number;
}

export const distralSettings = (divergence: number, entropy: number): DistralSettings => ({
  alpha: divergence / (divergence + entropy),
  beta: 1 / (divergence + entropy),
});

/**
 * What a step costs beside its reward, (1 / beta) (log pi_i - alpha log pi_0), of log probabilities [B, 1]; `temperature`
 * is 1 / beta, a number or one per row. With alpha = 0 it is the entropy term of SAC.
 */
export const distralCost = (own: Tensor, distilled: Tensor, alpha: number, temperature: Tensor | number): Tensor =>
  own.sub(distilled.mul(alpha)).mul(temperature);

/**
 * For actions that can be counted: values Q_i [n] of a state, and log pi_0 [n], give the best pi_i and its value
 * (equations 4 and 5):
 *
 *     V_i = (1 / beta) log sum_a pi_0(a)^alpha exp(beta Q_i(a)),   pi_i(a) = pi_0(a)^alpha exp(beta (Q_i(a) - V_i))
 */
export function distralPolicy(
  q: readonly number[],
  logDistilled: readonly number[],
  { alpha, beta }: DistralSettings,
): { policy: number[]; value: number } {
  const logits = q.map((value, a) => alpha * logDistilled[a] + beta * value);
  const largest = Math.max(...logits);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  const logSum = largest + Math.log(sum);
  return { policy: logits.map((logit) => Math.exp(logit - logSum)), value: logSum / beta };
}

/**
 * The best pi_0 of a state for given pi_i: it appears in J by alpha / beta log pi_0 only, so that it learns by imitation
 * alone, and is the mean of the tasks' policies, each weighed by how often its task is in that state.
 */
export const distilledPolicy = (policies: readonly (readonly number[])[], visits?: readonly number[]): number[] => {
  const weights = visits ?? policies.map(() => 1);
  const total = weights.reduce((a, b) => a + b);
  return policies[0].map((_, a) => policies.reduce((sum, policy, i) => sum + weights[i] * policy[a], 0) / total);
};
