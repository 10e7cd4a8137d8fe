// A plain task without goals: Gymnasium's Pendulum-v1. Train: anygoal train ./pendulum.js --steps 10000
import { arrayState, box, defineEnv } from 'anygoal/envs';

const [gravity, mass, length, dt] = [10, 1, 1, 0.05];
const lowest = -(Math.PI ** 2 + 0.1 * 8 ** 2 + 0.001 * 2 ** 2); // of one step

/** The angle from -pi to pi, 0 upright. */
const normalized = (angle) => ((((angle + Math.PI) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI)) - Math.PI;

export const env = defineEnv({
  name: 'me/pendulum',
  create() {
    const state = new Float64Array(2); // angle (rad) and angular velocity (rad/s)
    const show = (now) => now.observation.set([Math.cos(state[0]), Math.sin(state[0]), state[1]]);
    return {
      spec: {
        name: 'me/pendulum',
        observation: box(3, [-1, -1, -8], [1, 1, 8], ['cos', 'sin', 'velocity']),
        action: box(1, -2, 2, ['torque']),
        maxEpisodeSteps: 200,
        rewardRange: [lowest, 0],
      },
      ...arrayState(state),
      reset(random, now) {
        state.set([Math.PI * (2 * random.uniform() - 1), 2 * random.uniform() - 1]);
        show(now);
      },
      step([torque], now) {
        const [angle, velocity] = state;
        now.reward[0] = -(normalized(angle) ** 2 + 0.1 * velocity ** 2 + 0.001 * torque ** 2);
        const push = ((3 * gravity) / (2 * length)) * Math.sin(angle) + (3 / (mass * length ** 2)) * torque;
        state[1] = Math.min(Math.max(velocity + push * dt, -8), 8);
        state[0] = angle + state[1] * dt;
        show(now);
      },
    };
  },
});
