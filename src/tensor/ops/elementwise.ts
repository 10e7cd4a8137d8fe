// Elementwise operations with broadcasting, and their gradients.
import { broadcast, type Dtype, formatShape, isFloat, tensorError } from '../shape.js';
import type { Operand, Tensor } from '../tensor.js';
import type { Gradients } from './gradients.js';
import { unbroadcast } from './shape.js';

/** A number becomes a scalar of the other operand's element type. */
export const operand = (like: Tensor, value: Operand): Tensor =>
  typeof value === 'number' ? like.graph.constant(value, undefined, like.dtype) : value;

/** Add, Sub, Mul, Div, Pow, Min, Max, comparisons and logic. */
export function binary(op: string, a: Tensor, b: Operand, result?: Dtype): Tensor {
  const other = operand(a, b);
  if (a.dtype !== other.dtype) {
    throw tensorError(op, `element types ${a.dtype} and ${other.dtype} differ; cast one of them`);
  }
  const shape = broadcast(a.shape, other.shape);
  if (shape === undefined) {
    throw tensorError(op, `shapes ${formatShape(a.shape)} and ${formatShape(other.shape)} do not broadcast together`);
  }
  return a.graph.make(op, [a, other], {}, [{ shape, dtype: result ?? a.dtype }])[0];
}

/** A logical operation on booleans. */
export function logical(op: string, a: Tensor, b: Tensor): Tensor {
  if (a.dtype !== 'bool') throw tensorError(op, `needs bool, not ${a.dtype}; compare first, or cast`);
  return binary(op, a, b);
}

/** An operation from floats to floats of the same shape. */
export function unary(op: string, x: Tensor): Tensor {
  if (!isFloat(x.dtype)) throw tensorError(op, `needs float32 or float64, not ${x.dtype}; cast first`);
  return x.graph.make(op, [x], {}, [x])[0];
}

export function not(x: Tensor): Tensor {
  if (x.dtype !== 'bool') throw tensorError('Not', `needs bool, not ${x.dtype}; compare first, or cast`);
  return x.graph.make('Not', [x], {}, [x])[0];
}

export function cast(x: Tensor, dtype: Dtype): Tensor {
  return dtype === x.dtype ? x : x.graph.make('Cast', [x], { to: dtype }, [{ shape: x.shape, dtype }])[0];
}

export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  if (condition.dtype !== 'bool') throw tensorError('Where', `the condition is ${condition.dtype}, not bool`);
  const { graph } = condition;
  const like = typeof a !== 'number' ? a : typeof b !== 'number' ? b : graph.constant(a);
  const [yes, no] = [operand(like, a), operand(like, b)];
  if (yes.dtype !== no.dtype) throw tensorError('Where', `element types ${yes.dtype} and ${no.dtype} differ; cast one`);
  const shape = broadcast(condition.shape, yes.shape, no.shape);
  if (shape === undefined) {
    const shapes = [condition, yes, no].map((t) => formatShape(t.shape)).join(', ');
    throw tensorError('Where', `shapes ${shapes} do not broadcast together`);
  }
  return graph.make('Where', [condition, yes, no], {}, [{ shape, dtype: yes.dtype }])[0];
}

