// The positive ratio: how many transitions of a batch have reward 1 under hindsight, step by step.
import { harmonic, positiveRatio, relabelledShare } from 'anygoal/lab';

/**
 * @param {{ steps: number, k: number, step: number, solved: number }} settings T steps of an episode whose achieved goals
 *   are all apart, k relabelled goals per original, a step t (0 to T-1), the share of original successes
 */
export function derive({ steps, k, step, solved }) {
  return {
    relabelled: relabelledShare('future', k),
    hitOfStep: 1 / (steps - step),
    meanHit: harmonic(steps) / steps,
    future: positiveRatio('future', steps, k),
    final: positiveRatio('final', steps, k),
    withOriginals: positiveRatio('future', steps, k, solved),
  };
}
