// Runs programs natively in Node with onnxruntime-node.
import { compile } from './executable.js';
import { loadNative } from './load-native-node.js';
import type { Runtime } from './runtime.js';

const ort = await loadNative();

/**
 * The native runtime. It computes on the calling JavaScript thread, in `threads` threads; keep long updates in a worker.
 */
export const nodeRuntime: Runtime = {
  name: 'onnxruntime-node',
  version: ort.env.versions.node ?? ort.env.versions.common,
  compile: (program, options) =>
    compile(
      {
        create: (model, { threads, optimize }) =>
          ort.InferenceSession.create(model, {
            executionProviders: ['cpu'],
            graphOptimizationLevel: optimize ? 'all' : 'disabled',
            executionMode: 'sequential',
            intraOpNumThreads: threads,
            interOpNumThreads: 1,
            logSeverityLevel: 3,
          }),
        tensor(dtype, data, shape) {
          const tensor = new ort.Tensor(dtype, data as Float32Array, shape);
          // The native code reads these at every run, and getters cost it 0.15 us a tensor more than own properties.
          return Object.defineProperties(tensor, { data: { value: data }, location: { value: tensor.location } });
        },
        native: true,
      },
      program,
      options,
    ),
};
