// The graph under construction: nodes are shared when equal and numbered in order, so ids are a topological order.
import { unknownName } from '../errors.js';
import {
  type Dtype,
  type FloatDtype,
  formatShape,
  isFloat,
  type Shape,
  sameShape,
  sizeOf,
  tensorError,
} from './shape.js';
import { Tensor } from './tensor.js';

export type Attributes = Readonly<Record<string, number | string | boolean | readonly number[]>>;

/** Shape and element type of one output of a node. */
export interface OutputSpec {
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** One operation; its name is ONNX's where ONNX has it. */
export interface Node {
  readonly id: number;
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly outputs: readonly Tensor[];
  readonly graph: Graph;
  /** Values of a Constant. */
  readonly data?: ArrayLike<number>;
}

/** Rewrites a node about to be made, or leaves it (undefined). See simplify.ts. */
export type Rewrite = (
  op: string,
  inputs: readonly Tensor[],
  attributes: Attributes,
  outputs: readonly OutputSpec[],
  graph: Graph,
) => readonly Tensor[] | undefined;

/** Where inputs and constants of a program come from. */
export interface Graph {
  /** Element type of inputs and constants unless said otherwise. */
  readonly dtype: FloatDtype;
  /** A value given at each run. Asking again for the same name and shape gives the same tensor. */
  input(name: string, shape: Shape, dtype?: Dtype): Tensor;
  /** A fixed value, row-major; a number alone is a scalar, or fills `shape`. */
  constant(values: number | ArrayLike<number>, shape?: Shape, dtype?: Dtype): Tensor;
  zeros(shape: Shape): Tensor;
  ones(shape: Shape): Tensor;
  full(shape: Shape, value: number): Tensor;
  /** The inputs so far, in the order they were asked for. */
  readonly inputs: readonly Tensor[];
  /** Makes a node or finds the equal one (hash-consing). For the operations of this folder. */
  make(
    op: string,
    inputs: readonly Tensor[],
    attributes: Attributes,
    outputs: readonly OutputSpec[],
  ): readonly Tensor[];
}

const commutative = new Set(['Add', 'Mul', 'Min', 'Max', 'Equal', 'And', 'Or']);

/** Constants go right, otherwise older first, so that a + b and b + a are one node. */
function inOrder(inputs: readonly Tensor[]): readonly Tensor[] {
  const [a, b] = inputs;
  const rank = (t: Tensor) => (t.node.op === 'Constant' ? Number.MAX_SAFE_INTEGER : t.id);
  return rank(a) > rank(b) ? [b, a] : inputs;
}

/** An empty graph. `rewrite` sees every node before it is made. */
export function createGraph(dtype: FloatDtype, rewrite?: Rewrite): Graph {
  const shared = new Map<string, Node>();
  const dataIds = new Map<ArrayLike<number>, number>();
  const inputs = new Map<string, Tensor>();
  let nextId = 0;

  function add(
    op: string,
    from: readonly Tensor[],
    attributes: Attributes,
    specs: readonly OutputSpec[],
    data?: ArrayLike<number>,
  ): Node {
    const outputs: Tensor[] = [];
    const node: Node = { id: nextId++, op, inputs: from, attributes, outputs, graph, data };
    specs.forEach((spec, i) => {
      outputs.push(new Tensor(node, i, spec.shape, spec.dtype));
    });
    return node;
  }

  /** Small constants are shared by value, large ones by identity. */
  function dataKey(data: ArrayLike<number>): string {
    if (data.length <= 16) return Array.from(data, (v) => (Object.is(v, -0) ? '-0' : v)).join();
    if (!dataIds.has(data)) dataIds.set(data, dataIds.size);
    return `#${dataIds.get(data)}`;
  }

  const graph: Graph = {
    dtype,
    get inputs() {
      return [...inputs.values()];
    },
    input(name, shape, type = dtype) {
      const known = inputs.get(name);
      if (known !== undefined) {
        if (sameShape(known.shape, shape) && known.dtype === type) return known;
        const was = `${known.dtype} ${formatShape(known.shape)}`;
        throw tensorError('input', `"${name}" is already ${was}, not ${type} ${formatShape(shape)}`);
      }
      if (!shape.every((n) => Number.isInteger(n) && n > 0)) {
        throw tensorError('input', `"${name}" has shape ${formatShape(shape)}: sizes are whole numbers above 0`);
      }
      const tensor = add('Input', [], { name }, [{ shape: [...shape], dtype: type }]).outputs[0];
      inputs.set(name, tensor);
      return tensor;
    },
    constant(values, shape, type = dtype) {
      if (typeof values === 'number') {
        const scalar = graph.constant([values], [], type);
        return shape === undefined ? scalar : scalar.expand(shape);
      }
      const dims = [...(shape ?? [values.length])];
      if (sizeOf(dims) !== values.length) {
        throw tensorError('constant', `${values.length} values do not fill shape ${formatShape(dims)}`);
      }
      if (!isFloat(type) && !Array.prototype.every.call(values, Number.isInteger)) {
        throw tensorError('constant', `${type} needs whole numbers, not ${Array.from(values).slice(0, 8)}; cast first`);
      }
      const key = `Constant|${type}|${dims}|${dataKey(values)}`;
      let node = shared.get(key);
      if (node === undefined) {
        node = add('Constant', [], {}, [{ shape: dims, dtype: type }], values);
        shared.set(key, node);
      }
      return node.outputs[0];
    },
    zeros: (shape) => graph.constant(0, shape),
    ones: (shape) => graph.constant(1, shape),
    full: (shape, value) => graph.constant(value, shape),
    make(op, from, attributes, specs) {
      const foreign = from.find((t) => t.graph !== graph);
      if (foreign !== undefined) {
        throw tensorError(op, `${foreign} belongs to another program; build every tensor from the same graph`);
      }
      const ordered = commutative.has(op) ? inOrder(from) : from;
      const rewritten = rewrite?.(op, ordered, attributes, specs, graph);
      if (rewritten !== undefined) return rewritten;
      const names = ordered.map((t) => `${t.id}.${t.index}`).join();
      const key = `${op}|${names}|${JSON.stringify(attributes)}|${specs.map((s) => `${s.dtype}${s.shape}`).join(';')}`;
      let node = shared.get(key);
      if (node === undefined) {
        node = add(op, ordered, attributes, specs);
        shared.set(key, node);
      }
      return node.outputs;
    },
  };
  return graph;
}

/** Nodes that the outputs depend on, in topological order. What is not among them is dead. */
export function reachable(outputs: readonly Tensor[]): Node[] {
  const found = new Set<Node>();
  const stack = outputs.map((t) => t.node);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    for (const input of node.inputs) stack.push(input.node);
  }
  return [...found].sort((a, b) => a.id - b.id);
}

