// What the runtimes share: checking arrays against a program and running an ONNX Runtime session.

import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { RunError, UsageError, unknownName } from '../errors.js';
import type { Program, TensorSpec } from '../tensor/index.js';
import { outputName, toOnnx } from '../tensor/onnx/emit.js';
import { pieceOf } from '../tensor/onnx/pieces.js';
import { type Dtype, formatShape, sizeOf } from '../tensor/shape.js';
import type { CompileOptions, Executable, NumericArray } from './runtime.js';

export interface Ort {
  create(model: Uint8Array, options: Required<Omit<CompileOptions, 'rows'>>): Promise<InferenceSession>;
  tensor(dtype: Dtype, data: NumericArray, shape: readonly number[]): Tensor;
  /** Native code fills output tensors passed to `run` in place, and refuses shared memory. */
  readonly native: boolean;
}

const arrayTypes = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

/** A zeroed array that fits a value. */
export const arrayFor = ({ dtype, shape }: TensorSpec): NumericArray => new arrayTypes[dtype](sizeOf(shape));

/** Specs of a model's own inputs or outputs. One free dimension, of whatever name, is `rows`. */
function specsOf(metadata: readonly InferenceSession.ValueMetadata[], rows: number): TensorSpec[] {
  return metadata.map((value) => {
    const { name, type, shape } = value as { name: string; type?: string; shape?: readonly (number | string)[] };
    const free = new Set(shape?.filter((n) => typeof n === 'string'));
    if (type === undefined || !(type in arrayTypes) || shape === undefined || free.size > 1) {
      throw new UsageError(
        `model value "${name}" (${type} [${shape}]) is not a tensor of known type and shape with one free dimension at most`,
      );
    }
    return { name, dtype: type as Dtype, shape: shape.map((n) => (typeof n === 'string' ? rows : n)) };
  });
}

/** A value of the model: a value of the program, or a piece of one. */
interface Piece extends TensorSpec {
  readonly offset: number;
  /** Shape of the whole. */
  readonly whole: readonly number[];
}

/** The model's values by what they are pieces of. */
function piecesOf(specs: readonly TensorSpec[]): Map<string, Piece[]> {
  const pieces = new Map<string, Piece[]>();
  for (const spec of specs) {
    const piece = pieceOf(spec.name);
    const value = piece?.value ?? spec.name;
    const whole = piece ? [piece.size] : spec.shape;
    pieces.set(value, [...(pieces.get(value) ?? []), { ...spec, offset: piece?.offset ?? 0, whole }]);
  }
  return pieces;
}

const wholes = (pieces: ReadonlyMap<string, readonly Piece[]>): TensorSpec[] =>
  [...pieces].map(([name, [{ whole, dtype }]]) => ({ name, dtype, shape: whole }));

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

/** Compiles a program, or a model's bytes, on one of the ONNX Runtimes. */
export async function compile(
  ort: Ort,
  source: Program | Uint8Array,
  options: CompileOptions = {},
): Promise<Executable> {
  const bytes = source instanceof Uint8Array;
  const { threads = 1, rows = 1, optimize = bytes || source.results[0].graph.dtype === 'float32' } = options;
  if (!Number.isInteger(threads) || threads < 1) throw new UsageError(`threads is ${threads}: a whole number from 1`);
  if (!Number.isInteger(rows) || rows < 1) throw new UsageError(`rows is ${rows}: a whole number from 1`);
  const label = bytes ? 'model' : `program "${source.name}"`;
  const model = bytes ? source : toOnnx(source, { pieces: true });
  const session = await ort.create(model, { threads, optimize }).catch((error) => {
    throw new RunError(`${label} does not load: ${(error as Error).message}`, { cause: error });
  });
  const [read, made] = [session.inputMetadata, session.outputMetadata].map((metadata) =>
    piecesOf(specsOf(metadata, rows)),
  );
  const inputs = bytes ? wholes(read) : source.inputs;
  const outputs = bytes ? wholes(made) : source.outputs;
  const modelName = (spec: TensorSpec) => (bytes ? spec.name : outputName(source, spec.name));
  const used = inputs.filter((spec) => read.has(spec.name));

  /** The array as the model's values. */
  const tensors = (array: NumericArray, pieces: readonly Piece[]): [string, Tensor][] =>
    pieces.map(({ name, offset, shape, dtype }) => {
      const size = sizeOf(shape);
      const part = array.length === size ? array : array.subarray(offset, offset + size);
      return [name, ort.tensor(dtype, part, shape)];
    });

  function bindInputs(given: Record<string, NumericArray>): Record<string, Tensor> {
    checkNames('input', given, inputs);
    const feeds: [string, Tensor][] = [];
    for (const spec of used) {
      check('input', spec, given[spec.name], ort.native);
      feeds.push(...tensors(given[spec.name], read.get(spec.name) as Piece[]));
    }
    return Object.fromEntries(feeds);
  }

  const failed = (error: unknown): never => {
    throw new RunError(`${label} failed: ${(error as Error).message}`, { cause: error });
  };

  const executable: Executable = {
    inputs,
    outputs,
    bind(given, results) {
      const feeds = bindInputs(given);
      checkNames('output', results, outputs);
      const wanted = outputs.filter((spec) => spec.name in results);
      const arrays = Object.entries(given);
      const targets: [string, Tensor][] = [];
      for (const spec of wanted) {
        const array = results[spec.name];
        check('output', spec, array, ort.native);
        const input = arrays.find(([, other]) => overlap(array, other));
        if (input) {
          throw new UsageError(`output "${spec.name}" shares memory with input "${input[0]}"; use two arrays in turn`);
        }
        targets.push(...tensors(array, made.get(modelName(spec)) as Piece[]));
      }
      const fetches = Object.fromEntries(targets);
      if (ort.native) {
        return {
          run: () => session.run(feeds, fetches).then(nothing, failed),
        };
      }
      const names = Object.keys(fetches);
      return {
        async run() {
          const filled = await session.run(feeds, names).catch(failed);
          for (const name of names) (fetches[name].data as Float32Array).set(filled[name].data as Float32Array);
        },
      };
    },
    async run(given) {
      const results = Object.fromEntries(outputs.map((spec) => [spec.name, arrayFor(spec)]));
      await executable.bind(given, results).run();
      return results;
    },
    dispose: () => session.release(),
  };
  return executable;
}

const nothing = () => undefined;

function overlap(a: NumericArray, b: NumericArray): boolean {
  const [ends, otherEnds] = [a, b].map(({ byteOffset, byteLength }) => byteOffset + byteLength);
  return a.buffer === b.buffer && a.byteOffset < otherEnds && b.byteOffset < ends;
}
