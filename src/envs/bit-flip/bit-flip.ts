// bit-flip: turn one string of bits into another, one flip a step; without hindsight hopeless from about 13 bits on.
import * as z from 'zod';
import type { EnvDefinition, EnvSpec, GoalRules, Simulation, TimeStep } from '../env.js';
import { arrayState, createGoalEnv } from '../goal-env.js';
import { bitScene, flipBitAt, goalRules, rewardSetting, successEndsSetting, targetState } from '../goals/index.js';
import { box, discrete } from '../space.js';

export const bitFlipOptions = z.strictObject({
  bits: z.number().int().min(1).max(256).default(8).describe('bits, and steps of an episode'),
  reward: rewardSetting,
  // Every action flips a bit, so nothing can stay at its goal: the last step of an episode would be the goal only where
  // the distance has the parity of the number of bits.
  successEndsEpisode: successEndsSetting.default(true),
});
export type BitFlipOptions = z.infer<typeof bitFlipOptions>;

/** Spaces and goal rules. The distance is the number of bits that differ (Hamming). */
export function bitFlipRules(options: BitFlipOptions): GoalRules & { readonly spec: EnvSpec } {
  const { bits, reward, successEndsEpisode } = options;
  const names = Array.from({ length: bits }, (_, i) => `bit-${i}`);
  const string = box(bits, 0, 1, names);
  const { rewardRange, ...rules } = goalRules(
    {
      ...targetState(string, 0, bits),
      distance(achieved, a, desired, d) {
        let different = 0;
        for (let i = 0; i < bits; i++) if (achieved[a + i] !== desired[d + i]) different++;
        return different;
      },
    },
    reward,
  );
  return {
    ...rules,
    spec: {
      name: 'bit-flip',
      observation: string,
      achieved: string,
      goal: string,
      goalKind: 'state',
      view: 'bits',
      action: discrete(
        bits,
        names.map((name) => `flip-${name}`),
      ),
      maxEpisodeSteps: bits,
      rewardRange,
      successEndsEpisode,
      info: [],
    },
  };
}

/** Start and goal are uniform among the pairs of different strings; action i flips bit i. */
function createBitFlip(options: BitFlipOptions): Simulation {
  const { bits } = options;
  const state = new Float64Array(bits);
  const observe = (now: TimeStep) => {
    now.observation.set(state);
    now.achieved.set(state);
  };
  return {
    ...bitFlipRules(options),
    ...arrayState(state),
    reset(random, now) {
      const { goal } = now;
      for (let i = 0; i < bits; i++) state[i] = random.below(2);
      do {
        for (let i = 0; i < bits; i++) goal[i] = random.below(2);
      } while (goal.every((bit, i) => bit === state[i]));
      observe(now);
    },
    step(action, now) {
      state[action[0]] = 1 - state[action[0]];
      observe(now);
    },
    goalAt: flipBitAt,
    scene: ({ goal }) => bitScene(state, goal),
  };
}

export const bitFlip: EnvDefinition<BitFlipOptions> = {
  name: 'bit-flip',
  description: 'turn a string of bits into another by single flips: the classic case for hindsight',
  options: bitFlipOptions,
  rules: bitFlipRules,
  create: (options) => createGoalEnv(createBitFlip(options)),
};
