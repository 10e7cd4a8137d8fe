// The symbolic tensor: a shape, an element type, and the operation that gives it. Methods chain.
import type { Graph, Node } from './graph.js';
import * as convolution from './ops/convolution.js';
import * as elementwise from './ops/elementwise.js';
import * as linear from './ops/linear.js';
import * as reduce from './ops/reduce.js';
import * as moves from './ops/shape.js';
import { type Dtype, formatShape, type Shape } from './shape.js';

/** A number stands for a scalar of the other operand's element type. */
export type Operand = Tensor | number;

/**
 * A value that a program will compute. Elementwise operations broadcast as in NumPy; axes count from the front, or from
 * the back when negative. A shape that does not fit is an error at once, with the operation, the shapes and the line.
 */
export class Tensor {
  constructor(
    /** The operation, and which of its outputs this is. */
    readonly node: Node,
    readonly index: number,
    readonly shape: Shape,
    readonly dtype: Dtype,
  ) {}

  /** Grows in the order of construction: a tensor's inputs have smaller ones. */
  get id(): number {
    return this.node.id;
  }
  get graph(): Graph {
    return this.node.graph;
  }
  toString(): string {
    return `${this.node.op}#${this.id} ${this.dtype} ${formatShape(this.shape)}`;
  }

  // Arithmetic
  add(other: Operand): Tensor {
    return elementwise.binary('Add', this, other);
  }
  sub(other: Operand): Tensor {
    return elementwise.binary('Sub', this, other);
  }
  mul(other: Operand): Tensor {
    return elementwise.binary('Mul', this, other);
  }
  div(other: Operand): Tensor {
    return elementwise.binary('Div', this, other);
  }
  pow(exponent: Operand): Tensor {
    return elementwise.binary('Pow', this, exponent);
  }
  /** The smaller of two, elementwise; `amin` reduces. */
  min(other: Operand): Tensor {
    return elementwise.binary('Min', this, other);
  }
  /** The larger of two, elementwise; `amax` reduces. */
  max(other: Operand): Tensor {
    return elementwise.binary('Max', this, other);
  }
  neg(): Tensor {
    return elementwise.unary('Neg', this);
  }
  abs(): Tensor {
    return elementwise.unary('Abs', this);
  }
  sign(): Tensor {
    return elementwise.unary('Sign', this);
  }
  floor(): Tensor {
    return elementwise.unary('Floor', this);
  }
  square(): Tensor {
    return this.mul(this);
  }
  sqrt(): Tensor {
    return elementwise.unary('Sqrt', this);
  }
  /** Bounds values; the gradient is 1 inside and on the bounds, 0 outside. */
  clip(low?: number, high?: number): Tensor {
    return elementwise.clip(this, low, high);
  }

  // Functions
  exp(): Tensor {
    return elementwise.unary('Exp', this);
  }
  log(): Tensor {
    return elementwise.unary('Log', this);
  }
  /** log(1 + x), exact for small x. */
  log1p(): Tensor {
    return elementwise.unary('Log1p', this);
  }
  sin(): Tensor {
    return elementwise.unary('Sin', this);
  }
  cos(): Tensor {
    return elementwise.unary('Cos', this);
  }
  tanh(): Tensor {
    return elementwise.unary('Tanh', this);
  }
  erf(): Tensor {
    return elementwise.unary('Erf', this);
  }
  sigmoid(): Tensor {
    return elementwise.unary('Sigmoid', this);
  }
  /** log(1 + exp(x)). */
  softplus(): Tensor {
    return elementwise.unary('Softplus', this);
  }
  relu(): Tensor {
    return elementwise.unary('Relu', this);
  }
  /** x above 0, exp(x) - 1 below. */
  elu(): Tensor {
    return elementwise.unary('Elu', this);
  }
  /** The approximation of GELU by tanh as one operation: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). */
  geluTanh(): Tensor {
    return elementwise.unary('Gelu', this);
  }
  /** x sigmoid(x), also called swish. */
  silu(): Tensor {
    return this.mul(this.sigmoid());
  }
  /** x Phi(x) with the exact normal distribution function. */
  gelu(): Tensor {
    return this.mul(this.mul(Math.SQRT1_2).erf().add(1)).mul(0.5);
  }

  // Comparison and logic
  equal(other: Operand): Tensor {
    return elementwise.binary('Equal', this, other, 'bool');
  }
  greater(other: Operand): Tensor {
    return elementwise.binary('Greater', this, other, 'bool');
  }
  less(other: Operand): Tensor {
    return elementwise.binary('Less', this, other, 'bool');
  }
  greaterEqual(other: Operand): Tensor {
    return elementwise.binary('GreaterOrEqual', this, other, 'bool');
  }
  lessEqual(other: Operand): Tensor {
    return elementwise.binary('LessOrEqual', this, other, 'bool');
  }
  and(other: Tensor): Tensor {
    return elementwise.logical('And', this, other);
  }
  or(other: Tensor): Tensor {
    return elementwise.logical('Or', this, other);
  }
  not(): Tensor {
    return elementwise.not(this);
  }
  /** Where this is true `a`, elsewhere `b`. */
  where(a: Operand, b: Operand): Tensor {
    return elementwise.where(this, a, b);
  }
  cast(dtype: Dtype): Tensor {
    return elementwise.cast(this, dtype);
  }

