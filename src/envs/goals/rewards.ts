// The three forms of a goal's reward, chosen by configuration, computed from one distance.
import * as z from 'zod';
import { UsageError } from '../../errors.js';
import type { GoalRules } from '../env.js';
import { usualFromData } from '../from-data.js';
import type { GoalForm } from './forms.js';

/** `sparse`: 0 where the goal is reached, else -1. `zero-one`: 1 where it is reached, else 0. `dense`: minus the distance. */
export const rewardForms = ['sparse', 'zero-one', 'dense'] as const;
export type RewardForm = (typeof rewardForms)[number];

export const rewardSetting = z
  .enum(rewardForms)
  .meta(usualFromData)
  .default('sparse')
  .describe('sparse: 0 at the goal, else -1; zero-one: 1 at the goal, else 0; dense: minus the distance');

/** Without it, staying at a 0/1 goal is worth 1 / (1 - discount). */
export const successEndsSetting = z
  .boolean()
  .meta(usualFromData)
  .describe('whether reaching the goal ends the episode');

export interface FormRules extends GoalRules {
  readonly rewardRange: readonly [number, number];
}

/**
 * Reward, success and relabelling for goals of a form: spread it into a simulation's rules.
 * @throws UsageError for a dense reward where the form knows no distance
 */
export function goalRules(form: GoalForm, reward: RewardForm): FormRules {
  const { achievedSize, tolerance, farthest } = form;
  const goalSize = form.goal.size;
  if (reward === 'dense' && farthest === undefined) {
    throw new UsageError(
      `reward dense is minus a distance, but goals of kind ${form.kind} are only fulfilled or not; use sparse or zero-one.`,
    );
  }
  const [missed, reached] = reward === 'zero-one' ? [0, 1] : [-1, 0];
  const limit = farthest ?? 0;
  return {
    rewardRange: reward === 'dense' ? [-limit, 0] : [missed, reached],
    computeReward(achieved, desired, _info, out) {
      for (let i = 0; i < out.length; i++) {
        const distance = form.distance(achieved, i * achievedSize, desired, i * goalSize);
        if (reward !== 'dense') out[i] = distance <= tolerance ? reached : missed;
        else out[i] = distance === 0 ? 0 : -Math.min(distance, limit); // never -0
      }
    },
    computeSuccess(achieved, desired, _info, out) {
      for (let i = 0; i < out.length; i++) {
        const distance = form.distance(achieved, i * achievedSize, desired, i * goalSize);
        out[i] = distance <= tolerance ? 1 : 0;
      }
    },
    goalFrom: form.goalFrom,
  };
}
