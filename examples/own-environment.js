// An environment of your own: a cart on a rail that must stop at a place. Train: anygoal train ./own-environment.js
import { arrayState, box, defineEnv, goalRules, targetState } from 'anygoal/envs';

const place = targetState(box(1, -1, 1), 0.05); // a goal is a position (m), reached within 5 cm
const rules = goalRules(place, 'sparse'); // reward 0 at the goal, else -1; hindsight asks the same rules

export const env = defineEnv({
  name: 'me/cart',
  create() {
    const state = new Float64Array(2); // position and speed: all that must be saved
    const spaces = { observation: box(2, -2, 2), achieved: box(1, -1, 1), goal: place.goal, action: box(1, -1, 1) };
    const { rewardRange } = rules;
    return {
      spec: { name: 'me/cart', ...spaces, maxEpisodeSteps: 50, rewardRange, successEndsEpisode: false, info: [] },
      ...rules,
      ...arrayState(state),
      reset(random, now) {
        state.set([2 * random.uniform() - 1, 0]);
        now.goal[0] = 2 * random.uniform() - 1;
        now.observation.set(state); // what the policy sees; never the goal
        now.achieved[0] = state[0]; // what counts for reaching goals
      },
      step([push], now) {
        state[1] = 0.9 * state[1] + 0.2 * push;
        state[0] = Math.min(Math.max(state[0] + 0.1 * state[1], -1), 1);
        now.observation.set(state);
        now.achieved[0] = state[0];
      },
    };
  },
});
