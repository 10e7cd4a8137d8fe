// What the Fetch tasks are, without the physics: spaces, rewards and success, so that a learner elsewhere can relabel.
import * as z from 'zod';
import type { EnvSpec, GoalRules } from '../env.js';
import { usualFromData } from '../from-data.js';
import { goalRules, rewardSetting, targetState } from '../goals/index.js';
import { physicsSetting } from '../physics-setting.js';
import { box } from '../space.js';
import type { FetchTask } from './tasks.js';

export const fetchOptions = z.strictObject({
  reward: rewardSetting,
  distanceThreshold: z
    .number()
    .positive()
    .max(1)
    .default(0.05)
    .describe('tolerance of success, in metres; the Python environments have 0.05')
    .meta(usualFromData),
  physics: physicsSetting,
});
export type FetchOptions = z.infer<typeof fetchOptions>;

/**
 * Where the dense reward ends, in metres, so that the range of rewards is finite. Python's has no end; nothing gets there
 * within the two seconds of an episode.
 */
const farthest = 10;

const axes = ['x', 'y', 'z'];
const named = (prefix: string) => axes.map((axis) => `${prefix}-${axis}`);

/** Names of the observation's numbers; velocities are per control step of 0.04 s. */
export const observationNames = (task: FetchTask): string[] => {
  const object = (...names: string[][]) => (task === 'reach' ? [] : names.flat());
  return [
    ...named('gripper'),
    ...object(named('object'), named('object-relative')),
    'right-finger',
    'left-finger',
    ...object(named('object-rotation'), named('object-relative-velocity'), named('object-angular-velocity')),
    ...named('gripper-velocity'),
    'right-finger-velocity',
    'left-finger-velocity',
  ];
};

/** Spaces and goal rules of a task. Distances are Euclidean, in metres. */
export function fetchRules(task: FetchTask, options: FetchOptions): GoalRules & { readonly spec: EnvSpec } {
  const names = observationNames(task);
  const what = box(3, -Infinity, Infinity, named(task === 'reach' ? 'gripper' : 'object'));
  const { rewardRange, ...rules } = goalRules(targetState(what, options.distanceThreshold, farthest), options.reward);
  return {
    ...rules,
    spec: {
      name: `fetch/${task}`,
      observation: box(names.length, -Infinity, Infinity, names),
      achieved: what,
      goal: what,
      action: box(4, -1, 1, [...named('move'), 'open']),
      maxEpisodeSteps: 50,
      rewardRange,
      successEndsEpisode: false,
      info: [],
    },
  };
}
