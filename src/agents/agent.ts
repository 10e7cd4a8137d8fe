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
}

export interface Agent {
  readonly state: Readonly<Record<string, StateVector>>;
  readonly updates: Readonly<Record<string, UpdateProgram>>;
  /** Which update program runs as update number `update` (from 1); TD3 delays its actor by this. */
  updateName(update: number): string;
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
  /** Probability of a uniformly random action while training, at environment step `step`. */
  randomActionProbability(step: number): number;
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
  /** A zod object; every hyperparameter has a default and a description (meaning, unit or range, the paper's value). */
  readonly config: z.ZodType<Config>;
  create(spec: AgentSpec, config: Config, options: { batchSize: number; normalize: boolean }): Agent;
}
