// What the runtimes share: checking arrays against a program and running an ONNX Runtime session.

import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { RunError, UsageError } from '../errors.js';
import type { Program, TensorSpec } from '../tensor/index.js';
import { outputName, toOnnx } from '../tensor/onnx/emit.js';
import { pieceOf } from '../tensor/onnx/pieces.js';
import { type Dtype, sizeOf } from '../tensor/shape.js';
import { arrayFor, arrayTypes, checkArrays } from './arrays.js';
import type { CompileOptions, Executable, NumericArray } from './runtime.js';

/** What is needed of a session of ONNX Runtime. `wanted`: names of outputs, or tensors to fill where the code is native. */
export interface OrtSession extends Pick<InferenceSession, 'inputMetadata' | 'outputMetadata' | 'release'> {
  run(
    feeds: Readonly<Record<string, Tensor>>,
    wanted: readonly string[] | Readonly<Record<string, Tensor>>,
  ): Promise<Readonly<Record<string, Tensor>>>;
}

export interface Ort {
  create(model: Uint8Array, options: Required<Omit<CompileOptions, 'rows'>>): Promise<OrtSession>;
  tensor(dtype: Dtype, data: NumericArray, shape: readonly number[]): Tensor;
  /** Native code fills output tensors passed to `run` in place, and refuses shared memory. */
  readonly native: boolean;
}

/** What free dimensions are: one, of whatever name, or each by its axis. */
type Free = number | readonly number[];

function requireSizes(free: Free): void {
  if ([free].flat().some((size) => !Number.isInteger(size) || size < 1)) {
    throw new UsageError(`rows is ${free}: a whole number from 1`);
  }
}

/** Specs of a model's own inputs or outputs. */
function specsOf(metadata: readonly InferenceSession.ValueMetadata[], free: Free): TensorSpec[] {
  const most = typeof free === 'number' ? 1 : free.length;
  const sizeAt = (axis: number) => (typeof free === 'number' ? free : free[axis]);
  return metadata.map((value) => {
    const { name, type, shape } = value as { name: string; type?: string; shape?: readonly (number | string)[] };
    const names = new Set(shape?.filter((n) => typeof n === 'string'));
    if (type === undefined || !(type in arrayTypes) || shape === undefined || names.size > most) {
      throw new UsageError(
        `model value "${name}" (${type} [${shape}]) is not a tensor of known type and shape with ${most} free dimension${most === 1 ? '' : 's'} at most`,
      );
    }
    return { name, dtype: type as Dtype, shape: shape.map((n, axis) => (typeof n === 'string' ? sizeAt(axis) : n)) };
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

const labelOf = (source: Program | Uint8Array) => (source instanceof Uint8Array ? 'model' : `program "${source.name}"`);

/** Compiles a program, or a model's bytes, on one of the ONNX Runtimes. */
export async function compile(
  ort: Ort,
  source: Program | Uint8Array,
  options: CompileOptions = {},
): Promise<Executable> {
  const bytes = source instanceof Uint8Array;
  const { threads = 1, rows = 1, optimize = bytes || source.results[0].graph.dtype === 'float32' } = options;
  if (!Number.isInteger(threads) || threads < 1) throw new UsageError(`threads is ${threads}: a whole number from 1`);
  requireSizes(rows);
  const model = bytes ? source : toOnnx(source, { pieces: true });
  const session = await ort.create(model, { threads, optimize }).catch((error) => {
    throw new RunError(`${labelOf(source)} does not load: ${(error as Error).message}`, { cause: error });
  });
  return executableOf(ort, session, source, rows);
}

/** What a session computes, for certain sizes of its free dimensions. */
function executableOf(ort: Ort, session: OrtSession, source: Program | Uint8Array, free: Free): Executable {
  const bytes = source instanceof Uint8Array;
  const [read, made] = [session.inputMetadata, session.outputMetadata].map((metadata) =>
    piecesOf(specsOf(metadata, free)),
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

  const failed = (error: unknown): never => {
    throw new RunError(`${labelOf(source)} failed: ${(error as Error).message}`, { cause: error });
  };

  const executable: Executable = {
    inputs,
    outputs,
    bind(given, results) {
      checkArrays({ inputs, outputs }, used, given, results, ort.native);
      const bound = (
        specs: readonly TensorSpec[],
        arrays: Record<string, NumericArray>,
        pieces: (spec: TensorSpec) => Piece[],
      ) => Object.fromEntries(specs.flatMap((spec) => tensors(arrays[spec.name], pieces(spec))));
      const feeds = bound(used, given, ({ name }) => read.get(name) as Piece[]);
      const wanted = outputs.filter(({ name }) => name in results);
      const fetches = bound(wanted, results, (spec) => made.get(modelName(spec)) as Piece[]);
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
    ...(bytes && { sized: (byAxis: readonly number[]) => executableOf(ort, session, source, byAxis) }),
    dispose: () => session.release(),
  };
  return executable;
}

const nothing = () => undefined;
