// Elementwise operations with broadcasting, in plain loops.
import { geluGateOf } from '../../tensor/ops/elementwise.js';
import { sizeOf } from '../../tensor/shape.js';
import { broadcastStrides, type Kernel, type Kernels, places, type Value } from './values.js';

/** Position in `from` of every element of the result; undefined where they are the same, as they are where none is repeated. */
const placesIn = (from: Value, to: Value): Int32Array | undefined =>
  sizeOf(from.shape) === sizeOf(to.shape) ? undefined : places(to.shape, broadcastStrides(from.shape, to.shape));

const unary =
  (f: (x: number) => number): Kernel =>
  ({ inputs: [x], outputs: [y] }) => {
    const [from, to] = [x.data, y.data];
    return () => {
      for (let i = 0; i < to.length; i++) to[i] = f(from[i]);
    };
  };

const binary =
  (f: (a: number, b: number) => number): Kernel =>
  ({ inputs: [a, b], outputs: [y] }) => {
    const [left, right, to] = [a.data, b.data, y.data];
    const [atLeft, atRight] = [placesIn(a, y), placesIn(b, y)];
    if (!atLeft && !atRight) {
      return () => {
        for (let i = 0; i < to.length; i++) to[i] = f(left[i], right[i]);
      };
    }
    return () => {
      for (let i = 0; i < to.length; i++) to[i] = f(left[atLeft ? atLeft[i] : i], right[atRight ? atRight[i] : i]);
    };
  };

// What every layer of a network has is written out: to call a function for each number takes longer than a small product.
const relu: Kernel = ({ inputs: [x], outputs: [y] }) => {
  const [from, to] = [x.data, y.data];
  return () => {
    for (let i = 0; i < to.length; i++) to[i] = Math.max(from[i], 0);
  };
};

const add: Kernel = (call) => {
  const [a, b] = call.inputs;
  const [y] = call.outputs;
  if (placesIn(a, y) || placesIn(b, y)) return binary((left, right) => left + right)(call);
  const [left, right, to] = [a.data, b.data, y.data];
  return () => {
    for (let i = 0; i < to.length; i++) to[i] = left[i] + right[i];
  };
};

/** Whole numbers are divided as in ONNX: towards zero. */
const divide: Kernel = (call) =>
  call.outputs[0].dtype.startsWith('float') ? binary((a, b) => a / b)(call) : binary((a, b) => Math.trunc(a / b))(call);

/** Of bytes as inputs: truth values are 0 and 1. */
const truth = (f: (a: number, b: number) => boolean): Kernel => binary((a, b) => (f(a, b) ? 1 : 0));

/** erf by its series, and by the continued fraction of erfc where that would cancel (both to about 1e-15). */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 2) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (size + fraction);
  return Math.sign(x) * (1 - Math.exp(-size * size) / (Math.sqrt(Math.PI) * (size + fraction)));
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const clip: Kernel = (call) => {
  const { low = -Infinity, high = Infinity } = call.attributes as { low?: number; high?: number };
  return unary((x) => Math.min(Math.max(x, low), high))(call);
};

const cast: Kernel = (call) => {
  const [{ dtype: from }] = call.inputs;
  const [{ dtype: to }] = call.outputs;
  if (to === 'bool') return unary((x) => (x === 0 ? 0 : 1))(call);
  return unary(from.startsWith('float') && !to.startsWith('float') ? Math.trunc : (x) => x)(call);
};

const where: Kernel = ({ inputs: [condition, a, b], outputs: [y] }) => {
  const [atCondition, atA, atB] = [condition, a, b].map((from) => placesIn(from, y));
  const to = y.data;
  return () => {
    for (let i = 0; i < to.length; i++) {
      const yes = condition.data[atCondition ? atCondition[i] : i];
      to[i] = yes ? a.data[atA ? atA[i] : i] : b.data[atB ? atB[i] : i];
    }
  };
};

export const elementwise: Kernels = {
  Neg: unary((x) => -x),
  Abs: unary(Math.abs),
  Sign: unary(Math.sign),
  Floor: unary(Math.floor),
  Sqrt: unary(Math.sqrt),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Log1p: unary(Math.log1p),
  Sin: unary(Math.sin),
  Cos: unary(Math.cos),
  Tanh: unary(Math.tanh),
  Erf: unary(erf),
  Sigmoid: unary(sigmoid),
  Softplus: unary(softplus),
  Gelu: unary((x) => x * geluGateOf(x)),
  GeluGate: unary(geluGateOf),
  Relu: relu,
  Elu: unary((x) => (x > 0 ? x : Math.expm1(x))),
  Not: unary((x) => (x ? 0 : 1)),
  Add: add,
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: divide,
  Pow: binary((a, b) => a ** b),
  Min: binary(Math.min),
  Max: binary(Math.max),
  Equal: truth((a, b) => a === b),
  Greater: truth((a, b) => a > b),
  Less: truth((a, b) => a < b),
  GreaterOrEqual: truth((a, b) => a >= b),
  LessOrEqual: truth((a, b) => a <= b),
  And: truth((a, b) => a !== 0 && b !== 0),
  Or: truth((a, b) => a !== 0 || b !== 0),
  Clip: clip,
  Cast: cast,
  Where: where,
};
