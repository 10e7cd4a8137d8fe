// Two tasks share two parameters: gradient descent on both losses, put together by each method.
import { cagrad, gradNorm, gradNormMemory, initGradNorm, pcgrad } from 'anygoal/multitask';
import { plainRuntime } from 'anygoal/runtime/plain';
import { concat, grad, program } from 'anygoal/tensor';

/** From the Gram matrix of the gradients to their coefficients, and what is remembered. */
const methods = {
  sum: (gram, memory) => ({ coefficients: gram.graph.constant([0.5, 0.5]), memory }),
  pcgrad: (gram, memory) => ({ coefficients: pcgrad(gram), memory }),
  cagrad: (gram, memory) => ({ coefficients: cagrad(gram, 0.5), memory }),
  gradnorm: (gram, memory, losses) => gradNorm(gram, losses, memory, { restoringForce: 1.5, weightRate: 0.025 }),
};

/** One step of a method: loss i is (steepness_i |theta - target_i|)^2 / 2. */
const step = (method) =>
  program(method, (graph) => {
    const theta = graph.input('theta', [2]);
    const losses = [0, 1].map((i) => {
      const away = theta.sub(graph.input(`target${i}`, [2])).mul(graph.input(`steepness${i}`, [1]));
      return away.square().sum().mul(0.5);
    });
    const gradients = concat(
      losses.map((loss) => grad(loss, [theta])[0].reshape([1, 2])),
      0,
    );
    const both = concat(
      losses.map((loss) => loss.reshape([1])),
      0,
    );
    const gram = gradients.matmul(gradients.transpose());
    const { coefficients, memory } = methods[method](gram, graph.input('memory', [gradNormMemory(2)]), both);
    const direction = coefficients.reshape([1, 2]).matmul(gradients).reshape([2]);
    return { losses: both, next: theta.sub(direction.mul(graph.input('rate', [1]))), memory };
  });

const compiled = new Map();

/**
 * @param {{ start: readonly number[], targets: readonly (readonly number[])[], steepness: number, rate: number,
 *   steps: number }} settings parameters at the beginning, the targets of both tasks, how steep task 2 is beside task 1,
 *   step size of the mean gradient
 * @returns for each method its path of parameters [steps + 1, 2] and both losses at its end
 */
export async function descend({ start, targets, steepness, rate, steps }) {
  /** @type {Record<string, { path: number[][], losses: number[] }>} */
  const found = {};
  for (const method of Object.keys(methods)) {
    if (!compiled.has(method)) compiled.set(method, await plainRuntime.compile(step(method)));
    const given = {
      theta: Float32Array.from(start),
      target0: Float32Array.from(targets[0]),
      target1: Float32Array.from(targets[1]),
      steepness0: Float32Array.of(1),
      steepness1: Float32Array.of(steepness),
      rate: Float32Array.of(rate),
      memory: initGradNorm(2),
      // Of two tasks either order of PCGrad's projections is the same.
      ...(method === 'pcgrad' && { order: new Float32Array(4) }),
    };
    const out = { losses: new Float32Array(2), next: new Float32Array(2), memory: new Float32Array(gradNormMemory(2)) };
    const binding = compiled.get(method).bind(given, out);
    const path = [[...start]];
    for (let n = 0; n <= steps; n++) {
      await binding.run();
      if (n === steps) break;
      given.theta.set(out.next);
      given.memory.set(out.memory);
      path.push([...out.next]);
    }
    found[method] = { path, losses: [...out.losses] };
  }
  return found;
}
