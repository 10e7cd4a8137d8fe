// One model for any number of rows: what of it depends on the number is found by comparing models of a few numbers, and
// computed inside from the input's shape.
import { UsageError } from '../../errors.js';
import type { Program } from '../program.js';
import { sizeOf } from '../shape.js';
import { type OnnxOptions, toModel } from './emit.js';
import { encodeModel, type OnnxInitializer, type OnnxModel, type OnnxNode, type OnnxValue } from './protobuf.js';

/** Prime and unusual, so that no size of a network is one of them by chance; the third checks what the others tell. */
const PROBES = [1009, 1511, 2003] as const;
type Three<T> = readonly [T, T, T];

/** The free dimension's name in models. */
const ROWS = 'rows';

/**
 * The bytes of a model whose inputs and outputs have a free dimension wherever `build` gives them the number of rows.
 * @throws UsageError where the program computes across rows (their number is a factor, or an order of them is fixed)
 */
export function toOnnxOfRows(build: (rows: number) => Program, options: Omit<OnnxOptions, 'pieces'> = {}): Uint8Array {
  const models = PROBES.map((rows) => toModel(build(rows), options)) as unknown as Three<OnnxModel>;
  return encodeModel(ofRows(models));
}

/** `times` rows and `plus`. */
interface Linear {
  readonly times: number;
  readonly plus: number;
}

function linear([a, b, c]: Three<number>, fail: () => Error): Linear {
  const times = (b - a) / (PROBES[1] - PROBES[0]);
  const plus = a - times * PROBES[0];
  if (!Number.isInteger(times) || times * PROBES[2] + plus !== c) throw fail();
  return { times, plus };
}

function ofRows(models: Three<OnnxModel>): OnnxModel<OnnxValue> {
  const [model] = models;
  const fail = (what: string) => () =>
    new UsageError(`program "${model.name}" cannot have a free number of rows: ${what} depends on it. Fix the number.`);
  const parts = (take: (model: OnnxModel) => readonly unknown[]) => models.map((one) => take(one).length);
  for (const take of [nodesOf, (one: OnnxModel) => one.inputs, constantsOf]) {
    if (new Set(parts(take)).size > 1) throw fail('its structure')();
  }
  for (const [i, node] of model.nodes.entries()) {
    const same = models.every((other) => JSON.stringify(other.nodes[i]) === JSON.stringify(node));
    if (!same) throw fail(`the operation ${node.op}`)();
  }
  const value = (kind: 'inputs' | 'outputs', i: number): OnnxValue => {
    const { name, dtype, shape } = model[kind][i];
    const free = fail(`the size of "${name}" by more than a factor of one`);
    const dims = shape.map((size, axis) => {
      const sizes = models.map((one) => one[kind][i].shape[axis]) as unknown as Three<number>;
      const { times, plus } = linear(sizes, free);
      if (times === 0) return size;
      if (times !== 1 || plus !== 0) throw free();
      return ROWS;
    });
    return { name, dtype, shape: dims };
  };
  const inputs = model.inputs.map((_, i) => value('inputs', i));
  const outputs = model.outputs.map((_, i) => value('outputs', i));

  const computed: Computed = { nodes: [], constants: [], source: rowSource(inputs, fail('an output without inputs')) };
  const kept: OnnxInitializer[] = [];
  for (const [i, constant] of constantsOf(model).entries()) {
    const probes = models.map((one) => constantsOf(one)[i]) as unknown as Three<OnnxInitializer>;
    if (sameConstant(probes)) kept.push(constant);
    else if (constant.dtype === 'int64' && probes.every(({ shape }) => sameShape(shape, constant.shape))) {
      computeSizes(probes, computed, fail('a whole number'));
    } else repeatRow(probes, computed, fail('a constant'));
  }
  // Before everything that reads them.
  const nodes = [...(computed.nodes.length > 0 ? [computed.source.node] : []), ...computed.nodes, ...model.nodes];
  return { ...model, inputs, outputs, nodes, initializers: [...kept, ...computed.constants] };
}

