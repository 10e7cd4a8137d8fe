// What the Meta-World tasks are, without the physics: spaces, settings, and the rules of the form with goals.
import * as z from 'zod';
import type { EnvRules, EnvSpec } from '../env.js';
import { usualFromData } from '../from-data.js';
import { type GoalForm, goalRules, rewardForms } from '../goals/index.js';
import { physicsSetting } from '../physics-setting.js';
import { box } from '../space.js';
import { rulesWithoutGoals } from '../spec.js';
import { half, halfHigh, halfLow, observationSize } from './spaces.js';
import { type MetaworldTask, taskSetups } from './tasks.js';

export const metaworldOptions = z.strictObject({
  reward: z
    .enum(['v2', ...rewardForms])
    .default('v2')
    .describe(
      "v2: Meta-World's own, 0 to 10, the target among the 39 numbers seen; sparse, zero-one and dense: with the target as a goal beside 36 numbers, so that hindsight can relabel it",
    )
    .meta(usualFromData), // between v2 and the others columns differ, which is refused (checkFits)
  maxEpisodeSteps: z
    .int()
    .min(1)
    .max(10_000)
    .default(500)
    .describe('length of an episode; Meta-World has 500, some papers 200')
    .meta(usualFromData),
  physics: physicsSetting,
});
export type MetaworldOptions = z.infer<typeof metaworldOptions>;

/** Whether the target is a goal rather than a part of the observation. */
export const hasTargetAsGoal = ({ reward }: MetaworldOptions): boolean => reward !== 'v2';

/** Where the dense reward ends, in metres, so that its range is finite; nothing gets there. */
const farthest = 5;

const axes = ['x', 'y', 'z'];
const named = (prefix: string, ends: readonly string[] = axes) => ends.map((end) => `${prefix}-${end}`);
const unused = Array.from({ length: 7 }, (_, i) => `unused-${i}`);
const shown = [
  ...named('hand'),
  'opening',
  ...named('object'),
  ...named('object-turn', ['0', '1', '2', '3']),
  ...unused,
];
const names = [...shown, ...shown.map((name) => `before-${name}`), ...named('target')];

/** A target reached within the task's tolerance, in its weighted distance. */
function targetForm(task: MetaworldTask): GoalForm {
  const { tolerance, weights = [1, 1, 1] } = taskSetups[task].success;
  return {
    kind: 'state',
    achievedSize: 3,
    goal: box(3, -Infinity, Infinity, axes),
    tolerance,
    farthest,
    distance(achieved, a, desired, d) {
      let sum = 0;
      for (let i = 0; i < 3; i++) sum += (weights[i] * (achieved[a + i] - desired[d + i])) ** 2;
      return Math.sqrt(sum);
    },
    goalFrom: (achieved, out) => out.set(achieved),
  };
}

/** Spaces and rules of a task; rules only where the target is a goal. */
export function metaworldRules(task: MetaworldTask, options: MetaworldOptions): EnvRules {
  const { reward, maxEpisodeSteps } = options;
  const size = hasTargetAsGoal(options) ? 2 * half : observationSize;
  const bounds = (side: readonly number[], open: number) => [...side, ...side, open, open, open].slice(0, size);
  const common = {
    name: `metaworld/${task}`,
    observation: box(size, bounds(halfLow, -Infinity), bounds(halfHigh, Infinity), names.slice(0, size)),
    action: box(4, -1, 1, [...named('move'), 'close']),
    maxEpisodeSteps,
    successEndsEpisode: false,
    info: [],
  };
  if (reward === 'v2') {
    const spec: EnvSpec = { ...common, achieved: box(0), goal: box(0), rewardRange: [0, 10], success: true };
    return rulesWithoutGoals(spec);
  }
  const form = targetForm(task);
  const { rewardRange, ...rules } = goalRules(form, reward);
  return { ...rules, spec: { ...common, achieved: form.goal, goal: form.goal, rewardRange } };
}
