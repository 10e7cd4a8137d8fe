// Values of a program in plain typed arrays, and where their elements lie.
import { type Dtype, type Shape, sizeOf } from '../../tensor/shape.js';
import type { NumericArray } from '../runtime.js';
import type { Workspace } from './workspace.js';

/** Floats as they are, truth values as bytes, and whole numbers as float64, which holds them exactly up to 2^53. */
export type Numbers = Float32Array | Float64Array | Uint8Array;

export interface Value {
  readonly shape: Shape;
  readonly dtype: Dtype;
  readonly data: Numbers;
}

const types: Readonly<Record<Dtype, new (length: number) => Numbers>> = {
  float32: Float32Array,
  float64: Float64Array,
  int64: Float64Array,
  int32: Float64Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

export const createValue = (shape: Shape, dtype: Dtype): Value => ({
  shape,
  dtype,
  data: new types[dtype](sizeOf(shape)),
});

/** Whether the caller's array is of the same type as the value, so that it can be the value. */
export const isHeldAs = (array: NumericArray, dtype: Dtype): array is Numbers => array instanceof types[dtype];

export function copyIn(array: NumericArray, { data }: Value): void {
  for (let i = 0; i < data.length; i++) data[i] = Number(array[i]);
}

export function copyOut({ data }: Value, array: NumericArray): void {
  if (array instanceof BigInt64Array) for (let i = 0; i < data.length; i++) array[i] = BigInt(data[i]);
  else array.set(data);
}

/** Elements between neighbours of each axis, row-major. */
export function stridesOf(shape: Shape): number[] {
  const strides: number[] = new Array(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** For every element of `shape`, row-major, the sum of its index times `strides`, from `first` on. */
export function places(shape: Shape, strides: readonly number[], first = 0): Int32Array {
  const out = new Int32Array(sizeOf(shape));
  const index = new Int32Array(shape.length);
  let place = first;
  for (let i = 0; i < out.length; i++) {
    out[i] = place;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += strides[axis];
      if (++index[axis] < shape[axis]) break;
      place -= shape[axis] * strides[axis];
      index[axis] = 0;
    }
  }
  return out;
}

/** Strides by which `from` is read as if it were repeated to `shape`. */
export function broadcastStrides(from: Shape, shape: Shape): number[] {
  const strides = stridesOf(from);
  const missing = shape.length - from.length;
  return shape.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : strides[axis - missing]));
}

/** An array as lines along an axis: element i of line (o, n) lies at (o length + i) inner + n. */
export function linesOf(shape: Shape, axis: number): { outer: number; length: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), length: shape[axis], inner: sizeOf(shape.slice(axis + 1)) };
}

/** Computes a node's outputs from its inputs, which are bound to it. */
export type Step = () => void;

/** What a kernel is given: a node's attributes, its inputs and where its outputs go. */
export interface Call {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Absent where nothing lies in one. */
  readonly workspace?: Workspace;
}

/** Prepares a node's step. */
export type Kernel = (call: Call) => Step;
export type Kernels = Readonly<Record<string, Kernel>>;
