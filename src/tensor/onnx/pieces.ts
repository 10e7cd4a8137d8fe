// Long vectors of a program as several values of its model, so that their large pieces are not copied in and out of them.
import { createGraph, type Graph, type Node, reachable, rebuild } from '../graph.js';
import { type Shape, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** Numbers of a piece from which copying it takes longer than one more value of the model. */
const LARGE = 8192;

/** The piece that begins at number `offset` of a value of `size` numbers. Pieces that nothing reads are left out. */
const pieceName = (value: string, offset: number, size: number): string => `${value}@${offset}/${size}`;

/** What a name of the model is a piece of, where in it, and how long that is; undefined: it is a whole value. */
export function pieceOf(name: string): { value: string; offset: number; size: number } | undefined {
  const found = /^(.*)@(\d+)\/(\d+)$/.exec(name);
  return found ? { value: found[1], offset: Number(found[2]), size: Number(found[3]) } : undefined;
}

export interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
}

/** The same outputs, of a graph whose long vectors come and go in pieces. */
export function inPieces(outputs: readonly NamedTensor[]): NamedTensor[] {
  if (outputs.length === 0) return [];
  const whole = outputs.map(({ tensor }) => tensor);
  const apart = takenApart(whole);
  const tensors = rebuild(whole, createGraph(whole[0].graph.dtype), (node, _inputs, graph) => {
    if (!apart.has(node)) return undefined;
    const [{ node: source, dtype }] = node.inputs;
    return inputPieces(graph, source.attributes.name as string, node.attributes.sizes as readonly number[], dtype);
  });
  return outputs.flatMap(({ name }, i) => outputPieces(name, tensors[i]));
}

/** Splits of long vectors that are inputs, read by nothing else. */
function takenApart(outputs: readonly Tensor[]): Set<Node> {
  const readers = new Map<Node, Set<Node | undefined>>();
  const read = ({ node }: Tensor, by: Node | undefined) => {
    if (node.op === 'Input') readers.set(node, (readers.get(node) ?? new Set()).add(by));
  };
  for (const tensor of outputs) read(tensor, undefined);
  for (const node of reachable(outputs)) for (const tensor of node.inputs) read(tensor, node);
  return new Set([...readers.values()].flatMap((by) => (by.size === 1 ? [...by].filter(isLong) : [])));
}

const isLong = (node: Node | undefined): node is Node =>
  node?.op === 'Split' &&
  node.inputs[0].shape.length === 1 &&
  (node.attributes.sizes as readonly number[]).some((size) => size >= LARGE);

/** Large pieces as inputs of their own, small ones between them split from one input. */
function inputPieces(graph: Graph, name: string, sizes: readonly number[], dtype: Tensor['dtype']): Tensor[] {
  const pieces: Tensor[] = [];
  const whole = sizes.reduce((a, b) => a + b, 0);
  let offset = 0;
  for (let i = 0; i < sizes.length; ) {
    let end = i + 1;
    if (sizes[i] < LARGE) while (end < sizes.length && sizes[end] < LARGE) end++;
    const group = sizes.slice(i, end);
    const size = group.reduce((a, b) => a + b, 0);
    const input = graph.input(pieceName(name, offset, whole), [size], dtype);
    pieces.push(...(group.length === 1 ? [input] : input.split(group, 0)));
    offset += size;
    i = end;
  }
  return pieces;
}

/** A long vector put together from tensors: the large ones as they are, the small ones between them put together. */
function outputPieces(name: string, tensor: Tensor): NamedTensor[] {
  const { op, inputs } = tensor.node;
  if (op !== 'Concat' || tensor.shape.length !== 1 || !inputs.some(({ shape }) => sizeOf(shape) >= LARGE)) {
    return [{ name, tensor }];
  }
  const pieces: NamedTensor[] = [];
  let small: Tensor[] = [];
  let offset = 0;
  const put = (of: readonly Tensor[], piece: Tensor) => {
    const size = of.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    pieces.push({ name: pieceName(name, offset, sizeOf(tensor.shape)), tensor: piece });
    offset += size;
  };
  const putSmall = () => {
    if (small.length > 0) put(small, small.length === 1 ? small[0] : concatenated(small));
    small = [];
  };
  for (const input of inputs) {
    if (sizeOf(input.shape) < LARGE) small.push(input);
    else {
      putSmall();
      put([input], unshaped(input));
    }
  }
  putSmall();
  return pieces;
}

function concatenated(tensors: readonly Tensor[]): Tensor {
  const shape: Shape = [tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0)];
  const { graph, dtype } = tensors[0];
  return graph.make('Concat', tensors, { axis: 0 }, [{ shape, dtype }])[0];
}

/** The tensor before it was reshaped, unless it is an input or a constant: its numbers are the same. */
function unshaped(tensor: Tensor): Tensor {
  const { op, inputs } = tensor.node;
  return op === 'Reshape' && !['Input', 'Constant'].includes(inputs[0].node.op) ? unshaped(inputs[0]) : tensor;
}
