// Many tasks, one policy: how gradients of tasks are put together, and what that does.
export { cagrad } from './cagrad.js';
export { type DistralSettings, distilledPolicy, distralCost, distralPolicy, distralSettings } from './distral.js';
export { ewcPenalty, fisherOf, fisherProgram, type GaussianPolicy, LEAST_FISHER } from './ewc.js';
export { type Forgetting, type ForgettingRow, forgettingOf } from './forgetting.js';
export { type GradNormSettings, gradNorm, gradNormMemory, initGradNorm } from './gradnorm.js';
export {
  agreement,
  conflictShare,
  groupTasks,
  interference,
  meanCosine,
  meanCosineOf,
  type PartInterference,
  type VectorPart,
} from './interference.js';
export { inverseNorm } from './inverse-norm.js';
export { pcgrad } from './pcgrad.js';
export { performanceChances, type SamplingSettings, uncertaintyChances } from './task-sampling.js';
export { type CurvePoint, stepsTo, successAt, type TransferRow, transferTable } from './transfer.js';
