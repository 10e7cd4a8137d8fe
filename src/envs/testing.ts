// For tests of environments: a small simulation with everything a contract can have, and random play to compare.
import { createRandom } from '../random.js';
import type { EnvSpec, GoalEnv, Simulation, TimeStep } from './env.js';
import { arrayState } from './goal-env.js';
import { actionSize, box } from './space.js';

export interface WalkOptions {
  readonly successEndsEpisode?: boolean;
  readonly maxEpisodeSteps?: number;
  /** Leaving [-bound, bound] fails. */
  readonly bound?: number;
}

/**
 * A walk on a line with noise in the steps. The reward is asymmetric in (achieved, desired) and needs a column: 0 at the
 * goal, else -1 below it and -2 above it, minus 0.25 where the step was long.
 */
export function walk({ successEndsEpisode = false, maxEpisodeSteps = 20, bound = 3 }: WalkOptions = {}): Simulation {
  const state = new Float64Array(1);
  const spec: EnvSpec = {
    name: 'test/walk',
    observation: box(2, -10, 10),
    achieved: box(1, -10, 10),
    goal: box(1, -10, 10),
    action: box(1, -1, 1),
    maxEpisodeSteps,
    rewardRange: [-2.25, 0],
    successEndsEpisode,
    info: ['long'],
  };
  const show = (now: TimeStep, long: number) => {
    now.observation[0] = state[0];
    now.observation[1] = Math.sin(state[0]);
    now.achieved[0] = state[0];
    now.info[0] = long;
  };
  const near = (a: number, g: number) => Math.abs(a - g) <= 0.1;
  return {
    spec,
    ...arrayState(state),
    reset(random, now) {
      state[0] = random.uniform() - 0.5;
      now.goal[0] = 2 * random.uniform() - 1;
      show(now, 0);
    },
    step(action, now, random) {
      const move = 0.4 * action[0] + 0.1 * random.normal();
      state[0] += move;
      show(now, Math.abs(move) > 0.3 ? 1 : 0);
      return Math.abs(state[0]) > bound;
    },
    computeReward(achieved, desired, info, out) {
      for (let i = 0; i < out.length; i++) {
        const missed = near(achieved[i], desired[i]) ? 0 : achieved[i] < desired[i] ? -1 : -2;
        out[i] = missed - 0.25 * info[i];
      }
    },
    computeSuccess(achieved, desired, _info, out) {
      for (let i = 0; i < out.length; i++) out[i] = near(achieved[i], desired[i]) ? 1 : 0;
    },
    goalFrom: (achieved, out) => out.set(achieved),
  };
}

/** Whether files that users have of their own are here. */
export const areHere = (load: () => Promise<unknown>): Promise<boolean> =>
  load().then(
    () => true,
    () => false,
  );

/** What an environment shows, gives and is in each of some random steps: equal rows are equal episodes. */
export function playRandomly(env: GoalEnv, steps: number, seed: number): number[][] {
  const random = createRandom(seed);
  const action = new Float32Array(actionSize(env.spec.action));
  return Array.from({ length: steps }, () => {
    random.fillUniform(action, -1, 1);
    const { observation, achieved, reward } = env.step(action);
    return [...observation, ...achieved, reward, ...env.saveState()];
  });
}
