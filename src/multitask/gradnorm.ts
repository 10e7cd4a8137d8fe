// GradNorm (Chen et al. 2018, arXiv 1711.02257): weights of the tasks' losses are learned so that all train at similar rates.
import { concat, type Tensor } from '../tensor/index.js';
import { adam } from '../tensor/optimizers.js';
import { diagonal, quotient } from './gram.js';

export interface GradNormSettings {
  /** alpha: how strongly tasks are pulled to a common training rate (paper: 0.12 to 1.5); 0: all gradients as long. */
  readonly restoringForce: number;
  /** Adam's step size of the weights (paper's toy example: 0.025). */
  readonly weightRate: number;
}

/** Numbers that it remembers of K tasks: weights, Adam's two sums, the losses at the beginning, the number of steps. */
export const gradNormMemory = (tasks: number): number => 4 * tasks + 1;

/** What it remembers before the first step: equal weights, losses not yet known. */
export function initGradNorm(tasks: number): Float32Array {
  const memory = new Float32Array(gradNormMemory(tasks));
  memory.fill(1, 0, tasks);
  return memory;
}

/** Weights never fall below this: a task whose weight is 0 could not come back. */
const LEAST = 1e-3;

/**
 * One step, from the Gram matrix [K, K] of the unweighted tasks' gradients and the tasks' losses [K]:
 *
 *     G_i = w_i |g_i|,   r_i = (L_i / L_i(0)) / mean_j (L_j / L_j(0))
 *     w descends along  sum_i |G_i - mean(G) r_i^alpha|,  the second term held still, and is scaled to sum K again
 *
 * The gradients are put together by the weights before that step, divided by K. Norms are those over all shared numbers
 * (the paper, to save time, takes the last shared layer). Rates mean something for positive losses only: while a task's
 * loss is not positive, as an actor's may be, every r_i is 1.
 */
export function gradNorm(
  gram: Tensor,
  losses: Tensor,
  memory: Tensor,
  { restoringForce, weightRate }: GradNormSettings,
): { coefficients: Tensor; memory: Tensor } {
  const [tasks] = gram.shape;
  const [weights, m, v, known, steps] = memory.split([tasks, tasks, tasks, tasks, 1], 0);
  const first = known.greater(0).where(known, losses);
  const norms = diagonal(gram).sqrt();
  const lengths = norms.mul(weights);

  const progress = quotient(losses, first);
  const positive = losses.min(first).amin().greater(0);
  const rates = positive.where(quotient(progress, progress.mean()), 1).max(1e-6);
  const wanted = lengths.mean().mul(rates.log().mul(restoringForce).exp());

  // In units of the mean norm, which Adam does not see, but for float32's sake.
  const gradient = lengths.sub(wanted).sign().mul(quotient(norms, norms.mean()));
  const step = steps.add(1);
  const { params, slots } = adam().apply(weights, gradient, [m, v], adamScalars(step, weightRate));
  const bounded = params.max(LEAST);
  const next = bounded.mul(quotient(bounded.mul(0).add(tasks), bounded.sum()));
  return { coefficients: weights.mul(1 / tasks), memory: concat([next, ...slots, first, step], 0) };
}

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/** Adam's scalars of a step whose number is a tensor [1] (see tensor/optimizers.ts). */
function adamScalars(step: Tensor, rate: number): Tensor {
  const unbias = (beta: number) => step.mul(Math.log(beta)).exp().neg().add(1);
  const c = unbias(beta2)
    .div(1 - beta2)
    .sqrt()
    .pow(-1);
  const a = unbias(beta1)
    .pow(-1)
    .mul(rate * (1 - beta1))
    .div(c);
  return concat([a, c.pow(-1).mul(epsilon)], 0);
}
