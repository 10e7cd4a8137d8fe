// What the runtimes share: checking arrays against a program and running an ONNX Runtime session.

import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { RunError, UsageError, unknownName } from '../errors.js';
import type { Program, TensorSpec } from '../tensor/index.js';
import { outputName, toOnnx } from '../tensor/onnx/emit.js';
import { type Dtype, formatShape, sizeOf } from '../tensor/shape.js';
import type { CompileOptions, Executable, NumericArray } from './runtime.js';

export interface Ort {
  create(model: Uint8Array, options: Required<CompileOptions>): Promise<InferenceSession>;
  tensor(dtype: Dtype, data: NumericArray, shape: readonly number[]): Tensor;
  /** Native code fills output tensors passed to `run` in place, and refuses shared memory. */
  readonly native: boolean;
}

const arrayTypes = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

/** A zeroed array that fits a value. */
export const arrayFor = ({ dtype, shape }: TensorSpec): NumericArray => new arrayTypes[dtype](sizeOf(shape));

/** Specs of a model's own inputs or outputs; free dimensions are not supported. */
function specsOf(metadata: readonly InferenceSession.ValueMetadata[]): TensorSpec[] {
  return metadata.map((value) => {
    const { name, type, shape } = value as { name: string; type?: string; shape?: readonly (number | string)[] };
    if (type === undefined || !(type in arrayTypes) || !shape?.every((n) => typeof n === 'number')) {
      throw new UsageError(`model value "${name}" (${type} [${shape}]) is not a tensor of fixed shape and known type`);
    }
    return { name, dtype: type as Dtype, shape: shape as number[] };
  });
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

/** Compiles a program, or a model's bytes, on one of the ONNX Runtimes. */
export async function compile(
  ort: Ort,
  source: Program | Uint8Array,
  options: CompileOptions = {},
): Promise<Executable> {
  const bytes = source instanceof Uint8Array;
  const { threads = 1, optimize = bytes || source.results[0].graph.dtype === 'float32' } = options;
  if (!Number.isInteger(threads) || threads < 1) throw new UsageError(`threads is ${threads}: a whole number from 1`);
  const label = bytes ? 'model' : `program "${source.name}"`;
  const session = await ort.create(bytes ? source : toOnnx(source), { threads, optimize }).catch((error) => {
    throw new RunError(`${label} does not load: ${(error as Error).message}`, { cause: error });
  });
  const inputs = bytes ? specsOf(session.inputMetadata) : source.inputs;
  const outputs = bytes ? specsOf(session.outputMetadata) : source.outputs;
  const modelName = (spec: TensorSpec) => (bytes ? spec.name : outputName(source, spec.name));
  const used = inputs.filter((spec) => session.inputNames.includes(spec.name));

  function bindInputs(given: Record<string, NumericArray>): Record<string, Tensor> {
    checkNames('input', given, inputs);
    const feeds: Record<string, Tensor> = {};
    for (const spec of used) {
      check('input', spec, given[spec.name], ort.native);
      feeds[spec.name] = ort.tensor(spec.dtype, given[spec.name], spec.shape);
    }
    return feeds;
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
      const inputBuffers = new Map(Object.entries(given).map(([name, array]) => [array.buffer, name]));
      const fetches: Record<string, Tensor> = {};
      for (const spec of wanted) {
        const array = results[spec.name];
        check('output', spec, array, ort.native);
        const input = inputBuffers.get(array.buffer);
        if (input !== undefined && overlap(array, given[input])) {
          throw new UsageError(`output "${spec.name}" shares memory with input "${input}"; use two arrays in turn`);
        }
        fetches[modelName(spec)] = ort.tensor(spec.dtype, array, spec.shape);
      }
      if (ort.native) {
        return {
          run: () => session.run(feeds, fetches).then(nothing, failed),
        };
      }
      const names = wanted.map(modelName);
      return {
        async run() {
          const filled = await session.run(feeds, names).catch(failed);
          for (const spec of wanted) {
            (results[spec.name] as Float32Array).set(filled[modelName(spec)].data as Float32Array);
          }
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
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;
}
