// Demonstrators who are less than perfect: whose actions are noisy or random, or whose arm shakes.
import type { GoalEnv } from '../envs/env.js';
import { actionSize, type Box, type Discrete } from '../envs/space.js';
import { wrapEnv } from '../envs/wrap-env.js';
import { UsageError } from '../errors.js';
import { createRandom, type Random } from '../random.js';
import { randomAction } from './actor.js';
import type { Controller } from './record.js';

export interface Clumsiness {
  /** Standard deviation of Gaussian noise on every number of an action, as a share of half its range; default: 0. */
  readonly noise?: number;
  /** Probability that an action is a uniformly random one instead; default: 0. */
  readonly random?: number;
  /**
   * The same noise, but on what happens: recorded is the action that was meant (DART, Laskey et al. 2017, arXiv
   * 1703.09327). So demonstrations show what to do where their own way would not have led. Default: 0.
   */
  readonly shake?: number;
}

/** Noise on a number of an action whose range is [low, high], within that range. */
const noisy = (random: Random, value: number, low: number, high: number, noise: number) =>
  Math.min(Math.max(value + (noise * (high - low) * random.normal()) / 2, low), high);

function boundsOf(setting: string, noise: number, space: Box | Discrete): Box {
  if (space.kind === 'box' && [...space.low, ...space.high].every(Number.isFinite)) return space;
  const what = space.kind === 'discrete' ? 'choices' : 'numbers without bounds';
  throw new UsageError(
    `${setting} is ${noise}, but actions are ${what} here, which have no range; use random instead.`,
  );
}

/**
 * The controller, less skilled. What it gives stays within the bounds.
 * @throws UsageError for noise on actions that are choices or have no bounds
 */
export function clumsy(
  act: Controller,
  space: Box | Discrete,
  { noise = 0, random = 0 }: Clumsiness,
  seed: number,
): Controller {
  if (noise === 0 && random === 0) return act;
  const bounds = noise > 0 ? boundsOf('noise', noise, space) : undefined;
  const numbers = createRandom(seed);
  const action = new Float32Array(actionSize(space));
  return async (shown) => {
    action.set(await act(shown));
    if (random > 0 && numbers.uniform() < random) randomAction(numbers, space, action, 0);
    else if (bounds) {
      for (let j = 0; j < action.length; j++) {
        action[j] = noisy(numbers, action[j], bounds.low[j], bounds.high[j], noise);
      }
    }
    return action;
  };
}

/** An environment that does a little else than it is told. @throws UsageError as `clumsy` */
export function shaken(env: GoalEnv, { shake = 0 }: Clumsiness, seed: number): GoalEnv {
  if (shake === 0) return env;
  const { low, high } = boundsOf('shake', shake, env.spec.action);
  const numbers = createRandom(seed);
  const done = new Float32Array(low.length);
  return wrapEnv(env, {
    step(action) {
      for (let j = 0; j < done.length; j++) done[j] = noisy(numbers, action[j], low[j], high[j], shake);
      return env.step(done);
    },
  });
}
