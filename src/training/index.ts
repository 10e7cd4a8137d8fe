// Training, evaluation, runs and policies.

export { type EpisodeResult, type Evaluation, evaluatePolicy, runEpisode } from '../acting/evaluate.js';
export { type GoalPart, goalParts } from '../acting/training-goals.js';
export { type TrainConfig, trainConfigSchema } from '../config/config.js';
export {
  type DataFinding,
  type DataOrigin,
  type DataSet,
  type EpisodeColumns,
  openDataSet,
} from '../datasets/index.js';
export { createMemoryStore } from '../runs/memory-store.js';
export { type CheckpointName, listCheckpoints, type OpenedRun, openRun } from '../runs/run-reader.js';
export type * from '../runs/store.js';
export { decodeSafetensors, encodeSafetensors } from '../safetensors.js';
export { configure, configureLayers } from './configure.js';
export { tunedDefaults, tunedFor } from './defaults/index.js';
export type { Tuned, TunedOver } from './defaults/tuned.js';
export { type DiagnoseOptions, diagnoseRun, type RunDiagnosis } from './diagnose.js';
export {
  type DiagnoseModelOptions,
  diagnoseModel,
  type ModelDiagnosis,
  type ModelPhase,
  modelPhases,
} from './diagnose-model.js';
export { exportModel } from './export-model.js';
export { type PicturedEpisode, type PictureOptions, pictureEpisode } from './pictures.js';
export {
  type EvaluateRunOptions,
  evaluateRun,
  exportPolicy,
  loadPolicy,
  loadValue,
  type Policy,
  type PolicyInput,
  type PolicySource,
  type RunEvaluation,
  type Value,
} from './policy.js';
export { type RecordDataOptions, type RecordedData, recordData } from './record.js';
export type { SequenceReport } from './task-sequence.js';
export { resume, train } from './train.js';
export { compareRuns, readTaskCurves, type SharingEstimate, type TaskCurves, type TransferReport } from './transfer.js';
export type * from './types.js';
export {
  type FitModelOptions,
  fitModel,
  type Imagined,
  loadModel,
  type Rollout,
  type WorldModel,
} from './world-model.js';
