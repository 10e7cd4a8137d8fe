// Training from a page's main thread: one call starts the worker, and the run comes back.
import type { Evaluation } from '../acting/evaluate.js';
import { looksLikeModule, moduleUrl } from '../envs/module.js';
import { UsageError } from '../errors.js';
import { addRun, runFiles } from '../runs/archive.js';
import { openBrowserStore } from '../runs/browser-store.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { readConfig } from '../runs/run-reader.js';
import type { Store } from '../runs/store.js';
import type { Progress, StartedRun, TrainResult } from '../training/types.js';
import type {
  Ended,
  Place,
  ResumeRequest,
  TrainingNews,
  TrainingWorker,
  TrainRequest,
  WasmAddresses,
} from './serve-training.js';
import { calls } from './worker-calls.js';

/** How a page watches and steers a training in a worker. */
export interface WorkerOptions {
  /**
   * A folder of the browser's own files (OPFS) that the run is written to as it goes, so that it outlives the tab; absent:
   * memory, and the run's files come to the page when it ends.
   */
  readonly folder?: string;
  readonly onStart?: (run: StartedRun) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly onEvaluation?: (evaluation: Evaluation) => void;
  /** Stops it as `stop` does. */
  readonly signal?: AbortSignal;
  /** The worker's script, or what makes the worker; default: the package's own. Scripts of your own call `serveTraining`. */
  readonly worker?: string | URL | (() => Worker);
  /** Where the WebAssembly is served, where that is not beside the worker's script. */
  readonly wasm?: WasmAddresses;
}

/** As the options of `train`, as far as messages can carry them: environments by name or by the address of a module. */
export type TrainInWorkerOptions = TrainRequest & WorkerOptions;

/** A run and where it is, as `loadPolicy`, `evaluateRun`, `saveRun`, `downloadRun` and `resumeInWorker` take it. */
export interface StoredRun {
  readonly run: string;
  readonly store: Store;
}

export type ResumeInWorkerOptions = ResumeRequest &
  WorkerOptions & {
    /** Where the run is, where it is not in `folder`: its files are copied for the worker, and copied back when it ends. */
    readonly store?: Store;
  };

export interface WorkerTraining {
  /** Resolves when the steps are done, the wanted success is reached or it was stopped; the worker ends too. */
  readonly ended: Promise<{ readonly run: StoredRun; readonly result: TrainResult }>;
  pause(): void;
  goOn(): void;
  /** Ends with a checkpoint; `ended` resolves. */
  stop(): void;
  /** Ends the worker at once; `ended` rejects, and of a run in memory nothing is left. */
  abandon(): void;
}

/**
 * Trains in a worker: `const { run, result } = await trainInWorker({ env: 'point/reach' }).ended`, then
 * `loadPolicy(run)`. @throws UsageError for what a worker cannot be given
 */
export function trainInWorker(options: TrainInWorkerOptions): WorkerTraining {
  if (typeof options?.env !== 'string') {
    throw new UsageError(
      'env of trainInWorker must be the name of an environment or the address of its module, for a worker cannot be given objects; for environments of your own that a bundler builds see serveTraining.',
    );
  }
  const { env, data, init, ...rest } = options;
  const [request, place, watch] = parted(rest);
  const files = typeof data === 'string' ? absolute(data) : data?.map(absolute);
  const wanted: TrainRequest = {
    ...request,
    env: looksLikeModule(env) ? moduleUrl(env) : env,
    ...(files !== undefined && { data: files }),
    ...(init !== undefined && { init: absolute(init) }),
  };
  return start(watch, place, (worker) => worker.train(wanted, place));
}

/** Goes on with a run in a worker, as `resume` does: `resumeInWorker({ ...run, steps: 10_000 })`. */
export function resumeInWorker(options: ResumeInWorkerOptions): WorkerTraining {
  const { store, ...rest } = options;
  if (store === undefined && rest.folder === undefined) {
    throw new UsageError(
      "resumeInWorker needs the store that the run is in, or the folder of the browser's own files.",
    );
  }
  const [request, place, watch] = parted(rest);
  return start(watch, place, async (worker) => {
    const from = store ?? (await openBrowserStore(place.folder as string));
    const { config } = await readConfig(from, request.run);
    const files = store && (await runFiles(store, request.run));
    return worker.resume(request, config.env.name, { ...place, ...(files && { files }) });
  });
}

/** What goes to the worker, where it works, and what stays here. */
function parted<T extends WorkerOptions>(options: T) {
  const { folder, wasm, onStart, onProgress, onEvaluation, signal, worker, ...request } = options;
  const addresses = wasm && Object.fromEntries(Object.entries(wasm).map(([name, url]) => [name, absolute(url)]));
  const place: Place = { ...(folder !== undefined && { folder }), ...(addresses && { wasm: addresses }) };
  return [request, place, { onStart, onProgress, onEvaluation, signal, worker }] as const;
}

/** Addresses start at the page, whose worker may lie elsewhere. */
const absolute = (url: string): string => new URL(url, globalThis.location?.href).href;

/** Bundlers know this form, and build the worker's script. */
const ownWorker = (): Worker => new Worker(new URL('./train-worker.js', import.meta.url), { type: 'module' });

/** @throws UsageError where browsers start none, as of scripts of another site */
function begun(script: WorkerOptions['worker']): Worker {
  try {
    if (script === undefined) return ownWorker();
    return typeof script === 'function' ? script() : new Worker(script, { type: 'module' });
  } catch (error) {
    throw new UsageError(
      `the worker does not start: ${(error as Error).message} Its script must come from the page's own origin; serve it there and name it as worker (docs/pages.md).`,
      { cause: error },
    );
  }
}

function start(
  { worker: script, signal, ...watch }: WorkerOptions,
  { folder }: Place,
  begin: (worker: ReturnType<typeof calls<TrainingWorker>>) => Promise<Ended>,
): WorkerTraining {
  const made = begun(script);
  const worker = calls<TrainingWorker>(made);
  made.addEventListener('message', ({ data }: MessageEvent<Partial<TrainingNews>>) => {
    if (data.news === 'start' && data.started) watch.onStart?.(data.started);
    else if (data.news === 'progress' && data.progress) watch.onProgress?.(data.progress);
    else if (data.news === 'evaluation' && data.evaluation) watch.onEvaluation?.(data.evaluation);
  });
  const stop = () => void worker.stop();
  let abandon = () => {};
  const abandoned = new Promise<never>((_, reject) => {
    abandon = () => reject(new UsageError('the training was abandoned.'));
  });
  const finish = async () => {
    try {
      const { result, run, files } = await Promise.race([begin(worker), abandoned]);
      const store = folder === undefined ? createMemoryStore() : await openBrowserStore(folder);
      const name = files ? await addRun(store, run, files) : run;
      return { run: { run: name, store }, result };
    } finally {
      signal?.removeEventListener('abort', stop);
      made.terminate();
    }
  };
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  return {
    ended: finish(),
    pause: () => void worker.pause(),
    goOn: () => void worker.goOn(),
    stop,
    abandon: () => abandon(),
  };
}
