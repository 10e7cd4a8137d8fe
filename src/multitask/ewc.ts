// Elastic weight consolidation (Kirkpatrick et al. 2017, arXiv 1612.00796) of Gaussian policies, as Continual World (2105.10919) has it.
import type { NumericArray, Runtime } from '../runtime/runtime.js';
import { type Graph, grad, type Program, program, type Tensor } from '../tensor/index.js';

/** A Gaussian policy of one state: mean and log of the standard deviation, [1, A] each, from its parameters [n]. */
export type GaussianPolicy = (g: Graph, parameters: Tensor) => { mean: Tensor; logStd: Tensor };

/**
 * What one state adds to the diagonal of the Fisher information [n], in closed form instead of by sampled actions:
 *
 *     F = sum_a (1 / sigma_a^2) ((d mu_a / d theta)^2 + 2 (d sigma_a / d theta)^2)
 *
 * Gradients are squared state by state: those of a mean over states would cancel each other, and F would be too small.
 * Inputs: `parameters` [n] and those of the policy; output `fisher` [n].
 */
export function fisherProgram(size: number, policy: GaussianPolicy): Program {
  return program('fisher', (g) => {
    const parameters = g.input('parameters', [size]);
    const { mean, logStd } = policy(g, parameters);
    const [, actions] = mean.shape;
    const sum = (terms: readonly Tensor[]) => terms.reduce((a, b) => a.add(b));
    const each = Array.from({ length: actions }, (_, a) => {
      const at = (x: Tensor) => grad(x.slice(1, a, a + 1).sum(), [parameters])[0].square();
      // d sigma = sigma d log sigma
      return at(mean)
        .mul(
          logStd
            .slice(1, a, a + 1)
            .sum()
            .mul(-2)
            .exp(),
        )
        .add(at(logStd).mul(2));
    });
    return { fisher: sum(each) };
  });
}

/** Smallest weight of a parameter (Continual World): what no state has used yet is still held a little. */
export const LEAST_FISHER = 1e-5;

/** A state as the inputs of a program. */
export type PolicyState = Readonly<Record<string, NumericArray>>;

/**
 * The diagonal of the Fisher information [n] at these parameters, a mean over states (Continual World: 2560 of the task
 * that was learned last), at least `LEAST_FISHER`. Parts [from, to) outside `shared`, such as heads, are 0: they are held
 * by nothing.
 */
export async function fisherOf(
  runtime: Runtime,
  of: Program,
  parameters: Float32Array,
  states: Iterable<PolicyState> | AsyncIterable<PolicyState>,
  shared: readonly (readonly [from: number, to: number])[] = [[0, parameters.length]],
): Promise<Float32Array> {
  const executable = await runtime.compile(of, { threads: 1 });
  const sums = new Float64Array(parameters.length);
  let count = 0;
  for await (const state of states) {
    const { fisher } = await executable.run({ parameters, ...state });
    for (let i = 0; i < sums.length; i++) sums[i] += Number(fisher[i]);
    count++;
  }
  await executable.dispose();
  const out = new Float32Array(parameters.length);
  for (const [from, to] of shared) {
    for (let i = from; i < to; i++) out[i] = Math.max(LEAST_FISHER, count > 0 ? sums[i] / count : 0);
  }
  return out;
}

/**
 * lambda sum_i F_i (theta_i - theta_i*)^2, to be added to the loss of later tasks (Continual World: lambda 1e4). `fisher`
 * is the sum of the tasks' so far, `anchor` the parameters after the last of them.
 */
export const ewcPenalty = (parameters: Tensor, anchor: Tensor, fisher: Tensor, strength: number): Tensor =>
  parameters.sub(anchor).square().mul(fisher).sum().mul(strength);
