// For tests of tensor programs: runs one at once, and checks gradients against finite differences.
import { nodeRuntime } from '../runtime/node.js';
import { plainRuntime } from '../runtime/plain/index.js';
import type { NumericArray, Runtime } from '../runtime/runtime.js';
import { grad } from './grad.js';
import type { Graph } from './graph.js';
import { toOnnx } from './onnx/emit.js';
import { program } from './program.js';
import { type FloatDtype, type Shape, sizeOf } from './shape.js';
import type { Tensor } from './tensor.js';

/** Numbers with a shape, row-major. */
export interface Values {
  readonly shape: Shape;
  readonly data: readonly number[];
}

export interface EvaluateOptions {
  readonly dtype?: FloatDtype;
  readonly runtime?: Runtime;
  readonly optimize?: boolean;
}

/** Builds, compiles and runs a program once; inputs are given in order, in the program's float type. */
export async function evaluate(
  build: (g: Graph, inputs: readonly Tensor[]) => Record<string, Tensor>,
  inputs: readonly Values[],
  options: EvaluateOptions = {},
): Promise<Record<string, number[]>> {
  const { dtype = 'float64', runtime = nodeRuntime, optimize = true } = options;
  const made = program(
    'test',
    (g) =>
      build(
        g,
        inputs.map((value, i) => g.input(`x${i}`, value.shape)),
      ),
    { dtype },
  );
  const plain = runtime === plainRuntime;
  const written = plain && !optimize ? { ...made, simplified: made.results } : made;
  const executable = await runtime.compile(plain ? written : toOnnx(made, { optimize }), {
    optimize: optimize && dtype === 'float32',
  });
  const given: Record<string, NumericArray> = {};
  inputs.forEach(({ data }, i) => {
    if (!executable.inputs.some((spec) => spec.name === `x${i}`)) return;
    given[`x${i}`] = dtype === 'float64' ? Float64Array.from(data) : Float32Array.from(data);
  });
  const results = await executable.run(given);
  await executable.dispose();
  return Object.fromEntries(Object.entries(results).map(([name, array]) => [name, Array.from(array, Number)]));
}

/** Weights that tell the elements of a result apart, so that one scalar checks a whole Jacobian. */
const weights = (n: number): number[] => Array.from({ length: n }, (_, i) => Math.cos(1.7 * i + 0.3) + 0.2);

/**
 * Largest difference between `grad` and central finite differences, in double precision, relative to
 * 1 + |finite difference|; of the optimised and of the plain graph, whichever is worse.
 */
export async function gradientError(
  f: (inputs: readonly Tensor[], g: Graph) => Tensor,
  inputs: readonly Values[],
  step = 1e-5,
): Promise<number> {
  const scalarLoss = (g: Graph, xs: readonly Tensor[]) => {
    const y = f(xs, g);
    return y.mul(g.constant(weights(sizeOf(y.shape)), y.shape)).sum();
  };
  const build = (g: Graph, xs: readonly Tensor[]) => {
    const gradients = grad(scalarLoss(g, xs), xs);
    return Object.fromEntries(gradients.map((dx, i) => [`d${i}`, dx]));
  };
  const loss = await nodeRuntime.compile(
    program(
      'loss',
      (g) => ({
        loss: scalarLoss(
          g,
          inputs.map((x, i) => g.input(`x${i}`, x.shape)),
        ),
      }),
      { dtype: 'float64' },
    ),
  );
  const arrays = inputs.map(({ data }) => Float64Array.from(data));
  const given = Object.fromEntries(arrays.map((array, i) => [`x${i}`, array]));
  const out = new Float64Array(1);
  const binding = loss.bind(given, { loss: out });
  const plain = await evaluate(build, inputs, { optimize: false });
  const optimized = await evaluate(build, inputs);
  let worst = 0;
  for (const [i, array] of arrays.entries()) {
    for (let j = 0; j < array.length; j++) {
      const at = array[j];
      array[j] = at + step;
      await binding.run();
      const above = out[0];
      array[j] = at - step;
      await binding.run();
      const slope = (above - out[0]) / (2 * step);
      array[j] = at;
      for (const result of [plain, optimized]) {
        const error = Math.abs(result[`d${i}`][j] - slope) / (1 + Math.abs(slope));
        worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
      }
    }
  }
  await loss.dispose();
  return worst;
}
