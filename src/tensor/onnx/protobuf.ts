// ONNX models as bytes: the protobuf messages that a model needs, written by hand.
import { float, int, join, message } from '../../protobuf.js';
import { type Dtype, type Shape, sizeOf, type TensorSpec } from '../shape.js';

/** An attribute: a number is an integer unless wrapped as `{ float }`. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A named constant; values row-major. */
export interface OnnxInitializer {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: Dtype;
  readonly data: ArrayLike<number>;
}

/** An input or output; a dimension with a name is free. */
export interface OnnxValue extends Omit<TensorSpec, 'shape'> {
  readonly shape: readonly (number | string)[];
}

export interface OnnxModel<Value extends OnnxValue = TensorSpec> {
  readonly name?: string;
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly initializers?: readonly OnnxInitializer[];
  readonly metadata?: Readonly<Record<string, string>>;
}

const OPSET = 18;
/** Operations of a newer set, which models with them are of. */
const NEWER: Readonly<Record<string, number>> = { Gelu: 20 };
const IR_VERSION = 9;
/** Numbers of the element types in TensorProto.DataType. */
export const elementTypes: Record<Dtype, number> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 };

function attribute(name: string, value: OnnxAttribute): Uint8Array {
  const body = [message(1, name)];
  if (typeof value === 'number') body.push(int(3, value), int(20, 2));
  else if (typeof value === 'string') body.push(message(4, value), int(20, 3));
  else if ('float' in value) body.push(float(2, value.float), int(20, 1));
  else body.push(...value.map((v) => int(8, v)), int(20, 7));
  return message(5, body);
}

const node = ({ op, inputs, outputs, attributes = {} }: OnnxNode): Uint8Array =>
  message(1, [
    ...inputs.map((name) => message(1, name)),
    ...outputs.map((name) => message(2, name)),
    message(4, op),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  ]);

/** Values as the little-endian bytes of their element type. */
function raw(dtype: Dtype, data: ArrayLike<number>): Uint8Array {
  if (dtype === 'float32') return bytesOf(Float32Array.from(data));
  if (dtype === 'float64') return bytesOf(Float64Array.from(data));
  if (dtype === 'int32') return bytesOf(Int32Array.from(data));
  if (dtype === 'int64') return bytesOf(BigInt64Array.from(Array.from(data, BigInt)));
  return Uint8Array.from(data);
}
const bytesOf = (array: { buffer: ArrayBufferLike }): Uint8Array => new Uint8Array(array.buffer);

function initializer({ name, shape, dtype, data }: OnnxInitializer): Uint8Array {
  if (data.length !== sizeOf(shape))
    throw new RangeError(`initializer "${name}": ${data.length} values for [${shape}]`);
  return message(5, [
    ...shape.map((n) => int(1, n)),
    int(2, elementTypes[dtype]),
    message(8, name),
    message(9, [raw(dtype, data)]),
  ]);
}

/** ValueInfoProto: a name, an element type and a shape. */
function valueInfo(field: number, { name, shape, dtype }: OnnxValue): Uint8Array {
  const dims = message(
    2,
    shape.map((n) => message(1, [typeof n === 'number' ? int(1, n) : message(2, n)])),
  );
  return message(field, [message(1, name), message(2, [message(1, [int(1, elementTypes[dtype]), dims])])]);
}

/** The bytes of a model (opset 18, or a newer one that its operations need; IR version 9). Nodes come in topological order. */
export function encodeModel(model: OnnxModel<OnnxValue>): Uint8Array {
  const graph = [
    ...model.nodes.map(node),
    message(2, model.name ?? 'program'),
    ...(model.initializers ?? []).map(initializer),
    ...model.inputs.map((spec) => valueInfo(11, spec)),
    ...model.outputs.map((spec) => valueInfo(12, spec)),
  ];
  return join([
    int(1, IR_VERSION),
    message(2, 'anygoal'),
    message(7, graph),
    message(8, [int(2, Math.max(OPSET, ...model.nodes.map(({ op }) => NEWER[op] ?? OPSET)))]),
    ...Object.entries(model.metadata ?? {}).map(([key, value]) => message(14, [message(1, key), message(2, value)])),
  ]);
}
