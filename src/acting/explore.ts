// Exploration that gets somewhere: a random direction that is kept for a while, where independent actions cancel out.
import { actionSize, type Box, type Discrete } from '../envs/space.js';
import type { Random } from '../random.js';
import { randomAction } from './actor.js';
import type { Controller } from './record.js';

/** Steps for which a direction is kept, as in OGBench's `explore` data. */
export const keptSteps = 10;

/** Writes a direction, uniform on the sphere, times half the range of each number; a choice is drawn as it is. */
function drawDirection(random: Random, space: Box | Discrete, out: Float32Array): void {
  if (space.kind === 'discrete') {
    randomAction(random, space, out, 0);
    return;
  }
  for (let j = 0; j < out.length; j++) out[j] = random.normal();
  const length = Math.hypot(...out);
  for (let j = 0; j < out.length; j++) {
    const [low, high] = [space.low[j], space.high[j]];
    const bounded = Number.isFinite(low) && Number.isFinite(high);
    out[j] = bounded ? (low + high) / 2 + ((high - low) / 2) * (out[j] / length) : out[j];
  }
}

/** Keeps each direction for `steps` steps; every episode begins with a new one. */
export function explorer(space: Box | Discrete, steps: number, random: Random): { begin(): void; act: Controller } {
  const action = new Float32Array(actionSize(space));
  let left = 0;
  return {
    begin() {
      left = 0;
    },
    act() {
      if (left === 0) {
        drawDirection(random, space, action);
        left = steps;
      }
      left--;
      return action;
    },
  };
}
