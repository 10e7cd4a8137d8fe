// For tests of gradients put together: the combined gradient that coefficients make, and plain arithmetic on vectors.
import { nodeRuntime } from '../runtime/node.js';
import { program, type Tensor } from '../tensor/index.js';

export type Vector = readonly number[];

export const dot = (a: Vector, b: Vector): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
export const norm = (a: Vector): number => Math.sqrt(dot(a, a));
export const cosine = (a: Vector, b: Vector): number => dot(a, b) / (norm(a) * norm(b));

export const gramOf = (gradients: readonly Vector[]): number[] =>
  gradients.flatMap((a) => gradients.map((b) => dot(a, b)));

/** sum_k c_k g_k. */
export const weighted = (coefficients: ArrayLike<number>, gradients: readonly Vector[]): number[] =>
  gradients[0].map((_, n) => gradients.reduce((sum, gradient, k) => sum + coefficients[k] * gradient[n], 0));

/** Runs once what makes coefficients; `inputs` beside the Gram matrix by name. */
export async function coefficientsOf(
  gradients: readonly Vector[],
  build: (gram: Tensor, input: (name: string, size: number) => Tensor) => Tensor | Record<string, Tensor>,
  inputs: Readonly<Record<string, Vector>> = {},
): Promise<Record<string, Float32Array>> {
  const K = gradients.length;
  const made = program('coefficients', (g) => {
    const built = build(g.input('gram', [K, K]), (name, size) => g.input(name, [size]));
    return 'shape' in built ? { coefficients: built as Tensor } : (built as Record<string, Tensor>);
  });
  const executable = await nodeRuntime.compile(made);
  const all: Record<string, Vector> = { gram: gramOf(gradients), ...inputs };
  const given = executable.inputs.map(({ name }) => [name, Float32Array.from(all[name])] as const);
  const out = await executable.run(Object.fromEntries(given));
  await executable.dispose();
  return Object.fromEntries(Object.entries(out).map(([name, values]) => [name, Float32Array.from(values, Number)]));
}

/** The combined gradient. */
export async function combined(
  gradients: readonly Vector[],
  build: (gram: Tensor) => Tensor,
  inputs: Readonly<Record<string, Vector>> = {},
): Promise<number[]> {
  const { coefficients } = await coefficientsOf(gradients, (gram) => build(gram), inputs);
  return weighted(coefficients, gradients);
}

/** The largest difference of two vectors, relative to the longest number of the second. */
export const miss = (got: Vector, wanted: Vector): number =>
  Math.max(...wanted.map((value, i) => Math.abs(got[i] - value))) / Math.max(...wanted.map(Math.abs), 1e-12);
