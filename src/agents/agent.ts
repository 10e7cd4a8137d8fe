// What an agent is: flat state vectors, steps of learning that move them down gradients, and a policy program.
import type { z } from 'zod';
import type { LayoutEntry, Noise } from '../nets/index.js';
import type { Random } from '../random.js';
import type { BatchRequest } from '../replay/request.js';
import type { Executable, Runtime } from '../runtime/runtime.js';
import type { Program } from '../tensor/index.js';
import type { AgentSpec } from './agent-spec.js';
import type { PlannerConfig } from './planner.js';

/** A flat float32 vector that learning reads and moves. */
export interface StateVector {
  readonly size: number;
  /** Named tensors inside, for checkpoints that other programs read; empty for plain vectors such as Adam's moments. */
  readonly layout: readonly LayoutEntry[];
  init(random: Random): Float32Array;
  /** What places hold that are not used yet, as the rows of a table; absent: none is infinite. */
  readonly unset?: number;
  /** Starts as a copy of this other vector instead (target networks). */
  readonly copyOf?: string;
}

/**
 * One step of learning: gradients at the state vectors as they are, then the vectors move. Inputs of its program by name:
 * every state vector; the columns of the batch, among them the agent's inputs (`observation` [rows, o], `goal` [rows, g]),
 * those of the next state (`next.observation`), `action` [rows, a], `reward`, `terminated` [rows, 1]; `normalizer` (see
 * nets/input.ts); its noise. Outputs: `<vector>.gradient`, as long as the vector, for each of `optimizerSteps`, and
 * `metrics` [metricNames.length].
 */
export interface UpdateStep {
  readonly program: Program;
  readonly metricNames: readonly string[];
  /** Inputs that are filled with fresh standard normals. */
  readonly noise: Noise;
  /**
   * Whether loss and metrics are means over the rows of the batch, so that threads can share the rows. Where they are not
   * (contrasts between rows, statistics of the batch), one thread computes the step, and any number gives the same bytes.
   */
  readonly divisible: boolean;
  /** Gradients of every task, and how they become one; absent: one gradient of all rows. */
  readonly tasks?: TaskGradients;
  /** Vectors that Adam moves against their gradient. */
  readonly optimizerSteps: readonly OptimizerStep[];
  /** Longest gradient (Euclidean norm, of all optimizerSteps together); longer ones are scaled down to it. 0: any length. */
  readonly gradientClip: number;
  /** Running averages, which then move towards their vectors. */
  readonly averages: readonly PolyakAverage[];
}

/**
 * The rows of a batch are K equal blocks, one per task. The step's program is made for the rows of one block and gives
 * that task's gradients and metrics; metrics are then averaged. Threads share the tasks: any number gives the same bytes.
 */
export interface TaskGradients {
  /** K. */
  readonly count: number;
  /** By vector; those left out descend along the mean of the tasks' gradients. */
  readonly combine: Readonly<Record<string, Combination>>;
}

/** A vector descends along sum_k c_k g_k: coefficients c of the tasks' gradients g, made from their Gram matrix. */
export interface Combination {
  /**
   * Inputs `gram` [K, K], g_i g_j over the shared numbers, `losses` [K], `memory`, and noise; outputs `coefficients` [K]
   * (1/K each: the mean) and, where something is remembered, the next `memory`.
   */
  readonly program: Program;
  readonly noise: Noise;
  /** Name of the step's metric that is a task's loss; absent: `losses` are not read. */
  readonly loss?: string;
  /** The state vector that is `memory` and keeps it from update to update; absent: nothing is remembered. */
  readonly memory?: string;
  /** Parts [from, to) of the vector that tasks share, in order; the rest (heads) descends along the mean. Absent: all. */
  readonly shared?: readonly (readonly [from: number, to: number])[];
}

/** Adam's step of a vector; its moments are the state vectors `<vector>.m` and `<vector>.v`. */
export interface OptimizerStep {
  readonly vector: string;
  /**
   * Writes what changes with update number `update` (from 1): the numbers of Adam's `scalars` (tensor/optimizers.ts), and
   * behind them by what share the parameters shrink before the step (AdamW: the learning rate times the weight decay).
   */
  fill(update: number, out: Float32Array): void;
}

/** vector = (1 - tau) vector + tau of. */
export interface PolyakAverage {
  readonly vector: string;
  readonly of: string;
  readonly tau: number;
}

/** What updates move: vectors, and the steps that do it. Agents are such, and models of the world. */
export interface Learnable {
  readonly state: Readonly<Record<string, StateVector>>;
  /** Steps of learning for batches of so many rows, by name; programs are built when they are asked for. */
  steps(rows: number): Readonly<Record<string, UpdateStep>>;
  /** The steps of update number `update` (from 1), one after the other; TD3 delays its actor by this. */
  updateNames(update: number): readonly string[];
}

/** What a policy is run by: a compiled program, or what stands in its place. */
export type Decider = Pick<Executable, 'inputs' | 'inputArray' | 'bind' | 'dispose'>;

