// Environments of one's own: written in place they need no types; what is wrong is an error.
import { box, createVectorEnv, defineEnv, type EnvDefinition, type GoalEnv, makeEnv, type Simulation } from 'anygoal';
import { arrayState, type CheckReport, checkDefinition, checkEnv, goalRules, image, targetState } from 'anygoal/envs';
import { z } from 'zod';
import { exactly, typeOf } from './check.js';

const place = targetState(box(1, -1, 1), 0.05);
const { rewardRange, ...rules } = goalRules(place, 'sparse');
const state = new Float64Array(2);
const spec: Simulation['spec'] = {
  name: 'me/cart',
  observation: box(2, [-2, -1], [2, 1]),
  achieved: box(1, -1, 1),
  goal: place.goal,
  action: box(1, -1, 1),
  maxEpisodeSteps: 50,
  rewardRange,
  successEndsEpisode: false,
  info: [],
};

export const env = defineEnv({
  name: 'me/cart',
  options: z.strictObject({ friction: z.number().default(0.1) }),
  create({ friction }) {
    typeOf(friction).is<number>();
    return {
      spec,
      ...rules,
      ...arrayState(state),
      reset(random, now) {
        typeOf(now.observation).is<Float32Array>();
        state[0] = random.uniform();
      },
      step([push], now) {
        typeOf(push).is<number>();
        state[1] += push - friction;
        now.achieved[0] = state[0];
        return Math.abs(state[0]) > 5;
      },
    };
  },
});
typeOf(env).is<EnvDefinition<{ friction: number }>>();

// An engine that loads: asynchronous, so with rules.
export const late = defineEnv({ name: 'me/late', rules: () => ({ spec, ...rules }), create: async () => simulation });
typeOf(late.create({})).is<Promise<GoalEnv> | GoalEnv>();

declare const simulation: Simulation;

export async function use(): Promise<void> {
  const made = await makeEnv('./my-env.js', { friction: 0.2 });
  typeOf(made).is<GoalEnv>();
  const { reward, isSuccess, observation } = made.step([0.5]);
  exactly<[typeof reward, typeof isSuccess, typeof observation], [number, boolean, Float32Array]>();
  createVectorEnv([made]).step(new Float32Array(1));
  typeOf(checkEnv(made)).is<CheckReport>();
  typeOf(await checkDefinition(env, { friction: 0 })).is<CheckReport>();

  // @ts-expect-error text as a setting's value
  env.create({ friction: 'much' });
  // @ts-expect-error a list of one environment
  createVectorEnv(made);
  // @ts-expect-error lists of lists
  box(2, [[-1], [-1]]);
}

// Without goals: `step` writes the reward, and the observation may have parts.
defineEnv({
  name: 'me/plain',
  create: () => ({
    spec: {
      name: 'me/plain',
      observation: { state: box(2), camera: image([8, 8, 3]) },
      action: box(1, -1, 1),
      maxEpisodeSteps: 10,
      rewardRange: [0, 1],
    },
    ...arrayState(state),
    reset() {},
    step(_action, now) {
      typeOf(now.reward).is<Float32Array>();
      now.reward[0] = 1;
    },
  }),
});
// @ts-expect-error a simulation without actions
defineEnv({
  name: 'me/bare',
  create: () => ({ spec: { ...spec, action: undefined }, ...rules, ...arrayState(state) }),
});

export const asynchronous: Simulation = {
  ...simulation,
  // @ts-expect-error steps are done when they return
  step: async () => true,
};
export const scored: Simulation = {
  ...simulation,
  // @ts-expect-error rewards come from computeReward
  step: () => ({ reward: 1, done: false }),
};
