// What turns a MuJoCo model into a goal environment: the author's description and what it defaults to.
import * as z from 'zod';
import { UsageError } from '../../errors.js';
import type { Actuators } from '../../physics/actuators.js';
import type { PhysicsBackend } from '../../physics/engine.js';
import type { Physics } from '../../physics/physics.js';
import type { Random } from '../../random.js';
import { type Predicate, type RewardForm, rewardSetting, successEndsSetting } from '../goals/index.js';
import { physicsSetting } from '../physics-setting.js';
import type { ObservationPart, Place } from './places.js';

/** Target places: points of the achieved numbers, in their units. */
export type TargetGoal = {
  /** Distance at which a goal counts as reached, Euclidean. */
  readonly tolerance: number;
  /** Where the dense reward ends. Default: twice the size of the range, or of the model. */
  readonly farthest?: number;
} & (
  | { /** Goals are uniform between these bounds. */ readonly low: readonly number[]; readonly high: readonly number[] }
  | {
      /**
       * Goals are what is achieved when these joints (default: all hinges and slides) are put at random within their
       * limits, a full turn where a hinge has none: goals that the model can reach as far as it moves freely.
       */
      readonly configurations: true | readonly string[];
    }
);

/** Named tests of the achieved numbers, as in `statePredicates`: { 'block on the shelf': ([x, y, z]) => z > 0.5 }. */
export interface PredicateGoal {
  readonly predicates: Readonly<Record<string, Predicate>>;
  /** Name of a predicate for states that fulfil none. */
  readonly otherwise?: string;
}

export interface MujocoEnvOptions {
  readonly name: string;
  readonly description?: string;
  /** The model as text, with `files` it names (by the path used there); or else `path`. */
  readonly xml?: string;
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Where the model's XML lies; what it includes is read too. */
  readonly path?: string | URL;
  /** What drives the joints, by their names (`*`: all others), of a model that has no actuators, such as any in URDF. */
  readonly actuators?: Actuators;
  /** What of the world counts for reaching goals. */
  readonly achieved: Place | readonly Place[];
  readonly goal: TargetGoal | PredicateGoal;
  /**
   * The policy's numbers in [-1, 1] drive these actuators (default: all), over their control range (a servo without one: over its
   * joint's), or as they are where there is none. With `relative` they move the control by at most that share of half the range per step.
   */
  readonly action?: { readonly actuators?: readonly string[]; readonly relative?: number };
  /** Default: positions, velocities, and the achieved places. */
  readonly observation?: readonly ObservationPart[];
  /** Physics steps per action. */
  readonly frameSkip?: number;
  readonly maxEpisodeSteps?: number;
  /** Keyframe in which episodes start, by name or number. Default: the model's initial state. */
  readonly keyframe?: string | number;
  /** Start positions of hinges, slides and free bodies, and all velocities, vary uniformly by up to this. */
  readonly resetNoise?: number | { readonly qpos?: number; readonly qvel?: number };
  /** Changes the start state further: write to qpos or qvel; called after the noise. */
  start?(random: Random, physics: Physics): void;
  /** A goal-independent end, such as having fallen over. */
  failed?(physics: Physics): boolean;
  /** Default of the setting `reward`. */
  readonly reward?: RewardForm;
  /** Default of the setting `successEndsEpisode`. */
  readonly successEndsEpisode?: boolean;
}

export const mujocoSettings = ({ reward = 'sparse', successEndsEpisode = false }: MujocoEnvOptions) =>
  z.strictObject({
    reward: rewardSetting
      .unwrap()
      .default(reward)
      .describe(rewardSetting.description ?? ''),
    successEndsEpisode: successEndsSetting.default(successEndsEpisode),
    physics: physicsSetting,
  });
export type MujocoSettings = { reward: RewardForm; successEndsEpisode: boolean; physics?: PhysicsBackend };

/** Refuses what cannot be meant, before MuJoCo is loaded. */
export function checkMujocoOptions(options: MujocoEnvOptions): void {
  const fail = (problem: string) => {
    throw new UsageError(`mujocoEnv ${options.name ?? ''}: ${problem}`);
  };
  const whole = (field: 'frameSkip' | 'maxEpisodeSteps') => {
    const value = options[field];
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      fail(`${field} is ${value}; it must be a whole number, at least 1.`);
    }
  };
  if (typeof options.name !== 'string' || options.name === '') fail('name is missing; give one such as "me/my-robot".');
  if ((options.xml === undefined) === (options.path === undefined)) fail('give the model either as xml or as path.');
  if (!options.achieved) fail('achieved is missing; name what shall reach goals, such as { site: "grip" }.');
  if (!options.goal)
    fail('goal is missing; give { low, high, tolerance }, { configurations, tolerance } or { predicates }.');
  whole('frameSkip');
  whole('maxEpisodeSteps');
  const { relative } = options.action ?? {};
  if (relative !== undefined && !(relative > 0 && relative <= 2)) {
    fail(`action.relative is ${relative}; it must be above 0 and at most 2 (the whole range in a step).`);
  }
  if ('tolerance' in options.goal && !(options.goal.tolerance > 0)) {
    fail(`goal.tolerance is ${options.goal.tolerance}; it must be above 0.`);
  }
}
