// From a program to the bytes of an ONNX model.
import { createGraph, findInput, type Node, reachable, rebuild } from '../graph.js';
import type { Program } from '../program.js';
import { formatShape, sizeOf, type TensorSpec, tensorError } from '../shape.js';
import { simplify } from '../simplify.js';
import type { Tensor } from '../tensor.js';
import { decompose, lower } from './lower.js';
import { inPieces, pieceOf } from './pieces.js';
import {
  elementTypes,
  encodeModel,
  type OnnxAttribute,
  type OnnxInitializer,
  type OnnxModel,
  type OnnxNode,
} from './protobuf.js';

export interface OnnxOptions {
  /** False emits the graph as it was written, without simplification or lowering: the tests' oracle. */
  readonly optimize?: boolean;
  /** Strings stored in the model. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Long vectors come and go in pieces (pieces.ts), and newer operations are used: faster, and no other program's business. */
  readonly pieces?: boolean;
  /** Values of inputs that become constants of the model, by name. */
  readonly freeze?: Readonly<Record<string, ArrayLike<number>>>;
}

/** The name of an output in the model: ONNX does not let it share an input's. */
export const outputName = (program: Program, name: string): string =>
  program.inputs.some((spec) => spec.name === name) ? `${name}_out` : name;

/** Makes names of constants that nodes need, shared by value. */
interface Constants {
  readonly list: OnnxInitializer[];
  add(constant: Omit<OnnxInitializer, 'name'>): string;
  /** A vector of whole numbers, such as axes or a shape. */
  ints(values: readonly number[]): string;
}

/** `fresh`: the name, or one that nothing else has. */
function constantPool(fresh: (base: string) => string): Constants {
  const list: OnnxInitializer[] = [];
  const known = new Map<string, string>();
  const constants: Constants = {
    list,
    add(constant) {
      const values = constant.data.length <= 16 ? Array.from(constant.data).join() : `#${list.length}`;
      const key = `${constant.dtype}|${constant.shape}|${values}`;
      let name = known.get(key);
      if (name === undefined) {
        name = fresh(`c${list.length}`);
        known.set(key, name);
        list.push({ name, ...constant });
      }
      return name;
    },
    ints: (values) => constants.add({ shape: [values.length], dtype: 'int64', data: values }),
  };
  return constants;
}

interface Emission {
  readonly op?: string;
  readonly inputs?: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}
type Emitter = (node: Node, inputs: readonly string[], constants: Constants) => Emission;

const reduction: Emitter = (node, [x], { ints }) => ({
  inputs: [x, ints(node.attributes.axes as readonly number[])],
  attributes: { keepdims: Number(node.attributes.keepDims) },
});
const alongAxis: Emitter = (node) => ({ attributes: { axis: node.attributes.axis as number } });
const convolution = ({ stride, dilation, padding }: Node['attributes']): Record<string, OnnxAttribute> => ({
  strides: [stride as number, stride as number],
  dilations: [dilation as number, dilation as number],
  pads: new Array(4).fill(padding),
});
const toShape: Emitter = (node, [x], { ints }) => ({ inputs: [x, ints(node.outputs[0].shape)] });

/** Operations that are more than their name and inputs; see the ONNX operator reference, opset 18. */
const emitters: Record<string, Emitter> = {
  StopGradient: () => ({ op: 'Identity' }),
  Reshape: toShape,
  Expand: toShape,
  ReduceSum: reduction,
  ReduceMean: reduction,
  ReduceMax: reduction,
  ReduceMin: reduction,
  ReduceLogSumExp: reduction,
  Concat: alongAxis,
  Softmax: alongAxis,
  LogSoftmax: alongAxis,
  Gelu: () => ({ attributes: { approximate: 'tanh' } }),
  LayerNormalization: ({ attributes }) => ({
    attributes: { axis: -1, epsilon: { float: attributes.epsilon as number } },
  }),
  Gather: alongAxis,
  GatherElements: alongAxis,
  ScatterElements: (node) => ({ attributes: { axis: node.attributes.axis as number, reduction: 'add' } }),
  ArgMax: (node) => ({ attributes: { axis: node.attributes.axis as number, keepdims: 0 } }),
  Transpose: (node) => ({ attributes: { perm: node.attributes.perm as readonly number[] } }),
  Cast: (node) => ({ attributes: { to: elementTypes[node.outputs[0].dtype] } }),
  Split: (node, [x], { ints }) => ({
    inputs: [x, ints(node.attributes.sizes as readonly number[])],
    attributes: { axis: node.attributes.axis as number },
  }),
  Slice({ attributes }, [x], { ints }) {
    const { start, end, axis } = attributes as { start: number; end: number; axis: number };
    return { inputs: [x, ints([start]), ints([end]), ints([axis])] };
  },
  Pad({ attributes, outputs: [y] }, [x], constants) {
    const { axis, before, after } = attributes as { axis: number; before: number; after: number };
    const zero = constants.add({ shape: [], dtype: y.dtype, data: [0] });
    const at = (n: number) => y.shape.map((_, i) => (i === axis ? n : 0));
    return { inputs: [x, constants.ints([...at(before), ...at(after)]), zero] };
  },
  Clip({ attributes, outputs: [{ dtype }] }, [x], constants) {
    const bound = (value: unknown) =>
      value === undefined ? '' : constants.add({ shape: [], dtype, data: [value as number] });
    return { inputs: [x, bound(attributes.low), bound(attributes.high)] };
  },
  CumSum({ attributes }, [x], constants) {
    const axis = constants.add({ shape: [], dtype: 'int64', data: [attributes.axis as number] });
    const { exclusive, reverse } = attributes;
    return { inputs: [x, axis], attributes: { exclusive: Number(exclusive), reverse: Number(reverse) } };
  },
  TopK: ({ attributes }, [x], { ints }) => ({
    inputs: [x, ints([attributes.k as number])],
    attributes: {
      axis: attributes.axis as number,
      largest: Number(attributes.largest),
      sorted: Number(attributes.sorted),
    },
  }),
  Conv: ({ attributes }) => ({ attributes: convolution(attributes) }),
  ConvTranspose: ({ attributes, inputs: [dy, weight], outputs: [y] }) => {
    const { stride, dilation, padding } = attributes as { stride: number; dilation: number; padding: number };
    // What the places do not reach: strides leave a rest of the picture.
    const rest = [2, 3].map(
      (axis) => y.shape[axis] + 2 * padding - ((dy.shape[axis] - 1) * stride + dilation * (weight.shape[axis] - 1) + 1),
    );
    return { attributes: { ...convolution(attributes), output_padding: rest } };
  },
  Gemm: ({ attributes }) => ({
    attributes: {
      ...(attributes.transA && { transA: 1 }),
      ...(attributes.transB && { transB: 1 }),
      ...(attributes.alpha !== undefined && { alpha: { float: attributes.alpha as number } }),
    },
  }),
};

