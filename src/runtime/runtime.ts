// What a runtime is: it compiles programs into executables that read and fill typed arrays.
import type { Program, TensorSpec } from '../tensor/index.js';

/** Float32Array for float32, Float64Array for float64, Int32Array for int32, BigInt64Array for int64, Uint8Array for uint8 and bool. */
export type NumericArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

export interface CompileOptions {
  /** Threads inside an operation; 1 unless said otherwise. Part of what makes results reproducible. */
  readonly threads?: number;
  /**
   * ONNX Runtime's own graph optimisation. On unless the program is in double precision: some of its fusions then round
   * in single precision or fail.
   */
  readonly optimize?: boolean;
  /**
   * What the free dimension of a model is, where its bytes leave one free; 1 unless said otherwise. Where there are more,
   * what each is by its axis.
   */
  readonly rows?: number | readonly number[];
}

export interface Runtime {
  readonly name: string;
  /** Of ONNX Runtime. */
  readonly version: string;
  compile(program: Program | Uint8Array, options?: CompileOptions): Promise<Executable>;
}

/** A binding of arrays to an executable. */
export interface Binding {
  /** Reads the inputs as they now are and fills the outputs. Leave the arrays alone until it is done. */
  run(): Promise<void>;
}

export interface Executable {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /**
   * An array for this input that the runtime reads faster than others, the same at every call; ask before `bind`. Absent or
   * undefined: any array will do.
   */
  inputArray?(name: string): Float32Array | undefined;
  /**
   * Binds arrays, checked once: every input that is used and every output, exact sizes and types. No array may be both.
   * Outputs left out are not computed for the caller.
   */
  bind(inputs: Record<string, NumericArray>, outputs: Record<string, NumericArray>): Binding;
  /** One call with new output arrays. */
  run(inputs: Record<string, NumericArray>): Promise<Record<string, NumericArray>>;
  /**
   * The same model for other sizes of its free dimensions, in the same memory: of each value the free ones by their axis.
   * `dispose` of either ends both. Only where a model's bytes leave dimensions free.
   */
  readonly sized?: (byAxis: readonly number[]) => Executable;
  /** Frees memory outside JavaScript. */
  dispose(): Promise<void>;
}