/** Bounds values; a bound left out is open. */
export function clip(x: Tensor, low?: number, high?: number): Tensor {
  if (low === undefined && high === undefined) return x;
  if (low !== undefined && high !== undefined && low > high) {
    throw tensorError('Clip', `low ${low} is above high ${high}`);
  }
  const bounds = { ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
  return x.graph.make('Clip', [x], bounds, [x])[0];
}

/** 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) is x sigmoid(x (CUBIC x^2 + LINEAR)). */
const LINEAR = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715 * LINEAR;

/** sigmoid(x (CUBIC x^2 + LINEAR)), by which the approximation of GELU multiplies x. */
export const geluGate = (x: Tensor): Tensor => unary('GeluGate', x);

/** The same in ONNX's own operations. */
export const plainGeluGate = (x: Tensor): Tensor => x.square().mul(CUBIC).add(LINEAR).mul(x).sigmoid();

/** The same of a number. */
export const geluGateOf = (x: number): number => 1 / (1 + Math.exp(-x * (CUBIC * x * x + LINEAR)));

/** What the gate's argument grows by per x. */
const gateSlope = (x: Tensor): Tensor =>
  x
    .square()
    .mul(3 * CUBIC)
    .add(LINEAR);

/** 1 where true, 0 where false, in the element type of `like`. */
const mask = (condition: Tensor, like: Tensor) => condition.cast(like.dtype);

export const elementwiseGradients: Gradients = {
  Add: ({ inputs: [a, b], dy, needs }) => [
    needs[0] ? unbroadcast(dy, a.shape) : undefined,
    needs[1] ? unbroadcast(dy, b.shape) : undefined,
  ],
  Sub: ({ inputs: [a, b], dy, needs }) => [
    needs[0] ? unbroadcast(dy, a.shape) : undefined,
    needs[1] ? unbroadcast(dy.neg(), b.shape) : undefined,
  ],
  Mul: ({ inputs: [a, b], dy, needs }) => {
    if (a === b) return [dy.mul(2).mul(a), undefined];
    return [
      needs[0] ? unbroadcast(dy.mul(b), a.shape) : undefined,
      needs[1] ? unbroadcast(dy.mul(a), b.shape) : undefined,
    ];
  },
  Div: ({ inputs: [a, b], y, dy, needs }) => [
    needs[0] ? unbroadcast(dy.div(b), a.shape) : undefined,
    needs[1] ? unbroadcast(dy.mul(y).div(b).neg(), b.shape) : undefined,
  ],
  Pow: ({ inputs: [a, b], y, dy, needs }) => [
    needs[0] ? unbroadcast(dy.mul(b).mul(a.pow(b.sub(1))), a.shape) : undefined,
    needs[1] ? unbroadcast(dy.mul(y).mul(a.log()), b.shape) : undefined,
  ],
  // At a tie the first operand takes the gradient.
  Min: ({ inputs: [a, b], dy, needs }) => {
    const toFirst = dy.mul(mask(a.lessEqual(b), dy));
    return [unbroadcast(toFirst, a.shape), needs[1] ? unbroadcast(dy.sub(toFirst), b.shape) : undefined];
  },
  Max: ({ inputs: [a, b], dy, needs }) => {
    const toFirst = dy.mul(mask(a.greaterEqual(b), dy));
    return [unbroadcast(toFirst, a.shape), needs[1] ? unbroadcast(dy.sub(toFirst), b.shape) : undefined];
  },
  Where: ({ inputs: [condition, a, b], dy, needs }) => [
    undefined,
    needs[1] ? unbroadcast(condition.where(dy, 0), a.shape) : undefined,
    needs[2] ? unbroadcast(condition.where(0, dy), b.shape) : undefined,
  ],
  Neg: ({ dy }) => [dy.neg()],
  Exp: ({ dy, y }) => [dy.mul(y)],
  Log: ({ inputs: [x], dy }) => [dy.div(x)],
  Log1p: ({ inputs: [x], dy }) => [dy.div(x.add(1))],
  Sin: ({ inputs: [x], dy }) => [dy.mul(x.cos())],
  Cos: ({ inputs: [x], dy }) => [dy.mul(x.sin()).neg()],
  Tanh: ({ dy, y }) => [dy.mul(y.mul(y).neg().add(1))],
  Sigmoid: ({ dy, y }) => [dy.mul(y.mul(y.neg().add(1)))],
  // y' = s + x s (1 - s) t' with the gate s of t; x s is at hand.
  Gelu({ inputs: [x], y, dy }) {
    const gate = geluGate(x);
    return [dy.mul(y.sub(y.mul(gate)).mul(gateSlope(x)).add(gate))];
  },
  GeluGate: ({ inputs: [x], y, dy }) => [dy.mul(y.sub(y.square()).mul(gateSlope(x)))],
  Softplus: ({ inputs: [x], dy }) => [dy.mul(x.sigmoid())],
  // From the output, which the backward pass has at hand, not from the input.
  Relu: ({ dy, y }) => [dy.mul(mask(y.greater(0), dy))],
  Elu: ({ inputs: [x], y, dy }) => [dy.mul(x.greater(0).where(1, y.add(1)))],
  Erf: ({ inputs: [x], dy }) => [dy.mul(x.mul(x).neg().exp()).mul(2 / Math.sqrt(Math.PI))],
  Sqrt: ({ dy, y }) => [dy.div(y).mul(0.5)],
  Abs: ({ inputs: [x], dy }) => [dy.mul(x.sign())],
  // Inside the bounds, and on them, the output equals the input.
  Clip: ({ inputs: [x], y, dy }) => [dy.mul(mask(x.equal(y), dy))],
  Cast: ({ inputs: [x], dy }) => [isFloat(x.dtype) ? dy.cast(x.dtype) : undefined],
};
