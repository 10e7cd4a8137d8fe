// The environment contract: what an author writes (a simulation with rules) and what everything else uses (a GoalEnv).
import type { z } from 'zod';
import type { Random } from '../random.js';
import type { GoalKindName } from './goals/kinds.js';

/** Real vectors of `size` numbers, each within [low, high] (infinities allowed). */
export interface Box {
  readonly kind: 'box';
  readonly size: number;
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** What each number is, for people; optional. */
  readonly names?: readonly string[];
}

/** One of n choices, 0 to n-1, carried as one number. */
export interface Discrete {
  readonly kind: 'discrete';
  readonly n: number;
  readonly names?: readonly string[];
}

/** A box whose numbers share their bounds: `box(3, -1, 1)`. */
export function box(size: number, low = -Infinity, high = Infinity, names?: readonly string[]): Box {
  return { kind: 'box', size, low: new Array(size).fill(low), high: new Array(size).fill(high), names };
}

export function discrete(n: number, names?: readonly string[]): Discrete {
  return { kind: 'discrete', n, names };
}

/** Numbers that an action of this space takes in a buffer. */
export const actionSize = (space: Box | Discrete): number => (space.kind === 'box' ? space.size : 1);

export interface EnvSpec {
  readonly name: string;
  /** What the policy sees of the world. Never depends on the desired goal. */
  readonly observation: Box;
  /** What of the world counts for reaching goals. */
  readonly achieved: Box;
  readonly goal: Box;
  /** What goals are (see `goalKinds`); absent: target states. */
  readonly goalKind?: GoalKindName;
  readonly action: Box | Discrete;
  /** Time limit in steps; reaching it is `truncated`, never `terminated`. */
  readonly maxEpisodeSteps: number;
  /** Smallest and largest reward of one step, used to bound value targets. */
  readonly rewardRange: readonly [number, number];
  /** Whether reaching the goal ends the episode (and therefore stops bootstrapping). */
  readonly successEndsEpisode: boolean;
  /** Names of the numeric columns that reward and success need besides the achieved goal. */
  readonly info: readonly string[];
}

/**
 * Reward and success of any achieved goal under any desired goal, batched and free of state, so that hindsight can ask
 * again. `achieved` is [n, achieved.size], `desired` [n, goal.size], `info` [n, info.length], `out` [n], all row-major
 * and float32 as stored; n is `out.length`.
 */
export interface GoalRules {
  computeReward(achieved: Float32Array, desired: Float32Array, info: Float32Array, out: Float32Array): void;
  /** 1 where the desired goal is reached. */
  computeSuccess(achieved: Float32Array, desired: Float32Array, info: Float32Array, out: Uint8Array): void;
  /** Writes the goals that achievements fulfil: [n, achieved.size] to [n, goal.size]. Absent: goals cannot be relabelled. */
  goalFrom?(achieved: Float32Array, out: Float32Array): void;
}

/** Rules with their sizes. */
export interface EnvRules extends GoalRules {
  readonly spec: EnvSpec;
  dispose?(): void;
}

/** One moment of a simulation, float32 as stored; written in place by `Simulation.reset` and `Simulation.step`. */
export interface Moment {
  readonly observation: Float32Array;
  readonly achieved: Float32Array;
  readonly goal: Float32Array;
  readonly info: Float32Array;
}

/** What the author of an environment writes; `createGoalEnv` adds rewards, ends, time limit and saving. */
export interface Simulation extends GoalRules {
  readonly spec: EnvSpec;
  /** Begins an episode: draws a start state and a goal from `random` and fills `now`. */
  reset(random: Random, now: Moment): void;
  /** Advances one step and fills `now` (the goal stays). Returns true for a goal-independent failure (fell off, broke). */
  // biome-ignore lint/suspicious/noConfusingVoidType: a step that returns nothing has not failed
  step(action: ArrayLike<number>, now: Moment, random: Random): boolean | undefined | void;
  /** All state besides what `now` shows, exactly. */
  saveState(): Uint8Array;
  restoreState(bytes: Uint8Array): void;
  /** What there is to draw at the present moment (its goal included), for the views; optional. */
  scene?(now: Moment): Scene;
  /**
   * Writes the goal that a place of the scene stands for, or the nearest one that can be reached; false where there is
   * none. `goal` holds the present goal before. For views, where people point at goals; optional.
   */
  goalAt?(place: readonly number[], goal: Float32Array): boolean;
  /** Things that `push` can push, by name; optional. */
  readonly pushable?: readonly string[];
  /** Gives one of them at once this much more velocity, [x, y, z] in m/s, as a blow would, and fills `now`. */
  push?(thing: string, velocity: readonly number[], now: Moment): void;
  /** Frees memory outside JavaScript; optional. */
  dispose?(): void;
}

