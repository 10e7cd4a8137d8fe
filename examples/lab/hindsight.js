// Hindsight relabelling of one path: the share of transitions with reward 1 by formula, counted, and as the sampler draws.
import { countPositives, positiveRatio, relabelledShare, samplePositives } from 'anygoal/lab';

/**
 * @param {{ path: readonly (readonly number[])[], goal: readonly number[], k: number, eps: number, seed: number,
 *   strategy: import('anygoal/lab').OwnEpisodeStrategy }} settings
 *   states of the path in the plane, the goal that was asked for, k relabelled goals per original
 */
export function relabel({ path, goal, strategy, k, eps, seed }) {
  const paths = [{ achieved: Float32Array.from(path.flat()), goal: Float32Array.from(goal) }];
  const counted = countPositives(paths, { strategy, k }, { dimensions: 2, eps });
  const sampled = samplePositives(paths, { strategy, k }, { dimensions: 2, eps, samples: 10_000, seed });
  return {
    relabelled: relabelledShare(strategy, k),
    formula: positiveRatio(strategy, path.length - 1, k, counted.originalSuccess),
    counted: counted.share,
    sampled: sampled.positives / sampled.drawn,
  };
}
