// What the tabletop's tasks are, without the physics: spaces, rewards and success, one function of goals for all tasks.
import * as z from 'zod';
import { UsageError } from '../../errors.js';
import { robotViews } from '../arm/rules.js';
import { cameraSetting, specWithCamera } from '../camera.js';
import type { EnvSpec, GoalRules } from '../env.js';
import { usualFromData } from '../from-data.js';
import { type GoalForm, goalRules, rewardSetting } from '../goals/index.js';
import { physicsSetting } from '../physics-setting.js';
import { box } from '../space.js';
import {
  achievedBox,
  type GroupName,
  goalBox,
  groupNames,
  groups,
  observationBox,
  relations,
  targetColumn,
  valueCount,
} from './columns.js';
import { type TabletopTask, taskFacts } from './tasks.js';

export const tabletopOptions = z.strictObject({
  reward: rewardSetting.describe(
    'sparse: 0 at the goal, else -1; zero-one: 1 at the goal, else 0; dense: minus the distance in metres, at least -2',
  ),
  distanceThreshold: z
    .number()
    .positive()
    .max(1)
    .default(0.04)
    .describe('tolerance of success, in metres')
    .meta(usualFromData),
  camera: cameraSetting(robotViews),
  goalMarker: z
    .boolean()
    .optional()
    .describe("whether the camera's pictures show where the goal is, as a ball; absent: they show nothing of it")
    .meta({ whereAbsent: false }),
  physics: physicsSetting,
});
export type TabletopOptions = z.infer<typeof tabletopOptions>;

/** Where the dense reward ends, in metres. */
const farthest = 2;

/** The largest distance of a group that the goal is about, in metres; a goal about nothing is fulfilled. */
function distance(achieved: Float32Array, a: number, desired: Float32Array, d: number): number {
  let largest = 0;
  for (let g = 0; g < groupNames.length; g++) {
    if (desired[d + valueCount + g] <= 0.5) continue;
    const { at, size, metres } = groups[groupNames[g]];
    let sum = 0;
    for (let j = at; j < at + size; j++) sum += (achieved[a + j] - desired[d + j]) ** 2;
    largest = Math.max(largest, metres * Math.sqrt(sum));
  }
  return largest;
}

/** The groups that a task's goals are about when it is about this object. */
export const wantedGroups = (task: TabletopTask, target: number): readonly GroupName[] =>
  taskFacts[task].wants.map((want) => (want === 'target' ? (target > 0.5 ? 'object-2' : 'object-1') : want));

/** Spaces and goal rules of a task. Only `goalFrom` depends on the task: which numbers count in goals that hindsight makes. */
export function tabletopRules(
  task: TabletopTask,
  { reward, distanceThreshold, camera, goalMarker }: TabletopOptions,
): GoalRules & { readonly spec: EnvSpec } {
  if (goalMarker && !camera) {
    throw new UsageError(
      `tabletop/${task}: env.goalMarker is true, but env.camera is not set, so that nothing would show it; set env.camera.size, or leave env.goalMarker out.`,
    );
  }
  const masks = [0, 1].map((target) => {
    const wanted = wantedGroups(task, target);
    return groupNames.map((name) => (wanted.includes(name) ? 1 : 0));
  });
  const form: GoalForm = {
    kind: 'state',
    achievedSize: achievedBox.size,
    goal: goalBox,
    tolerance: distanceThreshold,
    farthest,
    distance,
    goalFrom(achieved, out) {
      out.fill(0);
      for (let row = 0; row * goalBox.size < out.length; row++) {
        const a = row * achievedBox.size;
        const d = row * goalBox.size;
        const mask = masks[achieved[a + targetColumn] > 0.5 ? 1 : 0];
        for (let g = 0; g < groupNames.length; g++) {
          if (mask[g] === 0) continue;
          const { at, size } = groups[groupNames[g]];
          for (let j = at; j < at + size; j++) out[d + j] = achieved[a + j];
          out[d + valueCount + g] = 1;
        }
      }
    },
  };
  const { rewardRange, ...rules } = goalRules(form, reward);
  const spec: EnvSpec = {
    name: `tabletop/${task}`,
    observation: observationBox,
    achieved: achievedBox,
    goal: goalBox,
    action: box(4, -1, 1, ['move-x', 'move-y', 'move-z', 'open']),
    maxEpisodeSteps: taskFacts[task].steps,
    rewardRange,
    relations,
    successEndsEpisode: false,
    info: [],
  };
  return { ...rules, spec: specWithCamera(spec, camera) };
}
