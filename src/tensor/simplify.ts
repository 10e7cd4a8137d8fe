// Algebraic simplification: rules that see each node before it is made and may answer with a cheaper equal.
import type { Attributes, Graph, OutputSpec, Rewrite } from './graph.js';
import { broadcast, isFloat, sameShape, sizeOf } from './shape.js';
import type { Tensor } from './tensor.js';

interface Context {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly outputs: readonly OutputSpec[];
  readonly spec: OutputSpec;
  readonly graph: Graph;
}
type Rule = (context: Context) => Tensor | readonly Tensor[] | undefined;

/** The value of a constant with one element. */
const scalar = (t: Tensor): number | undefined =>
  t.node.op === 'Constant' && t.node.data!.length === 1 ? t.node.data![0] : undefined;

/** The inputs of a tensor that is made by `op`. */
const made = (t: Tensor, op: string): readonly Tensor[] | undefined => (t.node.op === op ? t.node.inputs : undefined);

/** Without the Expand that made it. */
const unexpanded = (t: Tensor): Tensor => made(t, 'Expand')?.[0] ?? t;

const folds: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  Min: (a, b) => Math.min(a, b),
  Max: (a, b) => Math.max(a, b),
};

const unaryFolds: Record<string, (x: number) => number> = {
  Neg: (x) => -x,
  Exp: Math.exp,
  Log: Math.log,
  Sqrt: Math.sqrt,
  Abs: Math.abs,
};

/** Any elementwise operation: compute on the small tensor and repeat the result, not the other way round. */
function shrink({ op, inputs, attributes, spec, graph }: Context): Tensor | undefined {
  const small = inputs.map(unexpanded);
  if (small.every((t, i) => t === inputs[i])) return undefined;
  const shape = broadcast(...small.map((t) => t.shape))!;
  return graph.make(op, small, attributes, [{ shape, dtype: spec.dtype }])[0].expand(spec.shape);
}

function foldScalars({ op, inputs: [a, b], spec, graph }: Context): Tensor | undefined {
  const [x, y] = [scalar(a), scalar(b)];
  if (x === undefined || y === undefined || !isFloat(spec.dtype)) return undefined;
  return graph.constant(folds[op](x, y), spec.shape, spec.dtype);
}

/** x times c where that costs nothing: c goes into a number that x is made with. */
function absorb(x: Tensor, c: number): Tensor | undefined {
  const value = scalar(x);
  if (value !== undefined) return x.graph.constant(value * c, x.shape, x.dtype);
  const [negated, product, quotient] = [made(x, 'Neg'), made(x, 'Mul'), made(x, 'Div')];
  if (negated !== undefined) return negated[0].mul(-c);
  const factor = product && scalar(product[1]);
  if (factor !== undefined) return product![0].mul(factor * c);
  return quotient && absorb(quotient[0], c)?.div(quotient[1]);
}

/** Rules of binary arithmetic on floats; constants are on the right of commutative operations. */
const algebra: Record<string, (a: Tensor, b: Tensor, spec: OutputSpec) => Tensor | undefined> = {
  Add(a, b, spec) {
    const c = scalar(b);
    if (c === 0) return a.expand(spec.shape);
    if (a === b) return a.mul(2);
    const [negated, minus] = [made(a, 'Neg'), made(b, 'Neg')];
    if (minus !== undefined) return a.sub(minus[0]);
    if (negated !== undefined) return b.sub(negated[0]);
    const inner = made(a, 'Add');
    const before = inner && scalar(inner[1]);
    return c !== undefined && before !== undefined ? inner![0].add(before + c) : undefined;
  },
  Sub(a, b, spec) {
    const c = scalar(b);
    if (c !== undefined) return c === 0 ? a.expand(spec.shape) : a.add(-c);
    if (scalar(a) === 0) return b.neg().expand(spec.shape);
    const minus = made(b, 'Neg');
    return minus === undefined ? undefined : a.add(minus[0]);
  },
  Mul(a, b, spec) {
    const c = scalar(b);
    const [x, y] = [made(a, 'Neg'), made(b, 'Neg')];
    if (x !== undefined && y !== undefined) return x[0].mul(y[0]);
    if (c === undefined) return undefined;
    if (c === 1) return a.expand(spec.shape);
    if (c === -1) return a.neg().expand(spec.shape);
    if (c === 0) return a.graph.constant(0, spec.shape, spec.dtype);
    return absorb(a, c);
  },
  Div(a, b, spec) {
    const c = scalar(b);
    if (c !== undefined && c !== 0) return c === 1 ? a.expand(spec.shape) : a.mul(1 / c);
    return undefined;
  },
  Pow(a, b, spec) {
    const c = scalar(b);
    if (c === 0) return a.graph.constant(1, spec.shape, spec.dtype);
    if (c === 1) return a.expand(spec.shape);
    if (c === 2) return a.mul(a).expand(spec.shape);
    if (c === 0.5) return a.sqrt().expand(spec.shape);
    if (c === -1) return a.graph.constant(1, [], spec.dtype).div(a).expand(spec.shape);
    return undefined;
  },
};

