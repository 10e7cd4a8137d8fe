// The environment contract: what an author writes (a simulation with rules) and what everything else uses (a GoalEnv).
import type { z } from 'zod';
import type { Picture } from '../physics/render.js';
import type { Random } from '../random.js';
import type { GoalRelations } from '../relations.js';
import type { GoalView, Scene } from '../scene.js';
import type { CaptionRules } from './captions.js';
import type { Controls } from './controls.js';
import type { GoalKindName } from './goals/kinds.js';
import type { Instructions } from './instructions.js';
import type { Box, Discrete, Dtype } from './space.js';

export interface EnvSpec {
  readonly name: string;
  /** What the policy sees of the world. Never depends on the desired goal. Size 0: `parts` show everything. */
  readonly observation: Box;
  /** Further named parts of what the policy sees, such as a camera's pictures; absent: none. */
  readonly parts?: Readonly<Record<string, Box>>;
  /**
   * Names of what is shown, but not to policies: only to whoever learns in the simulator, such as critics, to controllers
   * and to rules. Absent: policies see all parts, and the goal.
   */
  readonly privileged?: readonly string[];
  /**
   * Parts of whole episodes that show the goal, each with the part of the state that shows in the same way what was
   * achieved: hindsight puts the one in place of the other. Absent: none.
   */
  readonly goalPictures?: Readonly<Record<string, string>>;
  /** What of the world counts for reaching goals. Size 0, as `goal`, where the environment has no goals. */
  readonly achieved: Box;
  readonly goal: Box;
  /** Names of the tasks, of which each episode has one; absent: a single task. */
  readonly tasks?: readonly string[];
  /** Further columns that are stored with every step and that batches can ask for, by name; the policy does not see them. */
  readonly columns?: Readonly<Record<string, ColumnSpec>>;
  /** What goals are (see `goalKinds`); absent: target states. */
  readonly goalKind?: GoalKindName;
  /** How goals and observations go together, for networks that compare them; absent: that is not said. */
  readonly relations?: GoalRelations;
  /** How views show and choose goals; absent: `places`. */
  readonly view?: GoalView;
  readonly action: Box | Discrete;
  /** Time limit in steps, of the longest task; reaching it is `truncated`, never `terminated`. */
  readonly maxEpisodeSteps: number;
  /**
   * Names of the starts and goals that evaluations have in turn, such as those that a benchmark reports, where training has
   * others. Policies are not told which one it is: the goal says it. Absent: evaluations draw as training does.
   */
  readonly evaluationTasks?: readonly string[];
  /** Time limits of the tasks, in their order, where they differ. */
  readonly taskSteps?: readonly number[];
  /** Smallest and largest reward of one step, used to bound value targets. */
  readonly rewardRange: readonly [number, number];
  /** Whether reaching the goal ends the episode (and therefore stops bootstrapping). */
  readonly successEndsEpisode: boolean;
  /** Names of the numeric columns that reward and success need besides the achieved goal. */
  readonly info: readonly string[];
  /** How the part `instruction` is made of the sentence that says what is asked for; absent: there is no such part. */
  readonly instruction?: InstructionSpec;
  /** Whether episodes can succeed; absent: those with goals can. Without goals `PlainSimulation.isSuccess` tells. */
  readonly success?: boolean;
}

/** The encoder of instructions, by name and checksum, and how its vectors are scaled. */
export interface InstructionSpec {
  readonly encoder: string;
  readonly checksum: string;
  /** The file with its vectors, where it is not the embedded one. */
  readonly table?: string;
  /** Taken away from a vector, which is then divided by `deviation`. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Words that the part `words` has room for, each with a vector of its own; absent: there is no such part. */
  readonly words?: number;
}

/**
 * A spec as an author may write it: the observation in named parts (`{ state: box(3), camera: image([32, 32, 3]) }`), and
 * without what the environment does not have. `resolveSpec` makes the complete one of it.
 */
export interface AuthorSpec
  extends Omit<EnvSpec, 'observation' | 'achieved' | 'goal' | 'info' | 'successEndsEpisode'>,
    Partial<Pick<EnvSpec, 'achieved' | 'goal' | 'info' | 'successEndsEpisode'>> {
  readonly observation: Box | Readonly<Record<string, Box>>;
}

