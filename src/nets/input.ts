// The parts of a batch as network inputs: normalisation inside the graph, and how parts are combined.
import { concat, type Tensor } from '../tensor/index.js';

/** Normalised inputs beyond this many deviations are clipped (HER, Andrychowicz et al. 2017, appendix A). */
const CLIP = 5;

export interface Normalizer {
  observation(x: Tensor): Tensor;
  goal(x: Tensor): Tensor;
}

/** Reads the input `normalizer` = [mean, 1/std of observation, mean, 1/std of goal]; undefined leaves inputs as they are. */
export function inputNormalizer(vector: Tensor | undefined, observation: number, goal: number): Normalizer {
  if (!vector) return { observation: (x) => x, goal: (x) => x };
  const [observationMean, observationScale, goalMean, goalScale] = vector.split(
    [observation, observation, goal, goal],
    0,
  );
  return {
    observation: (x) => x.sub(observationMean).mul(observationScale).clip(-CLIP, CLIP),
    goal: (x) => x.sub(goalMean).mul(goalScale).clip(-CLIP, CLIP),
  };
}

/** Plain concatenation [s; g; ...]: the simplest form of a universal value function. */
export const combine = (...parts: Tensor[]): Tensor => concat(parts, 1);
