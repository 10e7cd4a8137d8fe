// The pendulum's motion with three tasks of goals: hold it upright, hold it aslant, keep it turning.
import { box, defineEnv, loadEnv, makeEnv, parseEnvOptions } from 'anygoal/envs';
import { z } from 'zod';

const pendulum = await loadEnv('pendulum');
const { spec } = pendulum.rules(parseEnvOptions(pendulum, {}));

/** Angle from upright (rad), angular velocity (rad/s), and how much the angle counts. */
export const tasks = { upright: [0, 0, 1], aslant: [0.3, 0, 1], turning: [0, 6, 0] };

/** Angle from the goal's, in [-pi, pi), and velocity from the goal's. */
function apart(achieved, goal, i) {
  const angle = Math.atan2(achieved[3 * i + 1], achieved[3 * i]) - goal[3 * i];
  return [Math.atan2(Math.sin(angle), Math.cos(angle)), achieved[3 * i + 2] - goal[3 * i + 1]];
}

const rules = {
  spec: {
    ...spec,
    name: 'bench/pendulum-tasks',
    achieved: spec.observation,
    goal: box(3, [-Math.PI, -8, 0], [Math.PI, 8, 1]),
    rewardRange: [-30, 0],
    successEndsEpisode: false,
    info: [],
  },
  computeReward(achieved, goal, _info, out) {
    for (let i = 0; i < out.length; i++) {
      const [angle, velocity] = apart(achieved, goal, i);
      out[i] = -(goal[3 * i + 2] * angle ** 2 + 0.1 * velocity ** 2);
    }
  },
  computeSuccess(achieved, goal, _info, out) {
    for (let i = 0; i < out.length; i++) {
      const [angle, velocity] = apart(achieved, goal, i);
      out[i] = (goal[3 * i + 2] === 0 || Math.abs(angle) < 0.2) && Math.abs(velocity) < 1 ? 1 : 0;
    }
  },
};

export const env = defineEnv({
  name: 'bench/pendulum-tasks',
  description: 'the pendulum with three tasks: upright, aslant, turning',
  options: z.strictObject({ task: z.enum(Object.keys(tasks)).default('upright') }),
  rules: () => rules,
  async create({ task }) {
    const inner = await makeEnv('pendulum');
    const show = (seen, now) => {
      now.observation.set(seen.observation);
      now.achieved.set(seen.observation);
    };
    return {
      ...rules,
      saveState: () => inner.saveState(),
      restoreState: (bytes) => inner.restoreState(bytes),
      reset(random, now) {
        show(inner.reset({ seed: random.below(2 ** 31) }), now);
        now.goal.set(tasks[task]);
      },
      step(action, now) {
        show(inner.step(action), now);
      },
    };
  },
});
