// What Gymnasium's MuJoCo tasks are, without the physics: spaces and settings.
import * as z from 'zod';
import type { EnvRules } from '../env.js';
import { usualFromData } from '../from-data.js';
import { physicsSetting } from '../physics-setting.js';
import { box } from '../space.js';
import { resolveSpec, rulesWithoutGoals } from '../spec.js';
import { type GymnasiumTask, taskSetups } from './tasks.js';

export const gymnasiumOptions = z.strictObject({
  maxEpisodeSteps: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe("length of an episode; Gymnasium's own where absent: 50 reacher, 100 pusher, 1000 the others")
    .meta(usualFromData),
  physics: physicsSetting,
});
export type GymnasiumOptions = z.infer<typeof gymnasiumOptions>;

export function gymnasiumRules(task: GymnasiumTask, { maxEpisodeSteps }: GymnasiumOptions): EnvRules {
  const { observed, actions, actionBound, rewardRange, endsAt, ...setup } = taskSetups[task];
  const size = observed.length;
  const rules = rulesWithoutGoals(
    resolveSpec({
      name: `gymnasium/${task}`,
      observation: box(size, -Infinity, Infinity, observed),
      action: box(actions.length, -actionBound, actionBound, actions),
      maxEpisodeSteps: maxEpisodeSteps ?? setup.maxEpisodeSteps,
      rewardRange,
    }),
  );
  return {
    ...rules,
    computeFailed(observation, out) {
      for (let i = 0; i < out.length; i++)
        out[i] = Number(endsAt?.(observation.subarray(i * size, (i + 1) * size)) ?? 0);
    },
  };
}
