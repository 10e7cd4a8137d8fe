// What an agent is: flat state vectors, update programs that map them to their next value, and a policy program.
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

/** A flat float32 vector that goes into every update and comes out of it. */
export interface StateVector {
  readonly size: number;
  /** Named tensors inside, for checkpoints that other programs read; empty for plain vectors such as Adam's moments. */
  readonly layout: readonly LayoutEntry[];
  init(random: Random): Float32Array;
  /** Starts as a copy of this other vector instead (target networks). */
  readonly copyOf?: string;
}

/** Host numbers that change from update to update (learning rates with bias correction), written into an input. */
export interface ScalarInput {
  readonly size: number;
  /** Writes the values for update number `update` (from 1). */
  fill(update: number, out: Float32Array): void;
}

/**
 * Inputs of an update program by name: every state vector; the batch parts `observation`, `nextObservation` [B, o],
 * `goal` [B, g], `action` [B, a], `reward`, `terminated` [B, 1]; `normalizer` (below); every name in `noise`, filled with
 * fresh standard normals; every name in `scalars`. Outputs: every state vector's next value that the program changes,
 * and `metrics` [metricNames.length].
 */
export interface UpdateProgram {
  readonly program: Program;
  readonly metricNames: readonly string[];
  /**
   * Part of every update, and before the programs that it comes with: so it may run in a thread of its own beside them.
   */
  readonly beside?: boolean;
}

export interface Agent {
  readonly state: Readonly<Record<string, StateVector>>;
  readonly updates: Readonly<Record<string, UpdateProgram>>;
  /**
   * Which update programs make up update number `update` (from 1); TD3 delays its actor by this. They all read the
   * vectors as they were before the update, and no two write the same one.
   */
  updateNames(update: number): readonly string[];
  /** Noise inputs and their sizes. */
  readonly noise: Readonly<Record<string, number>>;
  readonly scalars: Readonly<Record<string, ScalarInput>>;
  /** State vectors that the policy reads. */
  readonly policyVectors: readonly string[];
  /** Numbers of noise that one exploring decision takes. */
  readonly actionNoise: number;
  /**
   * The policy for `rows` decisions at once. Inputs: the policy vectors, `normalizer`, `observation` [rows, o],
   * `goal` [rows, g] and, unless deterministic, `noise` [rows, actionNoise]. Output: `action` [rows, a], inside the
   * action space's bounds; for discrete actions the index of the best action.
   */
  act(rows: number, options: { deterministic: boolean }): Program;
  /** What a state and a goal are worth under the best action; absent: the agent estimates no values. */
  readonly value?: ValueEstimate;
  /** Probability of a uniformly random action while training, at environment step `step`. */
  randomActionProbability(step: number): number;
  /** On-policy agents only: how a rollout becomes the batches of their update programs. */
  readonly rollouts?: Rollouts;
  /** Tabular agents only: how the table learns; they have no update programs. */
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
 * Learning from rollouts. The update programs take, instead of a replayed batch, `observation` [B, o], `goal` [B, g],
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
  judge(rows: number): Program;
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