const nodesOf = (model: OnnxModel): readonly OnnxNode[] => model.nodes;
const constantsOf = (model: OnnxModel): readonly OnnxInitializer[] => model.initializers ?? [];

/** What has to be computed inside the model, in order. */
interface Computed {
  readonly nodes: OnnxNode[];
  readonly constants: OnnxInitializer[];
  /** A vector of one number: the rows. */
  readonly source: { readonly name: string; readonly node: OnnxNode };
}

function rowSource(inputs: readonly OnnxValue[], fail: () => Error): Computed['source'] {
  for (const { name, shape } of inputs) {
    const axis = shape.indexOf(ROWS);
    if (axis < 0) continue;
    const attributes = { start: axis, end: axis + 1 };
    return { name: 'rows_', node: { op: 'Shape', inputs: [name], outputs: ['rows_'], attributes } };
  }
  throw fail();
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join();

function sameConstant([first, ...others]: Three<OnnxInitializer>): boolean {
  return others.every(({ dtype, shape, data }) => {
    if (dtype !== first.dtype || !sameShape(shape, first.shape)) return false;
    for (let i = 0; i < data.length; i++) if (!Object.is(data[i], first.data[i])) return false;
    return true;
  });
}

/** Sizes such as those of Reshape and Expand: rows times whole numbers, and more. */
function computeSizes(probes: Three<OnnxInitializer>, computed: Computed, fail: () => Error): void {
  const [{ name, shape }] = probes;
  const size = sizeOf(shape);
  const sizes = Array.from({ length: size }, (_, i) =>
    linear(probes.map(({ data }) => data[i]) as unknown as Three<number>, fail),
  );
  const vector = (suffix: string, data: readonly number[]) => {
    computed.constants.push({ name: `${name}${suffix}`, shape: [size], dtype: 'int64', data });
    return `${name}${suffix}`;
  };
  const times = vector(
    '_times',
    sizes.map((one) => one.times),
  );
  const plus = vector(
    '_plus',
    sizes.map((one) => one.plus),
  );
  const whole = shape.length === 0 ? `${name}_vector` : name;
  computed.nodes.push(
    { op: 'Mul', inputs: [times, computed.source.name], outputs: [`${name}_scaled`] },
    { op: 'Add', inputs: [`${name}_scaled`, plus], outputs: [whole] },
  );
  if (whole !== name) computed.nodes.push({ op: 'Squeeze', inputs: [whole], outputs: [name] });
}

/** A constant with the same values in every row. */
function repeatRow(probes: Three<OnnxInitializer>, computed: Computed, fail: () => Error): void {
  const [{ name, shape, dtype, data }] = probes;
  const [, ...rest] = shape;
  const width = sizeOf(rest);
  const alike = probes.every(
    (probe, p) =>
      probe.dtype === dtype && sameShape(probe.shape, [PROBES[p], ...rest]) && everyRow(probe.data, data, width),
  );
  if (shape.length === 0 || !alike) throw fail();
  const sizes = `${name}_shape`;
  const row = Array.from({ length: width }, (_, i) => data[i]);
  computed.constants.push({ name: `${name}_row`, shape: [1, ...rest], dtype, data: row });
  computeSizes(
    PROBES.map((rows) => ({
      name: sizes,
      shape: [shape.length],
      dtype: 'int64',
      data: [rows, ...rest],
    })) as unknown as Three<OnnxInitializer>,
    computed,
    fail,
  );
  computed.nodes.push({ op: 'Expand', inputs: [`${name}_row`, sizes], outputs: [name] });
}

function everyRow(data: ArrayLike<number>, row: ArrayLike<number>, width: number): boolean {
  for (let i = 0; i < data.length; i++) if (!Object.is(data[i], row[i % width])) return false;
  return true;
}
