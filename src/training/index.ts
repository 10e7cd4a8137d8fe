// Training, evaluation, runs and policies.
export { type TrainConfig, trainConfigSchema } from './config.js';
export { configure, configureLayers } from './configure.js';
export { tunedDefaults } from './defaults/index.js';
export { type EpisodeResult, evaluatePolicy, runEpisode } from './evaluate.js';
export { createMemoryStore } from './memory-store.js';
export {
  type EvaluateRunOptions,
  evaluateRun,
  exportPolicy,
  loadPolicy,
  type Policy,
  type PolicySource,
} from './policy.js';
export { type CheckpointName, listCheckpoints, type OpenedRun, openRun } from './run-reader.js';
export { decodeSafetensors, encodeSafetensors } from './safetensors.js';
export type * from './store.js';
export { resume, train } from './train.js';
export type * from './types.js';
