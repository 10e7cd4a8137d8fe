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

/** The programs of so many tasks, bound to arrays of their own, which `idle` keeps for the next call. */
async function bound(tasks, radius) {
  const key = `${tasks} ${radius}`;
  if (!compiled.has(key)) compiled.set(key, { program: await plainRuntime.compile(methods(tasks, radius)), idle: [] });
  const { program, idle } = compiled.get(key);
  if (idle.length > 0) return { ...idle.pop(), idle };
  const vector = () => new Float32Array(tasks);
  const memory = () => new Float32Array(gradNormMemory(tasks));
  const given = {
    gram: new Float32Array(tasks * tasks),
    order: new Float32Array(tasks * tasks),
    losses: vector().fill(1),
    memory: memory(),
  };
  const surgery = { pcgrad: vector(), cagrad: vector() };
  const weights = { gradnorm: vector(), next: memory() };
  return { given, surgery, weights, operate: program.bind(given, surgery), weigh: program.bind(given, weights), idle };
}

/**
 * @param {{ gradients: readonly (readonly number[])[], radius: number, steps: number, seed: number }} settings
 *   CAGrad's c, GradNorm's steps (with losses that stay as they are), the seed of PCGrad's orders
 * @returns the combined gradients, as sums over the tasks
 */
export async function combine({ gradients, radius, steps, seed }) {
  const tasks = gradients.length;
  const { idle, ...arrays } = await bound(tasks, radius);
  const { given, surgery, weights, operate, weigh } = arrays;
  const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  given.gram.set(gradients.flatMap((a) => gradients.map((b) => dot(a, b))));
  createRandom(seed).fillNormal(given.order);
  given.memory.set(initGradNorm(tasks));
  await operate.run();
  for (let step = 0; step < steps; step++) {
    await weigh.run();
    given.memory.set(weights.next);
  }
  // The library's coefficients make means; here they make sums, as the lecture has them.
  const put = (coefficients) =>
    gradients[0].map((_, i) => gradients.reduce((sum, g, k) => sum + tasks * coefficients[k] * g[i], 0));
  const equal = gradients.map(() => 1 / tasks);
  const made = {
    sum: put(equal),
    pcgrad: put(surgery.pcgrad),
    cagrad: put(surgery.cagrad),
    gradnorm: put(steps > 0 ? weights.gradnorm : equal),
  };
  idle.push(arrays);
  return made;
}
