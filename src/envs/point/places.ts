// point/navigate and point/left-right: families whose tasks are places, each the same in all of its episodes.
import * as z from 'zod';
import type { Demonstrator, EnvDefinition } from '../env.js';
import type { SharedPart } from '../families/family-spec.js';
import { type TaskFamily, taskFamily } from '../families/task-family.js';
import { createGoalEnv } from '../goal-env.js';
import { createPoint, type PointOptions, type PointSetting, pointOptions, pointRules, pointStep } from './reach.js';

const navigateOptions = pointOptions.extend({
  places: z.number().int().min(2).max(1024).default(8).describe('number of tasks, each a place of its own'),
});
export type NavigateOptions = z.infer<typeof navigateOptions>;

/** Straight to the goal. */
function straight(): Demonstrator {
  const action = new Float32Array(2);
  return (observation, goal) => {
    for (let i = 0; i < 2; i++) action[i] = Math.min(Math.max((goal[i] - observation[i]) / pointStep, -1), 1);
    return action;
  };
}

const placeEnv = (name: string, setting: PointSetting): EnvDefinition<PointOptions> => ({
  name,
  description: 'move a point to one place',
  options: pointOptions,
  rules: (options) => {
    const { spec, ...rules } = pointRules(options);
    return { ...rules, spec: { ...spec, name } };
  },
  demonstrator: straight,
  create: (options) => createGoalEnv(createPoint(options, setting)),
});

const shares: readonly SharedPart[] = ['S', 'A', 'T', 'r', 'p0'];

/**
 * The kth of n places, spread evenly over the disc of radius 0.9 by the golden angle (H. Vogel, "A better way to construct
 * the sunflower head", 1979).
 */
export function placeOf(k: number, n: number): [number, number] {
  const radius = 0.9 * Math.sqrt((k + 0.5) / n);
  const angle = k * Math.PI * (3 - Math.sqrt(5));
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** A task is known by its number or by its goal; a number says nothing about where places that were left out lie. */
export const pointNavigate: TaskFamily<NavigateOptions> = taskFamily<NavigateOptions>(
  'point/navigate',
  ({ places, ...options }) =>
    Object.fromEntries(
      Array.from({ length: places }, (_, k) => [
        `place-${k}`,
        { env: placeEnv(`point/place-${k}`, { goal: placeOf(k, places) }), options, shares },
      ]),
    ),
  { description: 'tasks by number: move a point to one of several places', options: navigateOptions },
);

/** From the same start, what is right for one task is wrong for the other. */
export const pointLeftRight: TaskFamily<PointOptions> = taskFamily<PointOptions>(
  'point/left-right',
  (options) => ({
    left: { env: placeEnv('point/left', { start: [0, 0], goal: [-0.8, 0] }), options, shares },
    right: { env: placeEnv('point/right', { start: [0, 0], goal: [0.8, 0] }), options, shares },
  }),
  {
    description: 'two tasks with opposed gradients: move a point from the middle to the left, or to the right',
    options: pointOptions,
  },
);
