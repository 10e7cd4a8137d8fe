// Runs programs in plain typed arrays, and their products in a little WebAssembly of our own: nothing to load, for
// policies that only act. Learning wants the other runtimes.
import { RunError, UsageError } from '../../errors.js';
import { reachable } from '../../tensor/graph.js';
import type { Node, Program, Tensor } from '../../tensor/index.js';
import { arrayFor, checkArrays } from '../arrays.js';
import type { Binding, Executable, NumericArray, Runtime } from '../runtime.js';
import { alongAxes } from './axes.js';
import { elementwise } from './elementwise.js';
import { linear } from './linear.js';
import { moves } from './moves.js';
import { copyIn, copyOut, createValue, isHeldAs, type Kernels, type Step, type Value } from './values.js';
import { createWorkspace, type Workspace } from './workspace.js';

const kernels: Kernels = { ...elementwise, ...alongAxes, ...moves, ...linear };

/** Operations whose result is their input in another shape. */
const sameElements = new Set(['Reshape', 'StopGradient']);

/**
 * A part of a vector is a window into it: parameters are one long vector, of which nothing is copied.
 */
function windows({ op, inputs: [x], attributes, outputs }: Node, from: Value): Value[] | undefined {
  if (sameElements.has(op)) return outputs.map(({ shape, dtype }) => ({ shape, dtype, data: from.data }));
  if ((op !== 'Split' && op !== 'Slice') || x.shape.length !== 1) return undefined;
  let start = op === 'Slice' ? (attributes.start as number) : 0;
  return outputs.map(({ shape, dtype }) => {
    const data = from.data.subarray(start, start + shape[0]);
    start += shape[0];
    return { shape, dtype, data };
  });
}

function bind(
  source: Program,
  given: Record<string, NumericArray>,
  results: Record<string, NumericArray>,
  workspace: Workspace | undefined,
): Binding {
  const values = new Map<Node, readonly Value[]>();
  const held = (tensor: Tensor): Value => (values.get(tensor.node) as readonly Value[])[tensor.index];
  const steps: Step[] = [];
  const wanted = source.outputs.flatMap(({ name }, i) =>
    name in results ? [{ tensor: source.simplified[i], array: results[name] }] : [],
  );
  for (const node of reachable(wanted.map(({ tensor }) => tensor))) {
    const { op, inputs, attributes, outputs, data } = node;
    const [{ shape, dtype }] = outputs;
    if (op === 'Input') {
      const array = given[attributes.name as string];
      if (isHeldAs(array, dtype)) values.set(node, [{ shape, dtype, data: array }]);
      else {
        const value = createValue(shape, dtype);
        values.set(node, [value]);
        steps.push(() => copyIn(array, value));
      }
      continue;
    }
    if (op === 'Constant') {
      const value = createValue(shape, dtype);
      for (let i = 0; i < value.data.length; i++) value.data[i] = (data as ArrayLike<number>)[i];
      values.set(node, [value]);
      continue;
    }
    const read = inputs.map(held);
    const seen = windows(node, read[0]);
    if (seen) {
      values.set(node, seen);
      continue;
    }
    const kernel = kernels[op];
    if (!kernel) throw new RunError(`program "${source.name}" has the operation ${op}, which the plain runtime lacks.`);
    const made = outputs.map((output) => createValue(output.shape, output.dtype));
    values.set(node, made);
    steps.push(kernel({ attributes, inputs: read, outputs: made, workspace }));
  }
  for (const { tensor, array } of wanted) {
    const value = held(tensor);
    steps.push(() => copyOut(value, array));
  }
  return {
    async run() {
      for (const step of steps) step();
    },
  };
}

/** The plain runtime: what a page needs that only acts. It takes programs, and no bytes of models. */
export const plainRuntime: Runtime = {
  name: 'plain',
  version: '1',
  async compile(program) {
    if (program instanceof Uint8Array) {
      throw new UsageError('the plain runtime takes programs only; run the bytes of a model with another runtime.');
    }
    const { inputs, outputs } = program;
    let workspace: Workspace | undefined;
    const executable: Executable = {
      inputs,
      outputs,
      inputArray(name) {
        workspace ??= createWorkspace(program);
        return workspace?.inputs.get(name);
      },
      bind(given, results) {
        checkArrays(
          program,
          inputs.filter(({ unused }) => !unused),
          given,
          results,
        );
        return bind(program, given, results, workspace);
      },
      async run(given) {
        const results = Object.fromEntries(outputs.map((spec) => [spec.name, arrayFor(spec)]));
        await executable.bind(given, results).run();
        return results;
      },
      dispose: async () => undefined,
    };
    return executable;
  },
};
