// Replay: episode storage, hindsight relabelling, running normalisation.
export { type Batch, batchPart, createBatch } from './batch.js';
export { type Caption, type Captioner, createFulfilled, createVerifier } from './captions.js';
export { eachEpisode } from './episode-copies.js';
export { unpackEpisodes } from './exported.js';
export { type Copy, createGather } from './gather.js';
export {
  createLanguageHindsight,
  type LanguageHindsight,
  type LanguageHindsightOptions,
} from './language-hindsight.js';
export type { RowColumn, RowLayout, RowMemory } from './layout.js';
export { readColumn, rowLayout, rowMemory, writeColumn } from './layout.js';
export { createNormalizer, type Normalizer, type NormalizerOptions } from './normalizer.js';
export { type EpisodePiece, type EpisodePieces, noPieces } from './pieces.js';
export {
  formatRelabel,
  goalHindsight,
  parseRelabel,
  type RelabelStrategy,
  type RelabelStrategyName,
  relabelStrategies,
} from './relabel.js';
export { createReplay, type Replay, replayOfRows } from './replay.js';
export type { BatchRequest, GoalDraw } from './request.js';
export type { Ring } from './ring.js';
export { type ColumnValues, type Episode, mayLack, type ReplayTransition } from './rows.js';
export { createSampler, type Sampler, type SamplerOptions } from './sampler.js';
export { createTaskHindsight, type TaskHindsight, type TaskHindsightOptions } from './task-hindsight.js';
