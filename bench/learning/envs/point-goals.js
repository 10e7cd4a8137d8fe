// point/reach with a fixed number of goals, told to the policy by their index or by their position: the same task twice.
import { createRandom } from 'anygoal';
import { arrayState, box, defineEnv, loadEnv, parseEnvOptions } from 'anygoal/envs';
import { z } from 'zod';

const pointReach = await loadEnv('point/reach');
const point = parseEnvOptions(pointReach, {});

/** The square that is kept free of goals is [-middle, middle]^2. */
export const middle = 0.5;

/** [count, 2]: uniform in the square [-1, 1]^2 around its middle. */
export function drawGoals(count, seed) {
  const random = createRandom(seed);
  const goals = new Float32Array(2 * count);
  for (let i = 0; i < count; ) {
    for (let j = 0; j < 2; j++) goals[2 * i + j] = 2 * random.uniform() - 1;
    if (Math.max(Math.abs(goals[2 * i]), Math.abs(goals[2 * i + 1])) > middle) i++;
  }
  return goals;
}

/** Index of the goal nearest to a position, and how far it is. */
export function nearestGoal(goals, x, y) {
  let [index, least] = [0, Infinity];
  for (let i = 0; i < goals.length / 2; i++) {
    const square = (goals[2 * i] - x) ** 2 + (goals[2 * i + 1] - y) ** 2;
    if (square < least) [index, least] = [i, square];
  }
  return { index, distance: Math.sqrt(least) };
}

/**
 * Index `count` stands for being at none of the goals, which hindsight needs: what an episode achieved is told by a
 * detector for each goal. `one-hot`: count + 2 numbers, the last of which no goal has. `position`: x, y and 1, or three
 * times 0 for none of them.
 */
export function rulesOf({ input, count, goalSeed }) {
  const goals = drawGoals(count, goalSeed);
  const { spec } = pointReach.rules(point);
  const size = input === 'position' ? 3 : count + 2;

  function tell(index, out, at) {
    out.fill(0, at, at + size);
    if (input === 'one-hot') out[at + index] = 1;
    else if (index < count) out.set([goals[2 * index], goals[2 * index + 1], 1], at);
  }

  function isReached(x, y, told, at) {
    if (input === 'position') {
      if (told[at + 2] > 0.5) return Math.hypot(told[at] - x, told[at + 1] - y) <= point.distanceThreshold;
    } else {
      let index = 0;
      while (index < size && told[at + index] < 0.5) index++;
      if (index < count) return Math.hypot(goals[2 * index] - x, goals[2 * index + 1] - y) <= point.distanceThreshold;
      if (index > count) return false;
    }
    return nearestGoal(goals, x, y).distance > point.distanceThreshold;
  }

  return {
    goals,
    tell,
    spec: { ...spec, name: 'bench/point-goals', goal: box(size, -1, 1) },
    computeReward(achieved, told, _info, out) {
      for (let i = 0; i < out.length; i++) {
        out[i] = isReached(achieved[2 * i], achieved[2 * i + 1], told, i * size) ? 0 : -1;
      }
    },
    computeSuccess(achieved, told, _info, out) {
      for (let i = 0; i < out.length; i++) {
        out[i] = isReached(achieved[2 * i], achieved[2 * i + 1], told, i * size) ? 1 : 0;
      }
    },
    goalFrom(achieved, out) {
      for (let i = 0; i < achieved.length / 2; i++) {
        const { index, distance } = nearestGoal(goals, achieved[2 * i], achieved[2 * i + 1]);
        tell(distance <= point.distanceThreshold ? index : count, out, i * size);
      }
    },
  };
}

export const env = defineEnv({
  name: 'bench/point-goals',
  description: 'point/reach with a fixed number of goals outside of the middle, told by index or position',
  options: z.strictObject({
    input: z.enum(['one-hot', 'position']).default('one-hot'),
    count: z.int().min(1).default(50),
    goalSeed: z.int().min(0).default(1),
  }),
  rules: rulesOf,
  create(options) {
    const { goals, tell, ...rules } = rulesOf(options);
    const position = new Float64Array(2);
    const show = (now) => {
      now.observation.set(position);
      now.achieved.set(position);
    };
    return {
      ...rules,
      ...arrayState(position),
      reset(random, now) {
        random.fillUniform(position, -1, 1);
        tell(random.below(goals.length / 2), now.goal, 0);
        show(now);
      },
      step(action, now) {
        for (let i = 0; i < 2; i++) position[i] = Math.min(Math.max(position[i] + 0.1 * action[i], -1), 1);
        show(now);
      },
    };
  },
});
