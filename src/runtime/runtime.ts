// What a runtime is: it compiles programs into executables that read and fill typed arrays.
import type { Program, TensorSpec } from '../tensor/index.js';

/** Float32Array for float32, Float64Array for float64, Int32Array for int32, BigInt64Array for int64, Uint8Array for bool. */
export type NumericArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

export interface CompileOptions {
  /** Threads inside an operation; 1 unless said otherwise. Part of what makes results reproducible. */
  readonly threads?: number;
  /**
   * ONNX Runtime's own graph optimisation. On unless the program is in double precision: some of its fusions then round
   * in single precision or fail.
   */
  readonly optimize?: boolean;
}

export interface Runtime {
  readonly name: string;
  /** Of ONNX Runtime. */
  readonly version: string;
  compile(program: Program | Uint8Array, options?: CompileOptions): Promise<Executable>;
  /** Puts a program to work in a thread of its own; absent where threads cannot wait for each other. */
  readonly startThread?: (program: Program, options: ThreadOptions) => Promise<ProgramThread>;
}

export interface ThreadOptions extends CompileOptions {
  /** Outputs that are wanted after every run. */
  readonly wanted: readonly string[];
}

/**
 * A float32 program that runs in another thread while this one does something else. Its state, the outputs that are
 * named like inputs, stays over there from run to run, so that it need not travel.
 */
export interface ProgramThread {
  /** Shared memory, filled before `start`. */
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** Shared memory, filled after `finish`. */
  readonly outputs: Readonly<Record<string, Float32Array>>;
  /** Begins a run. `load`: the state too comes from `inputs`, as in a first run; `store`: all outputs are wanted. */
  start(options: { load: boolean; store: boolean }): void;
  /** Waits for the run, blocking this thread: it is due as soon as the caller's own share is done. */
  finish(): Promise<void>;
  dispose(): Promise<void>;
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
   * Binds arrays, checked once: every input that is used and every output, exact sizes and types. No array may be both.
   * Outputs left out are not computed for the caller.
   */
  bind(inputs: Record<string, NumericArray>, outputs: Record<string, NumericArray>): Binding;
  /** One call with new output arrays. */
  run(inputs: Record<string, NumericArray>): Promise<Record<string, NumericArray>>;
  /** Frees memory outside JavaScript. */
  dispose(): Promise<void>;
}
