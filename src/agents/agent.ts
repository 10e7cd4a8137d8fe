// What an agent is: flat state vectors, steps of learning that move them down gradients, and a policy program.
import type { z } from 'zod';
import type { Box, Discrete } from '../envs/env.js';
import type { LayoutEntry } from '../nets/layout.js';
import type { Random } from '../random.js';
import type { Program } from '../tensor/index.js';

/** Sizes and bounds that an agent builds its networks from. */
export interface AgentSpec {
  readonly observation: number;
  readonly goal: number;
  readonly action: Box | Discrete;
  readonly rewardRange: readonly [number, number];
}

/** A flat float32 vector that learning reads and moves. */
export interface StateVector {
  readonly size: number;
  /** Named tensors inside, for checkpoints that other programs read; empty for plain vectors such as Adam's moments. */
  readonly layout: readonly LayoutEntry[];
  init(random: Random): Float32Array;
  /** Starts as a copy of this other vector instead (target networks). */
  readonly copyOf?: string;
}

/**
 * One step of learning: gradients at the state vectors as they are, then the vectors move. Inputs of its program by name:
 * every state vector; the batch parts `observation`, `nextObservation` [B, o], `goal` [B, g], `action` [B, a], `reward`,
 * `terminated` [B, 1]; `normalizer` (below); every name in the agent's `noise`, filled with fresh standard normals.
 * Outputs: `<vector>.gradient`, as long as the vector, for each of `optimizerSteps`, and `metrics` [metricNames.length]; all of
 * them means over the rows of the batch but for agents with `rollouts` (PPO standardises advantages over the batch).
 */
export interface UpdateStep {
  readonly program: Program;
  readonly metricNames: readonly string[];
  /** Vectors that Adam moves against their gradient. */
  readonly optimizerSteps: readonly OptimizerStep[];
  /** Longest gradient (Euclidean norm, of all optimizerSteps together); longer ones are scaled down to it. 0: any length. */
  readonly gradientClip: number;
  /** Running averages, which then move towards their vectors. */
  readonly averages: readonly PolyakAverage[];
}

/** Adam's step of a vector; its moments are the state vectors `<vector>.m` and `<vector>.v`. */
export interface OptimizerStep {
  readonly vector: string;
  /** Writes what changes with update number `update` (from 1): the numbers of Adam's `scalars` (tensor/optimizers.ts). */
  fill(update: number, out: Float32Array): void;
}

/** vector = (1 - tau) vector + tau of. */
export interface PolyakAverage {
  readonly vector: string;
  readonly of: string;
  readonly tau: number;
}

export interface Agent {
  readonly state: Readonly<Record<string, StateVector>>;
  readonly updates: Readonly<Record<string, UpdateStep>>;
  /** The steps of update number `update` (from 1), one after the other; TD3 delays its actor by this. */
  updateNames(update: number): readonly string[];
  /** Noise inputs and their sizes. */
  readonly noise: Readonly<Record<string, number>>;
  /** State vectors that the policy reads. */
  readonly policyVectors: readonly string[];
  /** Numbers of noise that one exploring action takes. */
  readonly actionNoise: number;
  /**
   * The policy for a batch of `rows` observations and goals. Inputs: the policy vectors, `normalizer`, `observation` [rows, o],
   * `goal` [rows, g] and, unless deterministic, `noise` [rows, actionNoise]. Output: `action` [rows, a], inside the
   * action space's bounds; for discrete actions the index of the best action.
   */
  act(rows: number, options: { deterministic: boolean }): Program;
  /** What a state and a goal are worth under the best action; absent: the agent estimates no values. */
  readonly value?: ValueEstimate;
  /** Probability of a uniformly random action while training, at environment step `step`. */
  randomActionProbability(step: number): number;
  /** On-policy agents only: how a rollout becomes the batches of their steps. */
  readonly rollouts?: Rollouts;
  /** Tabular agents only: how the table learns; they have no steps. */
  readonly table?: TableLearning;
}

/** V(s, g): the discounted return to come, as the agent's critics (or its table) estimate it. */
export interface ValueEstimate {
  /** State vectors that it reads. */
  readonly vectors: readonly string[];
  /** Inputs: these vectors, `normalizer`, `observation` [rows, o], `goal` [rows, g]. Output: `value` [rows, 1]. */
  program(rows: number): Program;
}

/**
 * Learning from rollouts. The steps take, instead of a replayed batch, `observation` [B, o], `goal` [B, g],
 * `action` [B, a] as sampled, and `advantage`, `returns`, `oldLogProbability`, `oldValue` [B, 1], and give a metric
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
   * What the acting parameters say about transitions. Inputs: state vectors, `normalizer`, `observation`,
   * `nextObservation`, `goal`, `action`; outputs `value`, `nextValue`, `logProbability` [rows, 1].
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

/**
 * Input `normalizer`: [mean of observation, 1/std of observation, mean of goal, 1/std of goal], 2 (o + g) numbers.
 * Identity (0 and 1) where normalisation is off, in which case no program reads it.
 */
export const normalizerSize = (spec: Pick<AgentSpec, 'observation' | 'goal'>): number =>
  2 * (spec.observation + spec.goal);

export interface AgentDefinition<Config = unknown> {
  readonly name: string;
  /** One line for `anygoal agents`. */
  readonly description: string;
  readonly paper: string;
  /** On-policy agents cannot learn from relabelled goals. */
  readonly learning: 'off-policy' | 'on-policy';
  readonly actions: readonly ('box' | 'discrete')[];
  /**
   * Settings of a run that the agent needs or does best with, in the sections of TrainConfig: over the general defaults
   * and what suits the environment, under what the person sets.
   */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A zod object; every hyperparameter has a default and a description (meaning, unit or range, the paper's value). */
  readonly config: z.ZodType<Config>;
  create(spec: AgentSpec, config: Config, options: { batchSize: number; normalize: boolean }): Agent;
}
