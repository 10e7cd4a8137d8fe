// A linear system with Gaussian noise, whose model is known in closed form, for tests.
import { modelConfigSchema } from '../config/model-config.js';
import type { EnvSpec } from '../envs/env.js';
import { box } from '../envs/space.js';
import { createRandom } from '../random.js';
import { createReplay, type Replay } from '../replay/index.js';

export const linearSpec: EnvSpec = {
  name: 'test/linear',
  observation: box(2),
  achieved: box(0),
  goal: box(0),
  action: box(1, -1, 1),
  maxEpisodeSteps: 20,
  rewardRange: [-100, 100],
  successEndsEpisode: false,
  info: [],
};

/** s' = s + A s + B a + noise of these deviations, r = 3 s0 - 50 a, exactly. */
export const linear = {
  a: [
    [-0.1, 0.2],
    [-0.3, -0.2],
  ],
  b: [0.05, 0.4],
  deviation: [0.02, 0.1],
  reward: (s: ArrayLike<number>, a: number) => 3 * s[0] - 50 * a,
};

/** Episodes of 20 steps with random actions. */
export function linearReplay(transitions: number, seed = 1, deviation = linear.deviation): Replay {
  const replay = createReplay(linearSpec, transitions);
  const random = createRandom(seed);
  for (let n = 0; n < transitions; n += 20) {
    const s = [random.normal(), random.normal()];
    const columns = { observation: [...s], action: [] as number[], reward: [] as number[] };
    for (let t = 0; t < 20; t++) {
      const a = 2 * random.uniform() - 1;
      columns.reward.push(linear.reward(s, a));
      const next = s.map((x, i) => {
        const { a: m, b } = linear;
        return x + m[i][0] * s[0] + m[i][1] * s[1] + b[i] * a + deviation[i] * random.normal();
      });
      s.splice(0, 2, ...next);
      columns.observation.push(...s);
      columns.action.push(a);
    }
    replay.addEpisode({ columns, failed: false });
  }
  return replay;
}

export const smallModel = modelConfigSchema.parse({ kind: 'ensemble', members: 3, elites: 2, hidden: [32, 32] });
