// What a learner does, wherever it runs: takes what actors did, updates the agent, hands over the policy.
import type { Agent } from '../agents/agent.js';
import type { AgentSpec } from '../agents/agent-spec.js';
import type { PolicyVectors } from '../agents/policy-vectors.js';
import type { TrainConfig } from '../config/config.js';
import type { EnvDefinition, EnvRules } from '../envs/env.js';
import type { EpisodePieces } from '../replay/index.js';
import type { Runtime } from '../runtime/runtime.js';

export interface LearnResult {
  /** The policy after the updates. */
  readonly policy: PolicyVectors;
  /** Updates done: none while the replay holds no whole episode. */
  readonly updates: number;
  /** Updates asked for so far and not done, to be made up; always 0 on-policy. */
  readonly owed: number;
  /** Means over the updates, by SB3's names without `train/`; empty when there was none, or they were stopped. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Updates that these are means over, where some were stopped before; absent: those done. */
  readonly told?: number;
  /** Not all were done: the others are not owed, and metrics of these come with those of the next result. */
  readonly isStopped?: true;
}

export interface LearnerState {
  readonly parts: Readonly<Record<string, Uint8Array>>;
  /** Whole episodes stored since the last save. */
  readonly replay: Uint8Array;
}

/**
 * All methods may run in another thread; buffers passed in belong to the learner afterwards. What is asked for while it
 * works is done afterwards, in order.
 */
export interface Learner {
  /** The policy as it is. */
  policy(): Promise<PolicyVectors>;
  /**
   * Takes recorded episodes, which have `rows` rows (T + 1 each) in all, before the first `learn` or `restore`: they are
   * drawn from, but belong to no checkpoint.
   * @throws UsageError from learners that learn from their own policy's actions only
   */
  load(episodes: EpisodePieces, rows: number): Promise<void>;
  /**
   * Takes pieces of episodes; `updates` more updates are due. Does those and earlier ones that are still owed, at most
   * `most` (absent: `updates`) in all; on-policy learners do as many as they need.
   */
  learn(pieces: EpisodePieces, updates: number, most?: number): Promise<LearnResult>;
  /**
   * Ends the `learn` at work after its update, not in turn, and all that are asked for later. Only where a run that goes on
   * from what is saved then gives the same numbers; absent: nowhere.
   */
  stop?(): void;
  /**
   * Tasks are learned one after the other (`tasks.sequence`), and that of this number begins: from now on batches are of
   * its episodes, but for the share of `tasks.rehearsal`. What the policy of the task before depends on is held, where the
   * agent does that.
   */
  beginTask(task: number): Promise<void>;
  save(): Promise<LearnerState>;
  restore(parts: Readonly<Record<string, Uint8Array>>, replay: readonly Uint8Array[]): Promise<PolicyVectors>;
  /** Takes over the network parameters and normaliser of another run's learner state; its optimiser starts afresh. */
  adopt(parts: Readonly<Record<string, Uint8Array>>): Promise<PolicyVectors>;
  dispose(): Promise<void>;
}

/** What a learner is made from; can be sent to another thread when `definition` is absent. */
export interface LearnerSetup {
  readonly config: TrainConfig;
  /** The environment itself, where it cannot be loaded by name; then the learner stays in this thread. */
  readonly definition?: EnvDefinition;
}

/** What every kind of learner is built from. */
export interface LearnerParts {
  readonly config: TrainConfig;
  readonly rules: Omit<EnvRules, 'dispose'>;
  readonly agent: Agent;
  readonly spec: AgentSpec;
  readonly runtime: Runtime;
  /** Tasks by number between which hindsight passes episodes; absent: none. */
  readonly groups?: readonly (readonly number[])[];
}