export interface Agent extends Learnable {
  readonly spec: AgentSpec;
  /** What its batches have beyond rows with the goals that the run's hindsight draws; absent: nothing. */
  readonly batch?: BatchRequest;
  /**
   * Steps may read `largestReturn` [tasks], of every task the largest discounted return (its absolute value) that an
   * episode has had so far, with this discount; absent: they do not.
   */
  readonly returns?: { readonly discount: number };
  /** What holds the policies of earlier tasks, where tasks are learned one after the other; absent: nothing. */
  readonly consolidation?: Consolidation;
  /** State vectors that the policy reads. */
  readonly policyVectors: readonly string[];
  /**
   * What the policy carries from step to step of an episode: numbers for each row by name, zero where an episode begins.
   * `act` has inputs and outputs [rows, size] of these names. Absent: the policy sees the present only.
   */
  readonly memory?: Readonly<Record<string, number>>;
  /** Numbers of noise that one exploring action takes. */
  readonly actionNoise: number;
  /**
   * The policy for a batch of `rows` states. Inputs: the policy vectors, `normalizer`, those of `spec.inputs` [rows, ...]
   * `memory`, and, unless deterministic, `noise` [rows, actionNoise]. Output: `action` [rows, a], inside the action space's bounds;
   * for discrete actions the index of the best action.
   */
  act(rows: number, options: { deterministic: boolean }): Program;
  /**
   * In the place of `act` for a policy that is no single program: compiled for `rows`, with the inputs and outputs of `act`.
   * `act` then says why there is none. Absent: the policy is `act`.
   */
  readonly decide?: (runtime: Runtime, rows: number, options: { readonly deterministic: boolean }) => Promise<Decider>;
  /** Its vectors `elites` and `scales` are those of the run's model, which is all that learns. Absent: it learns itself. */
  readonly plans?: boolean;
  /** What a state and a goal are worth under the best action; absent: the agent estimates no values. */
  readonly value?: ValueEstimate;
  /** Probability of a uniformly random action while training, at environment step `step`. */
  randomActionProbability(step: number): number;
  /** The kind of learner that it needs, and what that must know. */
  readonly learner: Learning;
}

/**
 * Elastic weight consolidation: before a new task begins, the Fisher information of the last one is added to a state
 * vector, and another takes a copy of the parameters, which the loss then holds near it (multitask/ewc.ts).
 */
export interface Consolidation {
  /** The state vector that is held. */
  readonly vector: string;
  /** State vectors as long: the sum of the tasks' Fisher information, and the parameters after the last of them. */
  readonly fisher: string;
  readonly anchor: string;
  /** Parts of the vector that tasks share; others (heads) are not held. */
  readonly shared: readonly (readonly [from: number, to: number])[];
  /** Of one state: inputs `parameters`, other state vectors, `normalizer`, the agent's inputs [1, ...]; output `fisher`. */
  program(): Program;
}

/** From batches of the replay by its steps; from whole rollouts; or in a table, without steps. */
export type Learning =
  | { readonly kind: 'updates' }
  | ({ readonly kind: 'rollouts' } & Rollouts)
  | ({ readonly kind: 'table' } & TableLearning);

/** V(s, g): the discounted return to come, as the agent's critics (or its table) estimate it. */
export interface ValueEstimate {
  /** State vectors that it reads. */
  readonly vectors: readonly string[];
  /** Inputs: these vectors, `normalizer`, those of `spec.inputs` [rows, ...]. Output: `value` [rows, 1]. */
  program(rows: number): Program;
}

/**
 * Learning from rollouts. The steps take, instead of a replayed batch, the agent's inputs, `action` [B, a] as sampled, and `advantage`, `returns`, `oldLogProbability`, `oldValue` [B, 1], and give a metric
 * `approx_kl`. The exploring `act` gives actions as sampled, perhaps outside a box's bounds: they are kept so, for their
 * probability, and the environment gets them clipped.
 */
export interface Rollouts {
  readonly discount: number;
  /** lambda of generalised advantage estimation. */
  readonly traceDecay: number;
  /** Times that each transition is learned from. */
  readonly epochs: number;
  /** Learning from a rollout stops once `approx_kl` exceeds 1.5 times this; null: never. */
  readonly targetKl: number | null;
  /**
   * What the acting parameters say about transitions. Inputs: state vectors, `normalizer`, the agent's inputs, those of
   * the next state, `action`; outputs `value`, `nextValue`, `logProbability` [rows, 1].
   */
  evaluateActions(rows: number): Program;
}

/**
 * Q-learning in a table. State vectors: `states` [n, o] and `goals` [m, g], the rows seen so far and then infinities;
 * `values` [n, m, actions]; `visits`, as long as `values`.
 */
export interface TableLearning {
  /** n and m: how many different observations and goals fit. */
  readonly states: number;
  readonly goals: number;
  readonly actions: number;
  readonly discount: number;
  /** Step size of a value's update number `visits` (from 1). */
  learningRate(visits: number): number;
  /** Whether each new episode is also learned from once, last transition first. */
  readonly replayBackwards: boolean;
}

export interface AgentOptions {
  /** Whether programs read the input `normalizer`; `task`: it has statistics of each task, as the spec's inputs say too. */
  readonly normalize: boolean | 'task';
  /** Makes an agent that plans in the run's model of the world; absent where there is none. */
  readonly plan?: (spec: AgentSpec, settings: PlannerConfig) => Agent;
}

export interface AgentDefinition<Config = unknown> {
  readonly name: string;
  /** One line for `anygoal agents`. */
  readonly description: string;
  readonly paper: string;
  /** On-policy agents cannot learn from relabelled goals. */
  readonly learning: 'off-policy' | 'on-policy';
  readonly actions: readonly ('box' | 'discrete')[];
  /** It learns to reach goals and nothing else: environments without any are refused. Absent: false. */
  readonly needsGoals?: boolean;
  /** It imitates what was done: without recorded episodes or hindsight there is nothing worth imitating. Absent: false. */
  readonly imitates?: boolean;
  /** It is made for recorded episodes: without any it is refused, instead of learning from what it does itself. Absent: false. */
  readonly offline?: boolean;
  /**
   * Settings of a run that the agent needs or does best with, in the sections of TrainConfig: over the general defaults
   * and what suits the environment, under what the person sets.
   */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A zod object; every hyperparameter has a default and a description (meaning, unit or range, the paper's value). */
  readonly config: z.ZodType<Config>;
  create(spec: AgentSpec, config: Config, options: AgentOptions): Agent;
}
