// Random exploration, counted: end points drawn uniformly in a box, and how many of them lie within eps of the goal.
import { createRandom } from '../random.js';

export interface EndPointOptions {
  /** Sides of the box in metres, [dimensions]; its lower corner is the origin. */
  readonly sides: readonly number[];
  readonly goal: readonly number[];
  /** A point within less than this many metres of the goal is a hit. */
  readonly eps: number;
  readonly seed: number;
}

export interface EndPoints {
  readonly trials: number;
  readonly hits: number;
  /** Draws `count` more points and shows each to `look`; the array is the same every time. */
  draw(count: number, look?: (point: Float64Array, hit: boolean) => void): void;
}

/** Equal options give equal points, however many are drawn at a time. */
export function createEndPoints({ sides, goal, eps, seed }: EndPointOptions): EndPoints {
  const random = createRandom(seed);
  const point = new Float64Array(sides.length);
  let [trials, hits] = [0, 0];
  return {
    get trials() {
      return trials;
    },
    get hits() {
      return hits;
    },
    draw(count, look) {
      for (let n = 0; n < count; n++) {
        let squares = 0;
        for (let i = 0; i < point.length; i++) {
          point[i] = random.uniform() * sides[i];
          squares += (point[i] - goal[i]) ** 2;
        }
        const hit = Math.sqrt(squares) < eps;
        trials++;
        if (hit) hits++;
        look?.(point, hit);
      }
    },
  };
}