/** Operations whose last outputs may be left out. */
const optional = new Set(['LayerNormalization']);
const lastRead = ({ outputs }: Node, read: ReadonlySet<Tensor>): number => outputs.findLastIndex((t) => read.has(t));

/** Inputs by name become constants; the others stay. */
function frozen(program: Program, values: Readonly<Record<string, ArrayLike<number>>>, optimize: boolean): Tensor[] {
  const { results } = program;
  const { inputs, dtype } = results[0].graph;
  for (const [name, data] of Object.entries(values)) {
    const { shape } = findInput(inputs, name);
    if (data.length !== sizeOf(shape)) {
      throw tensorError('freeze', `"${name}" has shape ${formatShape(shape)}; ${data.length} values do not fill it`);
    }
  }
  return rebuild(results, createGraph(dtype, optimize ? simplify : undefined), (node, _inputs, graph) => {
    const data = node.op === 'Input' ? values[node.attributes.name as string] : undefined;
    return data === undefined ? undefined : [graph.constant(data, node.outputs[0].shape, node.outputs[0].dtype)];
  });
}

/** The program as the bytes of an ONNX model (opset 18; in pieces 20 where that has an operation). Inputs that no output depends on are left out. */
export const toOnnx = (program: Program, options?: OnnxOptions): Uint8Array => encodeModel(toModel(program, options));

/** The same before it is encoded: nodes, constants, inputs and outputs by name. */
export function toModel(program: Program, options: OnnxOptions = {}): OnnxModel {
  const { optimize = true, pieces = false, metadata, freeze } = options;
  const source =
    freeze !== undefined ? frozen(program, freeze, optimize) : optimize ? program.simplified : program.results;
  const lowered = optimize ? lower(source, { gelu: pieces }) : decompose(source);
  const whole = program.outputs.map(({ name }, i) => ({ name: outputName(program, name), tensor: lowered[i] }));
  const made = pieces ? inPieces(whole) : whole;
  const names = new Map<Tensor, string>();
  const nodes: OnnxNode[] = [];
  const inputs: TensorSpec[] = [];

  // A tensor made by a node takes the name of the output it is; only inputs, constants and repeats need an Identity.
  const taken = new Set<string>(program.inputs.map((spec) => spec.name));
  const direct = new Map<Tensor, string>();
  for (const { name, tensor } of made) {
    taken.add(name);
    const { op } = tensor.node;
    if (op === 'Input' || op === 'Constant' || direct.has(tensor) || !optimize) continue;
    direct.set(tensor, name);
  }
  const fresh = (base: string): string => (taken.has(base) ? fresh(`${base}_`) : base);
  const constants = constantPool(fresh);

  const reached = reachable(made.map(({ tensor }) => tensor));
  const read = new Set([...made.map(({ tensor }) => tensor), ...reached.flatMap((node) => node.inputs)]);
  for (const node of reached) {
    const [first] = node.outputs;
    if (node.op === 'Input') {
      const name = node.attributes.name as string;
      names.set(first, name);
      inputs.push({ name, shape: first.shape, dtype: first.dtype });
    } else if (node.op === 'Constant') {
      names.set(first, constants.add({ shape: first.shape, dtype: first.dtype, data: node.data! }));
    } else {
      for (const t of node.outputs) {
        names.set(t, direct.get(t) ?? fresh(node.outputs.length > 1 ? `v${t.id}_${t.index}` : `v${t.id}`));
      }
      const from = node.inputs.map((t) => names.get(t)!);
      const emitted = emitters[node.op]?.(node, from, constants) ?? {};
      nodes.push({
        op: emitted.op ?? node.op,
        inputs: emitted.inputs ?? from,
        outputs: node.outputs
          .slice(0, optional.has(node.op) ? lastRead(node, read) + 1 : undefined)
          .map((t) => names.get(t)!),
        attributes: emitted.attributes,
      });
    }
  }
  const outputs = made.map(({ name, tensor }): TensorSpec => {
    const has = names.get(tensor)!;
    if (has !== name) nodes.push({ op: 'Identity', inputs: [has], outputs: [name] });
    return { name, shape: tensor.shape, dtype: tensor.dtype };
  });
  // In the order in which the program asked for them.
  const order = program.inputs.map((spec) => spec.name);
  const place = (name: string) => order.indexOf(pieceOf(name)?.value ?? name);
  inputs.sort((a, b) => place(a.name) - place(b.name));
  return { name: program.name, nodes, inputs, outputs, initializers: constants.list, metadata };
}
