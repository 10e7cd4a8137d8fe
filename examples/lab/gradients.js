// Gradients of several tasks put together: their sum, and what PCGrad, CAGrad and GradNorm make of them.
import { createRandom } from 'anygoal';
import { cagrad, gradNorm, gradNormMemory, initGradNorm, pcgrad } from 'anygoal/multitask';
import { plainRuntime } from 'anygoal/runtime/plain';
import { program } from 'anygoal/tensor';

/** A program from the Gram matrix of K gradients to each method's coefficients [K]. */
const methods = (tasks, radius) =>
  program('methods', (graph) => {
    const gram = graph.input('gram', [tasks, tasks]);
    const memory = graph.input('memory', [gradNormMemory(tasks)]);
    const weighted = gradNorm(gram, graph.input('losses', [tasks]), memory, { restoringForce: 1.5, weightRate: 0.025 });
    return {
      pcgrad: pcgrad(gram),
      cagrad: cagrad(gram, radius),
      gradnorm: weighted.coefficients,
      next: weighted.memory,
    };
  });

const compiled = new Map();

/**
 * @param {{ gradients: readonly (readonly number[])[], radius: number, steps: number, seed: number }} settings
 *   CAGrad's c, GradNorm's steps (with losses that stay as they are), the seed of PCGrad's orders
 * @returns the combined gradients, as sums over the tasks
 */
export async function combine({ gradients, radius, steps, seed }) {
  const tasks = gradients.length;
  const key = `${tasks} ${radius}`;
  if (!compiled.has(key)) compiled.set(key, await plainRuntime.compile(methods(tasks, radius)));
  const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const gram = Float32Array.from(gradients.flatMap((a) => gradients.map((b) => dot(a, b))));
  const order = new Float32Array(tasks * tasks);
  createRandom(seed).fillNormal(order);
  const given = { gram, order, losses: new Float32Array(tasks).fill(1), memory: initGradNorm(tasks) };
  const vector = () => new Float32Array(tasks);
  const surgery = { pcgrad: vector(), cagrad: vector() };
  await compiled.get(key).bind(given, surgery).run();
  const weights = { gradnorm: vector(), next: new Float32Array(gradNormMemory(tasks)) };
  const learnWeights = compiled.get(key).bind(given, weights);
  for (let step = 0; step < steps; step++) {
    await learnWeights.run();
    given.memory.set(weights.next);
  }
  // The library's coefficients make means; here they make sums, as the lecture has them.
  const put = (coefficients) =>
    gradients[0].map((_, i) => gradients.reduce((sum, g, k) => sum + tasks * coefficients[k] * g[i], 0));
  const equal = gradients.map(() => 1 / tasks);
  return {
    sum: put(equal),
    pcgrad: put(surgery.pcgrad),
    cagrad: put(surgery.cagrad),
    gradnorm: put(steps > 0 ? weights.gradnorm : equal),
  };
}
