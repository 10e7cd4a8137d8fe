// Random exploration: how many random end points lie within eps of the goal, counted and by the formula.
import { createEndPoints, log10HitProbability } from 'anygoal/lab';

/**
 * @param {{ goal: number[], eps: number, trials: number, seed: number }} settings a cube of side 1 m, lengths in metres
 * @param {(point: Float64Array, hit: boolean) => void} [look] is shown every end point
 */
export function explore({ goal, eps, trials, seed }, look) {
  const sides = goal.map(() => 1);
  const points = createEndPoints({ sides, goal, eps, seed });
  points.draw(trials, look);
  const { log10Probability, shareInside } = log10HitProbability(sides, goal, eps);
  return { hits: points.hits, expected: trials * 10 ** log10Probability, log10Probability, shareInside };
}
