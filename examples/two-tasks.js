// Two tasks in one environment: one policy for both. Train: anygoal train ./two-tasks.js
import { arrayState, box, defineEnv, goalRules, targetState } from 'anygoal/envs';

const place = targetState(box(2, -1, 1, ['x', 'y']), 0.05);
const rules = goalRules(place, 'sparse');

export const env = defineEnv({
  name: 'me/two-tasks',
  create() {
    const position = new Float64Array(2);
    const show = (now) => {
      now.observation.set(position);
      now.achieved.set(position);
    };
    return {
      spec: {
        name: 'me/two-tasks',
        observation: box(2, -1, 1, ['x', 'y']),
        achieved: box(2, -1, 1),
        goal: place.goal,
        action: box(2, -1, 1),
        tasks: ['plain', 'mirrored'], // in the second, every push goes the other way
        maxEpisodeSteps: 50,
        rewardRange: rules.rewardRange,
        successEndsEpisode: false,
      },
      ...rules,
      ...arrayState(position),
      reset(random, now) {
        random.fillUniform(position, -1, 1);
        random.fillUniform(now.goal, -1, 1);
        show(now);
      },
      step(action, now) {
        const sign = now.task[0] === 0 ? 1 : -1;
        for (let i = 0; i < 2; i++) {
          position[i] = Math.min(Math.max(position[i] + 0.1 * sign * action[i], -1), 1);
        }
        show(now);
      },
    };
  },
});
