// A program: a pure function from named inputs to named outputs, built once with symbolic tensors.
import { createGraph, type Graph, reachable, rebuild } from './graph.js';
import { type FloatDtype, type TensorSpec, tensorError } from './shape.js';
import { simplify } from './simplify.js';
import { Tensor } from './tensor.js';

export interface Program {
  readonly name: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Output tensors as they were written. */
  readonly results: readonly Tensor[];
  /** The same after simplification. */
  readonly simplified: readonly Tensor[];
}

/**
 * Builds a program. `build` asks the graph for inputs and returns the outputs by name; every output has a fixed shape.
 * With `dtype: 'float64'` the same code gives a double-precision program (for checking gradients).
 */
export function program(
  name: string,
  build: (g: Graph) => Record<string, Tensor>,
  options: { dtype?: FloatDtype } = {},
): Program {
  const graph = createGraph(options.dtype ?? 'float32');
  const named = build(graph);
  const names = Object.keys(named);
  if (names.length === 0) throw tensorError('program', `"${name}" has no outputs`);
  for (const key of names) {
    if (!(named[key] instanceof Tensor)) throw tensorError('program', `output "${key}" of "${name}" is not a tensor`);
    if (named[key].graph !== graph) throw tensorError('program', `output "${key}" belongs to another program`);
  }
  const results = names.map((key) => named[key]);
  const simplified = rebuild(results, createGraph(graph.dtype, simplify));
  const used = new Set(reachable(simplified).map((node) => node.attributes.name));
  return {
    name,
    inputs: graph.inputs.map(({ node, shape, dtype }) => {
      const input = node.attributes.name as string;
      return { name: input, shape, dtype, ...(!used.has(input) && { unused: true }) };
    }),
    outputs: names.map((key) => ({ name: key, shape: named[key].shape, dtype: named[key].dtype })),
    results,
    simplified,
  };
}
