// point/reach: a point in a square moves to a goal. The smallest goal-reaching task, for learning and for tests.

import * as z from 'zod';
import { createFlatCamera } from '../../vision/index.js';
import { cameraSetting, type Filmed, specWithCamera, withCamera } from '../camera.js';
import { moveAlong } from '../controls.js';
import type { EnvDefinition, EnvSpec, GoalRules, Simulation } from '../env.js';
import { usualFromData } from '../from-data.js';
import { arrayState, createGoalEnv } from '../goal-env.js';
import { box } from '../space.js';

/** Largest displacement per step along each axis, in half widths of the square. */
export const pointStep = 0.1;

export const pointOptions = z.strictObject({
  /** `sparse`: 0 within the tolerance, else -1. `zero-one`: 1 within, else 0. `dense`: minus the distance. */
  reward: z
    .enum(['sparse', 'zero-one', 'dense'])
    .default('sparse')
    .describe('sparse: 0 at the goal, else -1; zero-one: 1 at the goal, else 0; dense: minus the distance')
    .meta(usualFromData),
  distanceThreshold: z
    .number()
    .positive()
    .max(1)
    .default(0.05)
    .describe('distance at which the goal counts as reached')
    .meta(usualFromData),
  camera: cameraSetting(['above'], 32),
});
export type PointOptions = z.infer<typeof pointOptions>;

const axes = ['x', 'y'];

const rewardRanges = { sparse: [-1, 0], 'zero-one': [0, 1], dense: [-2 * Math.SQRT2, 0] } as const;

/** Spaces and goal rules. Distances are Euclidean; the square is [-1, 1]^2. */
export function pointRules(options: PointOptions): GoalRules & { readonly spec: EnvSpec } {
  const { reward, distanceThreshold, camera } = options;
  const spec: EnvSpec = {
    name: 'point/reach',
    observation: box(2, -1, 1, axes),
    achieved: box(2, -1, 1, axes),
    goal: box(2, -1, 1, axes),
    action: box(2, -1, 1, ['move-x', 'move-y']),
    maxEpisodeSteps: 50,
    rewardRange: rewardRanges[reward],
    successEndsEpisode: false,
    info: [],
    relations: { groups: [{ goal: 0, observation: 0, size: 2 }] },
  };
  const distance = (achieved: Float32Array, desired: Float32Array, i: number) => {
    const dx = achieved[2 * i] - desired[2 * i];
    const dy = achieved[2 * i + 1] - desired[2 * i + 1];
    return Math.sqrt(dx * dx + dy * dy);
  };
  return {
    spec: specWithCamera(spec, camera),
    computeReward(achieved, desired, _info, out) {
      for (let i = 0; i < out.length; i++) {
        const d = distance(achieved, desired, i);
        const missed = d > distanceThreshold ? 1 : 0;
        out[i] = reward === 'dense' ? 0 - d : reward === 'sparse' ? 0 - missed : 1 - missed; // 0 - x: never -0
      }
    },
    computeSuccess(achieved, desired, _info, out) {
      for (let i = 0; i < out.length; i++) out[i] = distance(achieved, desired, i) <= distanceThreshold ? 1 : 0;
    },
    goalFrom: (achieved, out) => out.set(achieved),
  };
}

/** What is the same in every episode; by default nothing but the direction of actions. */
export interface PointSetting {
  /** Whether actions move the point along the axes or against them. */
  readonly direction?: 1 | -1;
  readonly start?: readonly number[];
  readonly goal?: readonly number[];
}

/** Start and goal are uniform in the square, unless they are fixed; an action moves the point by up to `pointStep` along each axis. */
export function createPoint(options: PointOptions, setting: PointSetting = {}): Simulation & Filmed {
  return withCamera(createBarePoint(options, setting), options.camera);
}

const paper = [238, 238, 238] as const;
const ink = [26, 89, 204] as const;

function createBarePoint(options: PointOptions, { direction = 1, start, goal }: PointSetting): Simulation & Filmed {
  const position = new Float64Array(2);
  const observe = (now: { observation: Float32Array; achieved: Float32Array }) => {
    now.observation.set(position);
    now.achieved.set(position);
  };
  return {
    ...pointRules(options),
    ...arrayState(position),
    reset(random, now) {
      random.fillUniform(position, -1, 1);
      random.fillUniform(now.goal, -1, 1);
      if (start) position.set(start);
      if (goal) now.goal.set(goal);
      observe(now);
    },
    step(action, now) {
      for (let i = 0; i < 2; i++)
        position[i] = Math.min(Math.max(position[i] + direction * pointStep * action[i], -1), 1);
      observe(now);
    },
    goalAt(place, goal) {
      for (let i = 0; i < 2; i++) goal[i] = Math.min(Math.max(place[i], -1), 1);
      return true;
    },
    controls: () => ({ move: moveAlong(2, direction * pointStep), place: [...position, 0] }),
    // The point is seen whole at the square's edge, 2.5 pixels wide of 32.
    camera: (_view, size) =>
      createFlatCamera(
        { half: 1.15, ground: () => paper, disc: { radius: 2.5 / 32, colour: ink }, place: (axis) => position[axis] },
        size,
      ),
    atGoal(goal, look) {
      const [x, y] = position;
      position.set(goal);
      look();
      position[0] = x;
      position[1] = y;
    },
    scene: (now) => ({
      dimensions: 2,
      shapes: [
        { kind: 'plane', size: [1, 1, 0], position: [0, 0, 0], color: [0.93, 0.94, 0.96, 1], name: 'square' },
        {
          kind: 'sphere',
          size: [options.distanceThreshold],
          position: [now.goal[0], now.goal[1], 0],
          color: [0.93, 0.2, 0.2, 0.55],
          name: 'goal',
        },
        {
          kind: 'sphere',
          size: [0.03],
          position: [position[0], position[1], 0],
          color: [0.1, 0.35, 0.8, 1],
          name: 'point',
        },
      ],
    }),
  };
}

export const pointReach: EnvDefinition<PointOptions> = {
  name: 'point/reach',
  description: 'move a point in a square to a goal: the smallest goal-reaching task',
  options: pointOptions,
  rules: pointRules,
  create: (options) => createGoalEnv(createPoint(options)),
};
