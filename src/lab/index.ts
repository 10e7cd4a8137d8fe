// The lab: calculators on goal-conditioned learning, each with checked options, data, and tables for any surface.
import { unknownName } from '../errors.js';
import type { Calculator } from './calculator.js';
import { goalEnd } from './goal-end.js';
import { handCalculation } from './hand-calculation.js';
import { hindsightBias } from './hindsight-bias.js';
import { positiveRatioCalculator } from './positive-ratio.js';
import { sparseReward } from './sparse-reward.js';
import { specialists } from './specialists.js';

export { ballShareInBox } from './ball-in-box.js';
export { type Calculator, type Correction, calculate, parseOptions, type Table } from './calculator.js';
export { exact, number, percent, powerOfTen, whole } from './format.js';
export { goalValue, iterateGoalValues, type RewardForm } from './goal-end.js';
export {
  createHandTable,
  type HandOptions,
  type HandStrategy,
  trace,
  transitions,
  type Update,
  valuesAfter,
} from './hand-calculation.js';
export { type CoinMethod, coinMethods, learnCoin, learnedValue } from './hindsight-bias.js';
export type { Path } from './hindsight-buffer.js';
export { permutationChance } from './permutation.js';
export {
  countPositives,
  createPaths,
  harmonic,
  lectureCorrections as positiveRatioCorrections,
  type OwnEpisodeStrategy,
  positiveRatio,
  relabelledShare,
  samplePositives,
} from './positive-ratio.js';
export { createEndPoints, type EndPointOptions, type EndPoints } from './random-end-points.js';
export {
  lectureCorrections as sparseRewardCorrections,
  log10HitProbability,
  trialsToFirstSuccess,
} from './sparse-reward.js';
export {
  type CostModel,
  fitSharing,
  generalistCost,
  lectureCorrections as specialistsCorrections,
  sharingThreshold,
  tasksThreshold,
} from './specialists.js';

const calculators: readonly Calculator[] = [
  sparseReward,
  specialists,
  positiveRatioCalculator,
  handCalculation,
  hindsightBias,
  goalEnd,
];

export const listCalculators = (): readonly Calculator[] => calculators;

/** @throws UsageError with the nearest name */
export function findCalculator(name: string): Calculator {
  const found = calculators.find((calculator) => calculator.name === name);
  if (found) return found;
  throw unknownName(
    'calculator',
    name,
    calculators.map((calculator) => calculator.name),
  );
}
