// From the simplified graph to the operations that ONNX Runtime runs fastest, and from ours to those that ONNX has.
import { createGraph, type Node, reachable, rebuild, type Visit } from '../graph.js';
import { plainGeluGate } from '../ops/elementwise.js';
import { broadcast, sameShape } from '../shape.js';
import { constantFactor } from '../simplify.js';
import type { Tensor } from '../tensor.js';
import { decompositions } from './decompose.js';

/** How often each tensor is read, as an input or as an output of the program. */
function countUses(outputs: readonly Tensor[]): Map<Tensor, number> {
  const uses = new Map<Tensor, number>();
  const count = (t: Tensor) => uses.set(t, (uses.get(t) ?? 0) + 1);
  outputs.forEach(count);
  for (const node of reachable(outputs)) node.inputs.forEach(count);
  return uses;
}

/** A transposed matrix as its original and a flag of Gemm. */
const untransposed = (t: Tensor): [Tensor, boolean] =>
  t.node.op === 'Transpose' && t.shape.length === 2 ? [t.node.inputs[0], true] : [t, false];

function gemm(node: Node, [a, b]: readonly Tensor[]): readonly Tensor[] | undefined {
  if (a.shape.length !== 2 || b.shape.length !== 2) return undefined;
  const [x, transA] = untransposed(a);
  const [y, transB] = untransposed(b);
  return a.graph.make('Gemm', [x, y], { transA, transB }, node.outputs);
}

/**
 * Writes Gemm for every matrix product, takes bias, scale and accumulated gradients into it, and computes of an input
 * gradient only the columns that are read.
 */
function lowering(outputs: readonly Tensor[]): Visit {
  const uses = countUses(outputs);
  /** Gemms that one node reads. */
  const readOnce = new Set<Tensor>();
  const lowerOne = lowerNode(uses, readOnce);
  return (node, inputs, graph) => {
    const lowered = lowerOne(node, inputs, graph);
    if (lowered?.[0].node.op === 'Gemm' && uses.get(node.outputs[0]) === 1) readOnce.add(lowered[0]);
    return lowered;
  };
}

function lowerNode(uses: Map<Tensor, number>, readOnce: Set<Tensor>): Visit {
  /** A Gemm without bias that nothing else reads can take the next operation in. */
  const open = (node: Node, inputs: readonly Tensor[], i: number) =>
    inputs[i].node.op === 'Gemm' && inputs[i].node.inputs.length === 2 && uses.get(node.inputs[i]) === 1;

  /**
   * Elements of the last axis. Of an input gradient dy W^T these are rows of W: the action's share of a critic's input
   * gradient costs a quarter of the whole.
   */
  function last(x: Tensor, start: number, end: number): Tensor {
    const axis = x.shape.length - 1;
    const { inputs, attributes } = x.node;
    if (!readOnce.has(x) || !attributes.transB || (inputs.length === 3 && !readOnce.has(inputs[2]))) {
      return x.slice(axis, start, end);
    }
    const [dy, weight, ...more] = inputs;
    const parts = [dy, weight.slice(0, start, end), ...more.map((t) => last(t, start, end))];
    return x.graph.make('Gemm', parts, attributes, [{ shape: [x.shape[0], end - start], dtype: x.dtype }])[0];
  }

  return (node, inputs, graph) => {
    const [spec] = node.outputs;
    switch (node.op) {
      case 'MatMul':
        return gemm(node, inputs);
      case 'Add':
        for (const i of [0, 1]) {
          if (!open(node, inputs, i) || !sameShape(inputs[i].shape, spec.shape)) continue;
          const { node: product } = inputs[i];
          if (!sameShape(broadcast(inputs[1 - i].shape, spec.shape) ?? [], spec.shape)) continue;
          return graph.make('Gemm', [...product.inputs, inputs[1 - i]], product.attributes, node.outputs);
        }
        return undefined;
      case 'Mul': {
        // Gemm's factor is a float32 attribute in every element type.
        const factor = inputs[1].node.op === 'Constant' && inputs[1].shape.length === 0 ? inputs[1].node.data![0] : 0;
        const exact = spec.dtype === 'float32' || Math.fround(factor) === factor;
        if (factor === 0 || !exact || !open(node, inputs, 0)) return undefined;
        const { node: product } = inputs[0];
        return graph.make(
          'Gemm',
          product.inputs,
          { ...product.attributes, alpha: factor * ((product.attributes.alpha as number) ?? 1) },
          node.outputs,
        );
      }
      case 'ReduceSum': {
        // Two sums of what the terms are products of write less than one of the terms. And the sum over the batch of a
        // matrix: a product with ones is eight times faster than ReduceSum.
        const [x] = inputs;
        const axes = node.attributes.axes as readonly number[];
        if (x.node.op === 'Add' && uses.get(node.inputs[0]) === 1) {
          const keepDims = spec.shape.length === x.shape.length;
          const parts = x.node.inputs.map((term) => constantFactor(term, axes, spec.shape));
          const [a, b] = parts.map((part) => part?.rest.sum(axes, { keepDims })[part.op](part.factor));
          if (a !== undefined && b !== undefined) return [a.add(b)];
        }
        if (x.shape.length !== 2 || axes.length !== 1 || axes[0] !== 0 || x.dtype === 'int64' || x.dtype === 'int32') {
          return undefined;
        }
        const ones = graph.constant(1, undefined, x.dtype).expand([1, x.shape[0]]);
        const row = { shape: [1, x.shape[1]], dtype: x.dtype };
        return [graph.make('Gemm', [ones, x], {}, [row])[0].reshape(spec.shape)];
      }
      case 'Split': {
        const used = node.outputs.filter((t) => uses.has(t));
        if (used.length !== 1) return undefined;
        const sizes = node.attributes.sizes as readonly number[];
        const start = sizes.slice(0, used[0].index).reduce((sum, n) => sum + n, 0);
        const end = start + sizes[used[0].index];
        const axis = node.attributes.axis as number;
        const piece = axis === spec.shape.length - 1 ? last(inputs[0], start, end) : inputs[0].slice(axis, start, end);
        return node.outputs.map(() => piece);
      }
      case 'Slice': {
        const { axis, start, end } = node.attributes as { axis: number; start: number; end: number };
        return axis === spec.shape.length - 1 ? [last(inputs[0], start, end)] : undefined;
      }
      default:
        return undefined;
    }
  };
}

/**
 * The graph to emit, optimised. With `gelu` ONNX's operation of that name, which is newer than opset 18, stays where the
 * gradient does not need what it is made of.
 */
export function lower(outputs: readonly Tensor[], { gelu }: { readonly gelu: boolean }): Tensor[] {
  const gated = new Set(reachable(outputs).flatMap(({ op, inputs }) => (op === 'GeluGate' ? inputs : [])));
  const plain = decompose(outputs, (x) => gelu && x.dtype === 'float32' && !gated.has(x));
  return rebuild(plain, createGraph(outputs[0].graph.dtype), lowering(plain));
}

/** The graph to emit, as it was written, with only ONNX's own operations; `keepGelu` tells of which inputs Gelu is one. */
export function decompose(outputs: readonly Tensor[], keepGelu: (x: Tensor) => boolean = () => false): Tensor[] {
  return rebuild(outputs, createGraph(outputs[0].graph.dtype), (node, inputs) => {
    const [x] = inputs;
    if (node.op === 'Gelu' && !keepGelu(node.inputs[0])) return [x.mul(plainGeluGate(x))];
    const result = decompositions[node.op]?.(inputs, node);
    return result === undefined || Array.isArray(result) ? result : [result as Tensor];
  });
}