/** How a node is made again in another graph; `inputs` are already the new ones. */
export type Visit = (node: Node, inputs: readonly Tensor[], graph: Graph) => readonly Tensor[] | undefined;

/** Makes the outputs again in `graph`; a node that `visit` leaves undefined is copied as it is. */
export function rebuild(outputs: readonly Tensor[], graph: Graph, visit?: Visit): Tensor[] {
  const made = new Map<Node, readonly Tensor[]>();
  const again = (t: Tensor) => made.get(t.node)![t.index];
  for (const node of reachable(outputs)) {
    const inputs = node.inputs.map(again);
    made.set(node, visit?.(node, inputs, graph) ?? copy(node, inputs, graph));
  }
  return outputs.map(again);
}

function copy(node: Node, inputs: readonly Tensor[], graph: Graph): readonly Tensor[] {
  const [first] = node.outputs;
  if (node.op === 'Input') return [graph.input(node.attributes.name as string, first.shape, first.dtype)];
  if (node.op === 'Constant') return [graph.constant(node.data!, first.shape, first.dtype)];
  return graph.make(node.op, inputs, node.attributes, node.outputs);
}

/** The input of that name, or an error with the nearest one. */
export function findInput(inputs: readonly Tensor[], name: string): Tensor {
  const found = inputs.find((t) => t.node.attributes.name === name);
  if (found !== undefined) return found;
  throw unknownName(
    'input',
    name,
    inputs.map((t) => t.node.attributes.name as string),
  );
}
