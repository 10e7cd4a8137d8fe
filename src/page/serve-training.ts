// The worker's side of `trainInWorker`: trains over a store in memory or the browser's own files, and tells the page.

import type { Evaluation } from '../acting/evaluate.js';
import type { EnvDefinition } from '../envs/env.js';
import { configureMujoco } from '../physics/engine.js';
import { addRun, runFiles } from '../runs/archive.js';
import { openBrowserStore } from '../runs/browser-store.js';
import { createMemoryStore } from '../runs/memory-store.js';
import type { Store } from '../runs/store.js';
import { configureWeb } from '../runtime/web.js';
import { resume, train } from '../training/train.js';
import type { Progress, ResumeOptions, StartedRun, TrainOptions, TrainResult } from '../training/types.js';
import { createPausing } from './pausing.js';
import { offer } from './worker-calls.js';

/** Where the WebAssembly is served, for pages that have moved it. */
export interface WasmAddresses {
  /** Of `ort-wasm-simd-threaded.wasm`. */
  readonly onnxruntime?: string;
  /** Of `mujoco.wasm`. */
  readonly mujoco?: string;
}

/** What is asked of the worker besides the options of `train` or `resume`. */
export interface Place {
  /** A folder of the browser's own files; absent: memory. */
  readonly folder?: string;
  readonly wasm?: WasmAddresses;
  /** The run's name, and its files where they are not in `folder`. */
  readonly run?: string;
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

type Sendable<T> = Omit<T, 'env' | 'store' | 'runtime' | 'data' | 'signal' | `on${string}`>;
export type TrainRequest = Sendable<TrainOptions> & {
  readonly env: string;
  readonly data?: string | readonly string[];
};
export type ResumeRequest = Sendable<ResumeOptions>;

export interface Ended {
  readonly result: TrainResult;
  readonly run: string;
  /** Absent where they are in the browser's own files. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

/** What the worker says unasked. */
export type TrainingNews =
  | { readonly news: 'start'; readonly started: StartedRun }
  | { readonly news: 'progress'; readonly progress: Progress }
  | { readonly news: 'evaluation'; readonly evaluation: Evaluation };

const tell = (news: TrainingNews) => self.postMessage(news);

/** What the page can call. */
function trainingFunctions(envs: readonly EnvDefinition[]) {
  const pausing = createPausing();
  const watch = {
    onStart: (started: StartedRun) => tell({ news: 'start', started }),
    onProgress: (progress: Progress) => tell({ news: 'progress', progress }),
    onEvaluation: (evaluation: Evaluation) => tell({ news: 'evaluation', evaluation }),
    onIteration: () => pausing.between(),
  };
  const prepare = async ({ folder, wasm }: Place): Promise<Store> => {
    if (wasm?.onnxruntime) configureWeb({ wasmPaths: { wasm: wasm.onnxruntime } });
    if (wasm?.mujoco) configureMujoco({ wasmUrl: wasm.mujoco });
    return folder === undefined ? createMemoryStore() : openBrowserStore(folder);
  };
  const ended = async (store: Store, { folder }: Place, result: TrainResult): Promise<Ended> => {
    const run = result.runDir.slice(store.location.length + 1);
    return { result, run, ...(folder === undefined && { files: await runFiles(store, run) }) };
  };
  return {
    async train(request: TrainRequest, place: Place): Promise<Ended> {
      const store = await prepare(place);
      const env = envs.find(({ name }) => name === request.env) ?? request.env;
      return ended(store, place, await train({ ...request, env, store, signal: pausing.signal(), ...watch }));
    },
    async resume(request: ResumeRequest, envName: string | undefined, place: Place): Promise<Ended> {
      const store = await prepare(place);
      const run = place.files ? await addRun(store, request.run, place.files) : request.run;
      const env = envs.find(({ name }) => name === envName);
      const options = { ...request, run, ...(env && { env }) };
      return ended(store, place, await resume({ ...options, store, signal: pausing.signal(), ...watch }));
    },
    pause: pausing.pause,
    goOn: pausing.goOn,
    stop: pausing.stop,
  };
}

export type TrainingWorker = ReturnType<typeof trainingFunctions>;

/**
 * Makes a worker's script serve `trainInWorker`: `serveTraining({ envs: [env] })` in a script of your own lets it train
 * environments of your own, by their names.
 */
export function serveTraining({ envs = [] }: { readonly envs?: readonly EnvDefinition[] } = {}): void {
  offer(trainingFunctions(envs));
}
