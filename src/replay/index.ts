// Replay: episode storage, hindsight relabelling, running normalisation.
export type { RowLayout } from './layout.js';
export { createNormalizer, type Normalizer, type NormalizerOptions } from './normalizer.js';
export {
  formatRelabel,
  parseRelabel,
  type RelabelStrategy,
  type RelabelStrategyName,
  relabelStrategies,
} from './relabel.js';
export { createReplay, type Episode, type Replay, type ReplayTransition } from './replay.js';
export type { BatchRequest, GoalDraw } from './request.js';
export type { Ring } from './ring.js';
export { type Batch, createBatch, createSampler, type Sampler, type SamplerOptions } from './sampler.js';