function arithmetic(context: Context): Tensor | undefined {
  const { op, inputs, spec } = context;
  const folded = foldScalars(context) ?? shrink(context);
  if (folded !== undefined || !isFloat(spec.dtype)) return folded;
  const simpler = algebra[op]?.(inputs[0], inputs[1], spec);
  // A constant of higher rank than the result of the rule widens the shape.
  return simpler === undefined || sameShape(simpler.shape, spec.shape) ? simpler : simpler.expand(spec.shape);
}

function unary(context: Context): Tensor | undefined {
  const {
    op,
    inputs: [x],
    spec,
    graph,
  } = context;
  const c = scalar(x);
  if (c !== undefined && unaryFolds[op] !== undefined) return graph.constant(unaryFolds[op](c), spec.shape, spec.dtype);
  if (op === 'Neg') {
    const [negated, difference] = [made(x, 'Neg'), made(x, 'Sub')];
    if (negated !== undefined) return negated[0];
    const scaled = absorb(x, -1);
    if (scaled !== undefined) return scaled.expand(spec.shape);
    if (difference !== undefined) return difference[1].sub(difference[0]);
  }
  return shrink(context);
}

/**
 * x as a product or quotient, of which the factor is the same all along the axes: a scalar, or as large as 1 there. Both
 * as they are after a reduction of the axes to `shape`.
 */
export function constantFactor(
  x: Tensor,
  axes: readonly number[],
  shape: readonly number[],
): { op: 'mul' | 'div'; rest: Tensor; factor: Tensor } | undefined {
  const op = x.node.op === 'Mul' ? 'mul' : 'div';
  const pair = made(x, 'Mul') ?? made(x, 'Div');
  if (pair === undefined) return undefined;
  for (const [rest, factor] of op === 'mul' ? [pair, [...pair].reverse()] : [pair]) {
    if (!sameShape(rest.shape, x.shape)) continue;
    if (sizeOf(factor.shape) === 1) return { op, rest, factor: factor.reshape([]) };
    if (factor.shape.length === x.shape.length && axes.every((axis) => factor.shape[axis] === 1)) {
      const kept = factor.shape.filter((_, axis) => !axes.includes(axis));
      return { op, rest, factor: shape.length === x.shape.length ? factor : factor.reshape(kept) };
    }
  }
  return undefined;
}

/**
 * Factors that do not vary along the axes leave sums and means: they cost less after the reduction. Not where a matrix is
 * summed over the batch, which is a bias gradient: the weight gradient needs the scaled matrix anyway.
 */
function linearReduction({ op, inputs: [x], attributes, spec, graph }: Context): Tensor | undefined {
  const axes = attributes.axes as readonly number[];
  if (axes.every((axis) => x.shape[axis] === 1)) return x.reshape(spec.shape);
  const bias = x.shape.length === 2 && axes.length === 1 && axes[0] === 0;
  if ((op !== 'ReduceSum' && op !== 'ReduceMean') || bias) return undefined;
  const again = (t: Tensor) => graph.make(op, [t], attributes, [spec])[0];
  const [negated] = made(x, 'Neg') ?? [];
  if (negated !== undefined) return again(negated).neg();
  const parts = constantFactor(x, axes, spec.shape);
  return parts && again(parts.rest)[parts.op](parts.factor);
}

function reshape({ inputs: [x], spec, graph }: Context): Tensor | undefined {
  if (sameShape(x.shape, spec.shape)) return x;
  const { node } = x;
  if (node.op === 'Reshape') return node.inputs[0].reshape(spec.shape);
  if (node.op === 'Constant') return graph.constant(node.data!, spec.shape, spec.dtype);
  if (node.op === 'Expand' && sizeOf(node.inputs[0].shape) === 1) return node.inputs[0].reshape([]).expand(spec.shape);
  if (node.op.startsWith('Reduce')) {
    // A reduction gives either form of its result.
    const [from] = node.inputs;
    const axes = node.attributes.axes as readonly number[];
    const kept = from.shape.map((n, i) => (axes.includes(i) ? 1 : n));
    const dropped = from.shape.filter((_, i) => !axes.includes(i));
    const keepDims = sameShape(spec.shape, kept);
    if (keepDims || sameShape(spec.shape, dropped)) {
      return graph.make(node.op, [from], { ...node.attributes, keepDims }, [spec])[0];
    }
  }
  return undefined;
}

