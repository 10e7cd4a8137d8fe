// Writes an ONNX graph by hand, node by node, through the bare model encoder: no symbolic tensors, no compiler.
import { encodeModel, type OnnxAttribute, type OnnxInitializer, type OnnxNode } from '../../src/tensor/index.js';
import type { TensorSpec } from '../../src/tensor/shape.js';

const FLOAT = 1;

export interface HandGraph {
  /** Adds a node and gives the name of its output. */
  op(kind: string, inputs: readonly string[], attributes?: Record<string, OnnxAttribute>): string;
  /** A node with several outputs: Split into pieces of these sizes. */
  split(x: string, sizes: readonly number[], axis: number): string[];
  /** A node with two outputs. */
  pair(kind: string, inputs: readonly string[], attributes?: Record<string, OnnxAttribute>): [string, string];
  number(value: number): string;
  numbers(values: readonly number[]): string;
  /** A constant filled with one value. */
  full(shape: readonly number[], value: number): string;
  ints(values: readonly number[]): string;
  input(name: string, shape: readonly number[]): string;
  output(value: string, name: string, shape: readonly number[]): void;
  /** 1 where the comparison holds, 0 elsewhere. */
  mask(comparison: string, a: string, b: string): string;
  add(a: string, b: string): string;
  sub(a: string, b: string): string;
  mul(a: string, b: string): string;
  bytes(): Uint8Array;
  readonly nodes: readonly OnnxNode[];
}

export function createHandGraph(name: string): HandGraph {
  const nodes: OnnxNode[] = [];
  const inputs: TensorSpec[] = [];
  const outputs: TensorSpec[] = [];
  const constants = new Map<string, OnnxInitializer>();

  function constant(value: Omit<OnnxInitializer, 'name'>): string {
    const key = `${value.dtype}|${value.shape}|${Array.from(value.data)}`;
    const known = constants.get(key) ?? { name: `c${constants.size}`, ...value };
    constants.set(key, known);
    return known.name;
  }
  function add(kind: string, from: readonly string[], count: number, attributes?: Record<string, OnnxAttribute>) {
    const names = Array.from({ length: count }, (_, i) => `v${nodes.length}_${i}`);
    nodes.push({ op: kind, inputs: from, outputs: names, attributes });
    return names;
  }
  const graph: HandGraph = {
    nodes,
    op: (kind, from, attributes) => add(kind, from, 1, attributes)[0],
    split: (x, sizes, axis) => add('Split', [x, graph.ints(sizes)], sizes.length, { axis }),
    pair: (kind, from, attributes) => add(kind, from, 2, attributes) as [string, string],
    numbers: (values) => constant({ shape: [values.length], dtype: 'float32', data: values }),
    full(shape, value) {
      const data = new Array<number>(shape.reduce((product, n) => product * n, 1)).fill(value);
      return constant({ shape, dtype: 'float32', data });
    },
    number: (value) => constant({ shape: [], dtype: 'float32', data: [value] }),
    ints: (values) => constant({ shape: [values.length], dtype: 'int64', data: values }),
    input(key, shape) {
      inputs.push({ name: key, shape, dtype: 'float32' });
      return key;
    },
    output(value, key, shape) {
      nodes.push({ op: 'Identity', inputs: [value], outputs: [key] });
      outputs.push({ name: key, shape, dtype: 'float32' });
    },
    mask: (comparison, a, b) => graph.op('Cast', [graph.op(comparison, [a, b])], { to: FLOAT }),
    add: (a, b) => graph.op('Add', [a, b]),
    sub: (a, b) => graph.op('Sub', [a, b]),
    mul: (a, b) => graph.op('Mul', [a, b]),
    bytes: () => encodeModel({ name, nodes, inputs, outputs, initializers: [...constants.values()] }),
  };
  return graph;
}
