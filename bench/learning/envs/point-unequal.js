// Two tasks that are not equally hard: a point to near a goal with a reward at each step, and, actions turned round, exactly to it.
import { loadEnv, taskFamily } from 'anygoal/envs';

const pair = await loadEnv('point/two-tasks');
const [{ env: reach }, { env: turnedRound }] = pair.members({ reward: 'dense', distanceThreshold: 0.05 });

const shares = ['S', 'A', 'p0'];

export const env = taskFamily('bench/point-unequal', {
  easy: { env: reach, options: { reward: 'dense', distanceThreshold: 0.3 }, shares },
  hard: { env: turnedRound, options: { reward: 'sparse', distanceThreshold: 0.02 }, shares },
});
