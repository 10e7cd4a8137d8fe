// What the arm's tasks are, without the physics: spaces, rewards and success, so that a learner elsewhere can relabel.
import * as z from 'zod';
import { cameraSetting, specWithCamera } from '../camera.js';
import type { EnvSpec, GoalRules } from '../env.js';
import { usualFromData } from '../from-data.js';
import { type RewardForm, rewardSetting } from '../goals/index.js';
import { physicsSetting } from '../physics-setting.js';
import { box } from '../space.js';

/** Where cameras stand around the robot's table, in the order of preference; `gripper` goes along with it. */
export const robotViews = ['corner', 'front', 'side', 'top', 'close', 'beside', 'gripper'] as const;

export type ArmTask = 'reach' | 'push' | 'slide' | 'pick-and-place';

export const armOptions = z.strictObject({
  reward: rewardSetting.describe(
    'sparse: 0 at the goal, else -1; zero-one: 1 at the goal, else 0; dense: minus the distance in metres, at least -2',
  ),
  distanceThreshold: z
    .number()
    .positive()
    .max(1)
    .default(0.05)
    .describe('tolerance of success, in metres')
    .meta(usualFromData),
  camera: cameraSetting(robotViews),
  physics: physicsSetting,
});
export type ArmOptions = z.infer<typeof armOptions>;

/** Where the dense reward ends, in metres: an object that fell to the floor and rolled away must not outweigh all else. */
const farthest = 2;

const rewardRanges = { sparse: [-1, 0], 'zero-one': [0, 1], dense: [-farthest, 0] } as const satisfies Record<
  RewardForm,
  readonly [number, number]
>;

const axes = ['x', 'y', 'z'];
const named = (prefix: string) => axes.map((axis) => `${prefix}-${axis}`);
const gripperPosition = named('gripper');
const fingers = ['left-finger', 'right-finger'];
const gripperVelocity = named('gripper-velocity');
const fingerVelocities = ['left-finger-velocity', 'right-finger-velocity'];

/** Names of the observation's numbers, in the order of Gymnasium-Robotics' Fetch environments. */
const observationNames = (task: ArmTask): string[] =>
  task === 'reach'
    ? [...gripperPosition, ...fingers, ...gripperVelocity, ...fingerVelocities]
    : [
        ...gripperPosition,
        ...named('object'),
        ...named('object-relative'),
        ...fingers,
        ...named('object-rotation'),
        ...named('object-relative-velocity'),
        ...named('object-angular-velocity'),
        ...gripperVelocity,
        ...fingerVelocities,
      ];

/** Spaces and goal rules of a task. Distances are Euclidean, in metres. */
export function armRules(task: ArmTask, options: ArmOptions): GoalRules & { readonly spec: EnvSpec } {
  const { reward, distanceThreshold } = options;
  const names = observationNames(task);
  const what = named(task === 'reach' ? 'gripper' : 'object');
  const spec: EnvSpec = {
    name: `arm/${task}`,
    observation: box(names.length, -Infinity, Infinity, names),
    achieved: box(3, -Infinity, Infinity, what),
    goal: box(3, -Infinity, Infinity, what),
    action: box(4, -1, 1, [...axes.map((axis) => `move-${axis}`), 'open']),
    maxEpisodeSteps: 50,
    rewardRange: rewardRanges[reward],
    successEndsEpisode: false,
    info: [],
  };
  const [missed, reached] = rewardRanges[reward];
  const distance = (achieved: Float32Array, desired: Float32Array, row: number) =>
    Math.hypot(
      achieved[row] - desired[row],
      achieved[row + 1] - desired[row + 1],
      achieved[row + 2] - desired[row + 2],
    );
  return {
    spec: specWithCamera(spec, options.camera),
    computeReward(achieved, desired, _info, out) {
      for (let i = 0; i < out.length; i++) {
        const d = distance(achieved, desired, 3 * i);
        out[i] = reward === 'dense' ? -Math.min(d, farthest) : d <= distanceThreshold ? reached : missed;
      }
    },
    computeSuccess(achieved, desired, _info, out) {
      for (let i = 0; i < out.length; i++) out[i] = distance(achieved, desired, 3 * i) <= distanceThreshold ? 1 : 0;
    },
    goalFrom: (achieved, out) => out.set(achieved),
  };
}
