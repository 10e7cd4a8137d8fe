// The arrays that go in and out of a program: their types, and whether those given fit.
import { UsageError, unknownName } from '../errors.js';
import type { TensorSpec } from '../tensor/index.js';
import { formatShape, sizeOf } from '../tensor/shape.js';
import type { NumericArray } from './runtime.js';

export const arrayTypes = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

/** A zeroed array that fits a value. */
export const arrayFor = ({ dtype, shape }: TensorSpec): NumericArray => new arrayTypes[dtype](sizeOf(shape));

type Arrays = Readonly<Record<string, NumericArray>>;

/**
 * Whether arrays can be bound: known names, the right types and sizes, every input that is used, and no output in the
 * memory of an input. Native code refuses shared memory.
 */
export function checkArrays(
  specs: { readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] },
  used: readonly TensorSpec[],
  given: Arrays,
  results: Arrays,
  native = false,
): void {
  checkNames('input', given, specs.inputs);
  for (const spec of used) check('input', spec, given[spec.name], native);
  checkNames('output', results, specs.outputs);
  const arrays = Object.entries(given);
  for (const spec of specs.outputs.filter(({ name }) => name in results)) {
    const array = results[spec.name];
    check('output', spec, array, native);
    const input = arrays.find(([, other]) => overlap(array, other));
    if (input) {
      throw new UsageError(`output "${spec.name}" shares memory with input "${input[0]}"; use two arrays in turn`);
    }
  }
}

function check(kind: string, spec: TensorSpec, array: NumericArray, native: boolean): void {
  const what = `${kind} "${spec.name}" (${spec.dtype} ${formatShape(spec.shape)})`;
  const type = arrayTypes[spec.dtype];
  if (!(array instanceof type)) {
    const got = array === undefined ? 'nothing' : (array as object).constructor.name;
    throw new UsageError(`${what} needs a ${type.name}, not ${got}`);
  }
  if (array.length !== sizeOf(spec.shape)) {
    throw new UsageError(`${what} needs ${sizeOf(spec.shape)} values, not ${array.length}`);
  }
  if (native && typeof SharedArrayBuffer !== 'undefined' && array.buffer instanceof SharedArrayBuffer) {
    throw new UsageError(
      `${what} lies in shared memory, which onnxruntime-node refuses; copy it to an array of its own`,
    );
  }
}

function checkNames(kind: string, given: Record<string, unknown>, specs: readonly TensorSpec[]): void {
  const names = specs.map((spec) => spec.name);
  for (const name of Object.keys(given)) if (!names.includes(name)) throw unknownName(kind, name, names);
}

function overlap(a: NumericArray, b: NumericArray): boolean {
  const [ends, otherEnds] = [a, b].map(({ byteOffset, byteLength }) => byteOffset + byteLength);
  return a.buffer === b.buffer && a.byteOffset < otherEnds && b.byteOffset < ends;
}
