// Runs programs in browsers (and in Node) with onnxruntime-web's WebAssembly.
import * as ort from 'onnxruntime-web/wasm';
import { compile } from './executable.js';
import type { Runtime } from './runtime.js';

export interface WebOptions {
  /** Where the .wasm and .mjs files of onnxruntime-web are served: a folder, or the address of each. */
  readonly wasmPaths?: string | { readonly wasm?: string; readonly mjs?: string };
}

/** Sets where WebAssembly is loaded from. Call it before the first `compile`. */
export function configureWeb(options: WebOptions): void {
  ort.env.wasm.wasmPaths = options.wasmPaths;
}

/**
 * The WebAssembly runtime. Threads above 1 need a page that is cross-origin isolated; they are set by the first
 * `compile` of the page or worker and stay.
 */
export const webRuntime: Runtime = {
  name: 'onnxruntime-web',
  version: ort.env.versions.web ?? ort.env.versions.common,
  compile: (program, options) =>
    compile(
      {
        create(model, { threads, optimize }) {
          ort.env.wasm.numThreads ||= threads;
          return ort.InferenceSession.create(model, {
            executionProviders: ['wasm'],
            graphOptimizationLevel: optimize ? 'all' : 'disabled',
            logSeverityLevel: 3,
          });
        },
        tensor: (dtype, data, shape) => new ort.Tensor(dtype, data as Float32Array, shape),
        native: false,
      },
      program,
      options,
    ),
};
