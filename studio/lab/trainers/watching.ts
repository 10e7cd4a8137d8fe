// How a training in a worker is told of in its page: what it has done, every so often.
import type { TrainOptions } from '../../../src/index.js';
import { nextTurn } from '../../../src/platform/yield.js';

export interface TrainingProgress {
  readonly done: number;
  readonly of: number;
  /** Share of the last 100 episodes that succeeded; absent where there is no such notion or no episode. */
  readonly success?: number;
  /** Mean return of the last 100 episodes; absent before the first. */
  readonly reward?: number;
}

export type Tell = (progress: TrainingProgress) => void;

const REPORT_MS = 200;

/** What `train` is given to tell of its progress, and to let messages in between its iterations. */
export function watching(tell: Tell): Pick<TrainOptions, 'onProgress' | 'onIteration'> {
  let told = 0;
  return {
    onProgress({ steps, totalSteps, successRate, meanReward }) {
      if (performance.now() - told < REPORT_MS) return;
      told = performance.now();
      tell({
        done: steps,
        of: totalSteps,
        ...(Number.isFinite(successRate) && { success: successRate }),
        ...(Number.isFinite(meanReward) && { reward: meanReward }),
      });
    },
    onIteration: () => nextTurn(),
  };
}
