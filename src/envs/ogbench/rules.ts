// What the point mazes are, without the physics: settings, spaces, rewards, the names of evaluation tasks.
import * as z from 'zod';
import type { EnvSpec, GoalRules } from '../env.js';
import { usualFromData } from '../from-data.js';
import { goalRules, rewardSetting, successEndsSetting, targetState } from '../goals/index.js';
import { box } from '../space.js';
import { cellSize, mazeOf, middleOf, type OgbenchMaze } from './mazes.js';

export const pointmazeOptions = z.strictObject({
  reward: rewardSetting,
  distanceThreshold: z
    .number()
    .positive()
    .max(4)
    .default(1)
    .describe('tolerance of success, in metres; the Python environments have 1')
    .meta(usualFromData),
  episodeSteps: z
    .number()
    .int()
    .min(1)
    .default(1000)
    .describe('time limit of an episode, in steps')
    .meta(usualFromData),
  successEndsEpisode: successEndsSetting.default(true),
});
export type PointmazeOptions = z.infer<typeof pointmazeOptions>;

const axes = ['x', 'y'];

/** Spaces and goal rules. Positions are in metres, as Python has them: the middle of the second row and column is at 0. */
export function pointmazeRules(
  maze: OgbenchMaze,
  { reward, distanceThreshold, episodeSteps, successEndsEpisode }: PointmazeOptions,
): GoalRules & { readonly spec: EnvSpec } {
  const { width, height, tasks } = mazeOf(maze);
  const low = middleOf(0) - cellSize / 2;
  const place = box(
    2,
    low,
    [width, height].map((lines) => low + cellSize * lines),
    axes,
  );
  const { rewardRange, ...rules } = goalRules(targetState(place, distanceThreshold), reward);
  return {
    ...rules,
    spec: {
      name: `ogbench/pointmaze-${maze}`,
      observation: place,
      achieved: place,
      goal: place,
      evaluationTasks: tasks.map((_, i) => `task-${i + 1}`),
      action: box(
        2,
        -1,
        1,
        axes.map((axis) => `move-${axis}`),
      ),
      maxEpisodeSteps: episodeSteps,
      rewardRange,
      successEndsEpisode,
      info: [],
    },
  };
}