/** A column of an environment's own. */
export interface ColumnSpec {
  /** Of one value; absent: one number. */
  readonly shape?: readonly number[];
  readonly dtype?: Dtype;
  /** Whether each state has a value (before and after every action), each transition, or each episode. */
  readonly per: 'state' | 'transition' | 'episode';
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

/** Rules with their sizes; without goals as in `GoalEnv`. */
export interface EnvRules extends GoalRules {
  readonly spec: EnvSpec;
  /**
   * Writes 1 where an action that led to this observation failed: [n, observation.size] to [n]. For models of the world,
   * which learn it from examples where this is absent; optional.
   */
  computeFailed?(observation: Float32Array, out: Uint8Array): void;
  /** What else episodes fulfilled than they were asked for, where that is said in words; absent: nothing tells. */
  readonly captions?: CaptionRules;
  /** Waits until they can answer, where that takes a program of its own; optional. */
  ready?(): Promise<void>;
  dispose?(): void;
}

/**
 * What one time step shows, float32 as stored; written in place by `Simulation.reset` and `Simulation.step`. Arrays belong
 * to the environment and change with the next call.
 */
export interface TimeStep {
  readonly observation: Float32Array;
  readonly achieved: Float32Array;
  readonly goal: Float32Array;
  readonly info: Float32Array;
  /** [1]: the number of the episode's task; empty where there is a single one. */
  readonly task: Float32Array;
  /** The spec's `parts` and `columns` by name. */
  readonly columns: Readonly<Record<string, Float32Array | Uint8Array>>;
}

/** The present time step as a simulation writes it. */
export interface SimulationStep extends TimeStep {
  /** [1]: where there are no goals, `step` writes the reward here; elsewhere it is computed from the goal. */
  readonly reward: Float32Array;
}

/** What every simulation has, with goals or without. */
export interface SimulationBase<Spec extends AuthorSpec> {
  readonly spec: Spec;
  /**
   * Begins an episode: draws a start state and a goal from `random` and fills `now`, of which `task` is given.
   * `evaluationTask`: the number of the evaluation task to begin; only where the spec names some.
   */
  reset(random: Random, now: SimulationStep, evaluationTask?: number): void;
  /** Advances one step and fills `now` (the goal stays). Returns true for a goal-independent failure (fell off, broke). */
  // biome-ignore lint/suspicious/noConfusingVoidType: a step that returns nothing has not failed
  step(action: ArrayLike<number> & Iterable<number>, now: SimulationStep, random: Random): boolean | undefined | void;
  /**
   * Begins another episode with the present goal and the things of the observation, which `now` holds, in other places. Absent:
   * an episode is drawn anew and given the goal.
   */
  again?(random: Random, now: SimulationStep): void;
  /** Called when an episode begins with another goal or from a saved state, for what else depends on that; optional. */
  restart?(now: SimulationStep): void;
  /** All state besides what `now` shows, exactly. */
  saveState(): Uint8Array;
  restoreState(bytes: Uint8Array): void;
  /** What there is to draw at the present time step (its goal included), for the views; optional. */
  scene?(now: TimeStep): Scene;
  /**
   * Writes the goal that a place of the scene stands for, or the nearest one that can be reached; false where there is
   * none. `goal` holds the present goal before. For views, where people point at goals; optional.
   */
  goalAt?(place: readonly number[], goal: Float32Array): boolean;
  /** How a person steers it by hand at the present time step; optional. */
  controls?(now: TimeStep): Controls;
  /** The time limit of the present episode, at most that of the spec; absent: that of the spec. */
  stepLimit?(): number;
  /** What is asked for in the present episode, as a sentence; optional. */
  instruction?(): string;
  /** Asks for something else in the episode that has just begun. @throws UsageError for sentences that it does not understand */
  instruct?(sentence: string, now: SimulationStep): void;
  /**
   * What an expert does at the present time step, who may know more than `now` shows and remember what it did: called at
   * most once per step; optional. The array may be reused.
   */
  expert?(): ArrayLike<number>;
  /** Things that `push` can push, by name; optional. */
  readonly pushable?: readonly string[];
  /** Gives one of them at once this much more velocity, [x, y, z] in m/s, as a blow would, and fills `now`. */
  push?(thing: string, velocity: readonly number[], now: SimulationStep): void;
  /** Frees memory outside JavaScript; optional. */
  dispose?(): void;
}

/** What the author of an environment with goals writes; `createGoalEnv` adds rewards, ends, time limit and saving. */
export interface Simulation<Spec extends AuthorSpec = EnvSpec> extends SimulationBase<Spec>, GoalRules {}

/**
 * The same without goals, a plain Markov decision process: `step` writes `now.reward[0]` and returns true where the
 * episode ends (not at its time limit).
 */
export interface PlainSimulation extends SimulationBase<AuthorSpec> {
  readonly computeReward?: undefined;
  readonly computeSuccess?: undefined;
  readonly goalFrom?: undefined;
  /** Whether the present time step is a success. Absent: there is no such notion, and only returns are reported. */
  isSuccess?(now: SimulationStep): boolean;
}

export type AnySimulation = Simulation<AuthorSpec> | PlainSimulation;

export interface GoalTransition extends TimeStep {
  readonly reward: number;
  /** A goal-independent end; without goals every end but the time limit. */
  readonly failed: boolean;
  /** The world ended: failed, or success where success ends episodes. No bootstrapping. */
  readonly terminated: boolean;
  /** The time limit was reached without termination. Bootstrapping goes on. */
  readonly truncated: boolean;
  readonly isSuccess: boolean;
  /**
   * The episode was broken off before the action: no step was taken, and the time step is the one before. After restoring
   * what cannot go on from where it was; absent: never.
   */
  readonly cut?: boolean;
}

export interface ResetOptions {
  /** Restarts the environment's generator; without it the generator goes on. */
  readonly seed?: number;
  /** The episode's task, by name or number; without it the environment draws one, each with equal chance. */
  readonly task?: string | number;
  /** One of the spec's `evaluationTasks`, by name or number; without it the episode is one of training. */
  readonly evaluationTask?: string | number;
  /** Replaces the drawn goal. */
  readonly goal?: ArrayLike<number>;
  /** Another episode with the present goal and task and the same things in other places; an observation: the things that it shows. */
  readonly again?: boolean | ArrayLike<number>;
  /** Asks for this in place of what was drawn, where the environment understands sentences (`takesInstructions`). */
  readonly instruction?: string;
  /** Bytes of `saveState`: the episode starts anew from that time step and its goal; the generator goes on (or takes `seed`). */
  readonly state?: Uint8Array;
}

/** Without goals (`spec.goal.size` 0), `computeReward` and `computeSuccess` throw: only `step` knows the rewards. */
export interface GoalEnv extends GoalRules {
  readonly spec: EnvSpec;
  reset(options?: ResetOptions): TimeStep;
  step(action: ArrayLike<number>): GoalTransition;
  /**
   * Tells the action of the `step` that comes next, so that environments that live elsewhere can take their steps together;
   * optional.
   */
  prepare?(action: ArrayLike<number>): void;
  /** Everything: simulation, generator, step count, present time step. `restoreState(saveState())` changes nothing. */
  saveState(): Uint8Array;
  restoreState(bytes: Uint8Array): void;
  scene?(): Scene;
  /** What it looks like now, drawn by the environment itself; absent: views draw its scene. May take long. */
  picture?(): Picture;
  goalAt?(place: readonly number[], goal: Float32Array): boolean;
  controls?(): Controls;
  /** What is asked for in the present episode, as a sentence. Absent: nothing is asked in words. */
  instruction?(): string;
  /** Whether `reset({ instruction })` is understood. */
  readonly takesInstructions?: boolean;
  /** What an expert does now; for demonstrations where no controller acts by what is shown alone. */
  expert?(): ArrayLike<number>;
  readonly pushable?: readonly string[];
  /** @throws UsageError for what cannot be pushed */
  push?(thing: string, velocity: readonly number[]): TimeStep;
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
  /**
   * A scripted controller that solves the task from observation and goal alone: it supplies demonstrations; optional, and
   * undefined where there is none with these settings.
   */
  demonstrator?(options: Options): Demonstrator | undefined;
  /** Its instances have an `expert` of their own, which knows more than observation and goal; optional. */
  readonly hasExpert?: boolean;
  /** Who else can act for data sets (`data record --policy NAME`), by name; optional. */
  readonly dataPolicies?: Readonly<Record<string, DataPolicy<Options>>>;
  /**
   * Where this environment's columns come from in data sets of other programs, by our names, such as
   * `{ achieved: 'observation[0:2]' }` (docs/data-sets.md); those not named have the same name there. Optional.
   */
  readonly dataColumns?: Readonly<Record<string, string>>;
  /** Sentences that ask for the task; optional. */
  readonly instructions?: Instructions;
  /**
   * It lives in another program, which may break at any time: a run keeps at hand what a checkpoint needs. Training does not
   * check the contract first, for its author's program has checks of its own.
   */
  readonly isElsewhere?: boolean;
  /** What whoever trains with it should know first; optional. */
  notes?(options: Options): readonly string[];
}

/**
 * An action for an observation and a goal, in an environment with tasks also for the number of the task; the returned array
 * may be reused by the next call.
 */
export type Demonstrator = (
  observation: ArrayLike<number>,
  goal: ArrayLike<number>,
  task?: number,
) => ArrayLike<number>;

/** Who acts to cover the ground rather than to show how a task is done, and how data of it are recorded. */
export interface DataPolicy<Options = never> {
  /** One line. */
  readonly description: string;
  /** Settings of the environment that it is recorded with, where none are given. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Deviation of Gaussian noise on its actions, as a share of half their range, where none is given; default: 0. */
  readonly noise?: number;
  /** What the goal of a recorded episode is: the environment's (default), or what was achieved at its end. */
  readonly goals?: 'drawn' | 'ends';
  /** Somebody for the episodes of a recording; `begin` is called before each, and draws are made from `random`. */
  create(options: Options, random: Random): { begin(): void; act: Demonstrator };
}