function concat({ inputs, attributes, spec }: Context): Tensor | undefined {
  const axis = attributes.axis as number;
  const nested = (t: Tensor) => t.node.op === 'Concat' && t.node.attributes.axis === axis;
  if (inputs.some(nested))
    return concatAgain(
      inputs.flatMap((t) => (nested(t) ? t.node.inputs : [t])),
      axis,
      spec,
    );
  const { node } = inputs[0];
  const whole = node.op === 'Split' && node.attributes.axis === axis && node.outputs.length === inputs.length;
  return whole && inputs.every((t, i) => t === node.outputs[i]) ? node.inputs[0] : undefined;
}

const concatAgain = (pieces: readonly Tensor[], axis: number, spec: OutputSpec): Tensor =>
  pieces[0].graph.make('Concat', pieces, { axis }, [spec])[0];

function split({ inputs: [x], attributes, outputs, graph }: Context): readonly Tensor[] | undefined {
  const { node } = x;
  if (node.op === 'Concat' && node.attributes.axis === attributes.axis) {
    const fits =
      node.inputs.length === outputs.length && node.inputs.every((t, i) => sameShape(t.shape, outputs[i].shape));
    if (fits) return node.inputs;
  }
  if (node.op === 'Expand' && sizeOf(node.inputs[0].shape) === 1) {
    return outputs.map((spec) => node.inputs[0].reshape([]).expand(spec.shape));
  }
  if (node.op !== 'Constant' || x.shape.length !== 1) return undefined;
  const data = Array.prototype.slice.call(node.data);
  let start = 0;
  return outputs.map(({ shape: [n] }) => {
    start += n;
    return graph.constant(data.slice(start - n, start), [n], x.dtype);
  });
}

/** Equal rows, such as the gradient of a mean, times a matrix are equal rows: one row is enough. */
function matmul({ inputs: [a, b], spec }: Context): Tensor | undefined {
  const row = made(a, 'Expand')?.[0];
  if (row === undefined || a.shape.length !== 2 || b.shape.length !== 2 || a.shape[0] === 1) return undefined;
  if (row.shape.length === 2 && row.shape[0] !== 1) return undefined;
  const first = row.expand([1, a.shape[1]]);
  // A transposed column is the same numbers as a row.
  const [column] = made(b, 'Transpose') ?? [];
  const outer = a.shape[1] === 1 ? (column?.reshape(b.shape) ?? b).mul(row.reshape([])) : first.matmul(b);
  return outer.expand(spec.shape);
}

const rules: Record<string, Rule> = {
  Reshape: reshape,
  MatMul: matmul,
  Concat: concat,
  Split: split,
  StopGradient: ({ inputs: [x] }) => x,
  Transpose({ inputs: [x], attributes }) {
    const perm = attributes.perm as readonly number[];
    if (perm.every((axis, i) => axis === i)) return x;
    if (x.node.op !== 'Transpose') return undefined;
    const inner = x.node.attributes.perm as readonly number[];
    return x.node.inputs[0].transpose(perm.map((axis) => inner[axis]));
  },
  Expand({ inputs: [x], spec, graph }) {
    if (sameShape(x.shape, spec.shape)) return x;
    if (x.node.op === 'Expand') return x.node.inputs[0].expand(spec.shape);
    const c = scalar(x);
    return c !== undefined && x.shape.length > 0 ? graph.constant(c, [], x.dtype).expand(spec.shape) : undefined;
  },
  Cast({ inputs: [x], spec, graph }) {
    if (x.dtype === spec.dtype) return x;
    const c = scalar(x);
    if (c !== undefined && isFloat(x.dtype) && isFloat(spec.dtype)) return graph.constant(c, spec.shape, spec.dtype);
    // ReLU's mask from its output: two casts are faster than a comparison.
    const compared = made(x, 'Greater');
    if (compared === undefined || compared[0].node.op !== 'Relu' || scalar(compared[1]) !== 0) return undefined;
    return compared[0].cast('bool').cast(spec.dtype);
  },
  Where: shrink,
  Clip: shrink,
};
for (const op of Object.keys(folds)) rules[op] = arithmetic;
for (const op of ['Equal', 'Greater', 'Less', 'GreaterOrEqual', 'LessOrEqual', 'And', 'Or']) rules[op] = shrink;
for (const op of ['Neg', 'Abs', 'Sign', 'Floor', 'Sqrt', 'Exp', 'Log', 'Log1p', 'Sin', 'Cos', 'Tanh', 'Erf']) {
  rules[op] = unary;
}
for (const op of ['Sigmoid', 'Softplus', 'Relu', 'Elu', 'Gelu', 'GeluGate']) rules[op] = unary;
for (const op of ['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceLogSumExp']) rules[op] = linearReduction;

/** The rewrite of the simplified graph. Every rule keeps shape and element type. */
export const simplify: Rewrite = (op, inputs, attributes, outputs, graph) => {
  const result = rules[op]?.({ op, inputs, attributes, outputs, spec: outputs[0], graph });
  return result === undefined || Array.isArray(result) ? (result as readonly Tensor[] | undefined) : [result as Tensor];
};