/** Something to draw: a shape at a place. Sizes are half lengths in metres, `rotation` a row-major 3x3 matrix. */
export interface SceneShape {
  readonly kind: 'plane' | 'sphere' | 'capsule' | 'ellipsoid' | 'cylinder' | 'box' | 'mesh' | 'line';
  readonly size: readonly number[];
  readonly position: readonly number[];
  readonly rotation?: readonly number[];
  readonly color: readonly [number, number, number, number];
  readonly name?: string;
  /** Of a mesh: its triangles, where they are known. */
  readonly mesh?: SceneMesh;
}

/** Triangles in the shape's frame; the same object for every moment of a simulation. */
export interface SceneMesh {
  /** [vertex, 3], in metres. */
  readonly vertices: Float32Array;
  /** [triangle, 3]: indices of vertices. */
  readonly faces: Uint32Array;
}

export interface Scene {
  readonly dimensions: 2 | 3;
  readonly shapes: readonly SceneShape[];
}

/** The present moment as the user of an environment sees it. Arrays belong to the environment and change with the next call. */
export type GoalStep = Moment;

export interface GoalTransition extends GoalStep {
  readonly reward: number;
  /** A goal-independent end. */
  readonly failed: boolean;
  /** The world ended: failed, or success where success ends episodes. No bootstrapping. */
  readonly terminated: boolean;
  /** The time limit was reached without termination. Bootstrapping goes on. */
  readonly truncated: boolean;
  readonly isSuccess: boolean;
}

export interface ResetOptions {
  /** Restarts the environment's generator; without it the generator goes on. */
  readonly seed?: number;
  /** Replaces the drawn goal. */
  readonly goal?: ArrayLike<number>;
  /** Bytes of `saveState`: the episode starts anew from that moment and its goal; the generator goes on (or takes `seed`). */
  readonly state?: Uint8Array;
}

export interface GoalEnv extends GoalRules {
  readonly spec: EnvSpec;
  reset(options?: ResetOptions): GoalStep;
  step(action: ArrayLike<number>): GoalTransition;
  /** Everything: simulation, generator, step count, present moment. `restoreState(saveState())` changes nothing. */
  saveState(): Uint8Array;
  restoreState(bytes: Uint8Array): void;
  scene?(): Scene;
  goalAt?(place: readonly number[], goal: Float32Array): boolean;
  readonly pushable?: readonly string[];
  /** @throws UsageError for what cannot be pushed */
  push?(thing: string, velocity: readonly number[]): GoalStep;
  dispose?(): void;
}

/** An environment by name: its rules load without its simulation, so that a learner elsewhere can relabel. */
export interface EnvDefinition<Options = unknown> {
  readonly name: string;
  /** One line for `anygoal envs`. */
  readonly description: string;
  /** Settings, such as the reward's form, with defaults. Absent: none. */
  readonly options?: z.ZodType<Options>;
  /** Whoever asks disposes of them: where the author gave none of their own, they are those of an instance. */
  rules(options: Options): EnvRules;
  create(options: Options): Promise<GoalEnv> | GoalEnv;
  /** A scripted controller that solves the task from observation and goal alone: it supplies demonstrations; optional. */
  demonstrator?(options: Options): Demonstrator;
}

/** An action for an observation and a goal; the returned array may be reused by the next call. */
export type Demonstrator = (observation: ArrayLike<number>, goal: ArrayLike<number>) => ArrayLike<number>;
