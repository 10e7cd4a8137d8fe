// Runs programs in browsers (and in Node) with onnxruntime-web's WebAssembly.
import * as ort from 'onnxruntime-web/wasm';
import { compile } from './executable.js';
import { createQueue } from './in-turn.js';
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
 * Calls of a thread queue: ONNX Runtime's WebAssembly has one stack for all of them, which a second call would take while
 * the first one waits.
 */
const inTurn = createQueue();

/** Threads that WebAssembly can have here: pages get them only where their headers isolate them (docs/pages.md). */
const mostThreads = (): number => (globalThis.crossOriginIsolated === false ? 1 : Number.POSITIVE_INFINITY);

/**
 * The WebAssembly runtime: one call at a time, others wait for it. Threads above 1 need a page that is cross-origin
 * isolated, and become 1 elsewhere; they are set by the first `compile` of the page or worker and stay.
 */
export const webRuntime: Runtime = {
  name: 'onnxruntime-web',
  version: ort.env.versions.web ?? ort.env.versions.common,
  compile: (program, options) =>
    compile(
      {
        async create(model, { threads, optimize }) {
          ort.env.wasm.numThreads ||= Math.min(threads, mostThreads());
          const session = await inTurn(() =>
            ort.InferenceSession.create(model, {
              executionProviders: ['wasm'],
              graphOptimizationLevel: optimize ? 'all' : 'disabled',
              logSeverityLevel: 3,
            }),
          );
          const { inputMetadata, outputMetadata } = session;
          return {
            inputMetadata,
            outputMetadata,
            run: (feeds, wanted) => inTurn(() => session.run(feeds, wanted)),
            release: () => inTurn(() => session.release()),
          };
        },
        tensor: (dtype, data, shape) => new ort.Tensor(dtype, data as Float32Array, shape),
        native: false,
      },
      program,
      options,
    ),
};
