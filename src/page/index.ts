// For pages: training in a worker, the browser's own files, downloads.
export { type BrowserStoreOptions, openBrowserStore } from '../runs/browser-store.js';
export { downloadRun, saveRun } from './keep-run.js';
export type { ResumeRequest, TrainRequest, WasmAddresses } from './serve-training.js';
export {
  type ResumeInWorkerOptions,
  resumeInWorker,
  type StoredRun,
  type TrainInWorkerOptions,
  trainInWorker,
  type WorkerOptions,
  type WorkerTraining,
} from './train-in-worker.js';
