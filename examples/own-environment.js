// An environment of your own: a cart on a rail that must stop at a place. Train: anygoal train ./own-environment.js
import { arrayState, box, defineEnv } from 'anygoal/envs';

export const env = defineEnv({
  name: 'me/cart',
  create() {
    const state = new Float64Array(2); // position (m) and speed (m/s): all that must be saved
    const show = (now) => {
      now.observation.set(state); // what the policy sees; never the goal
      now.achieved[0] = state[0]; // what counts for reaching goals
    };
    const reached = (achieved, desired, i) => Math.abs(achieved[i] - desired[i]) <= 0.05;
    return {
      spec: {
        name: 'me/cart',
        observation: box(2, -2, 2, ['position', 'speed']),
        achieved: box(1, -1, 1),
        goal: box(1, -1, 1),
        action: box(1, -1, 1, ['push']),
        maxEpisodeSteps: 50,
        rewardRange: [-1, 0],
        successEndsEpisode: false,
        info: [],
      },
      ...arrayState(state),
      reset(random, now) {
        state.set([2 * random.uniform() - 1, 0]);
        now.goal[0] = 2 * random.uniform() - 1;
        show(now);
      },
      step(action, now) {
        state[1] = 0.9 * state[1] + 0.2 * action[0];
        state[0] = Math.min(Math.max(state[0] + 0.1 * state[1], -1), 1);
        show(now);
      },
      // Rules for any achieved goal under any desired one: hindsight asks them again with goals that were achieved.
      computeReward(achieved, desired, _info, out) {
        for (let i = 0; i < out.length; i++) out[i] = reached(achieved, desired, i) ? 0 : -1;
      },
      computeSuccess(achieved, desired, _info, out) {
        for (let i = 0; i < out.length; i++) out[i] = reached(achieved, desired, i) ? 1 : 0;
      },
      goalFrom: (achieved, out) => out.set(achieved),
    };
  },
});