  // Along axes (all axes unless some are named)
  sum(axes?: reduce.Axes, options?: reduce.ReduceOptions): Tensor {
    return reduce.reduce('ReduceSum', this, axes, options);
  }
  mean(axes?: reduce.Axes, options?: reduce.ReduceOptions): Tensor {
    return reduce.reduce('ReduceMean', this, axes, options);
  }
  amax(axes?: reduce.Axes, options?: reduce.ReduceOptions): Tensor {
    return reduce.reduce('ReduceMax', this, axes, options);
  }
  amin(axes?: reduce.Axes, options?: reduce.ReduceOptions): Tensor {
    return reduce.reduce('ReduceMin', this, axes, options);
  }
  /** log(sum(exp(x))), safe for large x. */
  logSumExp(axes?: reduce.Axes, options?: reduce.ReduceOptions): Tensor {
    return reduce.reduce('ReduceLogSumExp', this, axes, options);
  }
  /** Position of the largest, the first of equals: int64, without the axis. */
  argmax(axis: number): Tensor {
    return reduce.argmax(this, axis);
  }
  cumsum(axis: number, options?: { reverse?: boolean; exclusive?: boolean }): Tensor {
    return reduce.cumsum(this, axis, options);
  }
  /** The k largest in falling order (smallest in rising order) and their positions (int64). */
  topK(k: number, axis: number, options: reduce.TopKOptions = {}): { values: Tensor; indices: Tensor } {
    return reduce.topK(this, k, axis, options);
  }
  /** In rising order along an axis, or in falling order. */
  sort(axis: number, descending = false): Tensor {
    return reduce.sort(this, axis, descending);
  }
  softmax(axis: number): Tensor {
    return reduce.normalize('Softmax', this, axis);
  }
  logSoftmax(axis: number): Tensor {
    return reduce.normalize('LogSoftmax', this, axis);
  }
  /** Mean 0, variance 1 along the last axis, times `scale` plus `bias` ([n] each). */
  layerNorm(scale?: Tensor, bias?: Tensor, epsilon?: number): Tensor {
    return reduce.layerNorm(this, scale, bias, epsilon);
  }
  /** The same in one operation, quicker where there are scale and bias. */
  fusedLayerNorm(scale: Tensor, bias: Tensor, epsilon: number): Tensor {
    return reduce.fusedLayerNorm(this, scale, bias, epsilon);
  }

  // Shapes
  /** One size may be -1: whatever is left. */
  reshape(shape: Shape): Tensor {
    return moves.reshape(this, shape);
  }
  transpose(permutation?: readonly number[]): Tensor {
    return moves.transpose(this, permutation);
  }
  expand(shape: Shape): Tensor {
    return moves.expand(this, shape);
  }
  /** Elements start to end - 1 of an axis. To use all parts of an axis, `split` is faster. */
  slice(axis: number, start: number, end: number): Tensor {
    return moves.slice(this, axis, start, end);
  }
  /** Zeros before and after along an axis. */
  pad(axis: number, before: number, after: number): Tensor {
    return moves.pad(this, axis, before, after);
  }
  split(sizes: readonly number[], axis: number): Tensor[] {
    return [...moves.split(this, sizes, axis)];
  }
  /** Rows along `axis` by position (whole numbers of any type). */
  gather(indices: Tensor, axis: number): Tensor {
    return reduce.gather(this, indices, axis);
  }
  /** One element per index along `axis`; the other axes agree. */
  takeAlong(indices: Tensor, axis: number): Tensor {
    return reduce.takeAlong(this, indices, axis);
  }
  gatherElements(indices: Tensor, axis: number): Tensor {
    return reduce.takeAlong(this, indices, axis);
  }
  /** [...] of whole numbers 0 to n - 1 to [..., n]. */
  oneHot(n: number): Tensor {
    return reduce.oneHot(this, n);
  }

  // Linear algebra
  /** [..., m, k] times [..., k, n]. */
  matmul(other: Tensor): Tensor {
    return linear.matmul(this, other);
  }
  /** This [..., in] times `weight` [in, out] plus `bias` [out]: one Gemm. */
  dense(weight: Tensor, bias: Tensor): Tensor {
    return linear.dense(this, weight, bias);
  }
  /**
   * Pictures [B, C, H, W] convolved with `weight` [out, C, kh, kw], plus `bias` [out]: [B, out, H', W'] with
   * H' = floor((H + 2 padding - kh) / stride) + 1.
   */
  conv2d(weight: Tensor, bias?: Tensor, options?: convolution.ConvolutionOptions): Tensor {
    return convolution.conv2d(this, weight, bias, options);
  }
  /** The same values; gradients do not pass. */
  stopGradient(): Tensor {
    return moves.stopGradient(this);
  }
}
