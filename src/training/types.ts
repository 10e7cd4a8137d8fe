// What goes into a training run and what comes out: options, progress, evaluations, the result.

import type { EpisodeFigures, Evaluation, TaskEvaluation } from '../acting/evaluate.js';
import type { Broker } from '../actors/broker.js';
import type { PolicyVectors } from '../agents/policy-vectors.js';
import type { DataSet } from '../datasets/index.js';
import type { EnvDefinition } from '../envs/env.js';
import type { Store } from '../runs/store.js';
import type { Runtime } from '../runtime/runtime.js';
import type { RecordingProgress } from './pace.js';
import type { SequenceReport } from './task-sequence.js';

export interface Progress {
  /**
   * `demonstrations`: the episodes of `training.demonstrations` are recorded, before anything is learned. `updates`: the steps
   * are done, and updates that could not be done in time are made up.
   */
  readonly phase: 'demonstrations' | 'warmup' | 'training' | 'updates' | 'evaluation' | 'checkpoint';
  /** Environment steps; of who learns from data alone, and takes none, those whose updates are done. */
  readonly steps: number;
  readonly totalSteps: number;
  readonly updates: number;
  /** Updates that fell due and are still to be made up; absent: none. */
  readonly owedUpdates?: number;
  readonly episodes: number;
  /** How far the recording is, in the phase `demonstrations`. */
  readonly demonstrations?: RecordingProgress;
  /** Training seconds so far, evaluation excluded. */
  readonly seconds: number;
  /** Environment steps per second, lately. */
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
  /** Present where the environment has no notion of success: the rates are NaN then. */
  readonly hasSuccess?: false;
  /** Share of the last 100 training episodes that ended in success. */
  readonly successRate: number;
  /** Mean undiscounted return of the last 100 training episodes. */
  readonly meanReward: number;
  readonly lastEvaluation?: Evaluation;
}

/** What can be changed between iterations. */
export interface IterationControl {
  /**
   * How often the episodes from now on have the named tasks; saved with checkpoints.
   * @throws UsageError for unknown tasks, and where there is a single one
   */
  setTaskWeights(weights: Readonly<Record<string, number>>): void;
}

/** Settings as a person gives them; everything absent comes from the environment's tuned defaults, then from the general ones. */
export interface TrainOptions {
  /** Name, module path or (in-process learner only) a definition. */
  readonly env: string | EnvDefinition;
  readonly agent?: string;
  /** `future:4`, `final:4`, `episode:4`, `random:4`, `none`. */
  readonly relabel?: string;
  /** Recorded episodes to learn from: paths, in pages URLs, or opened data sets. */
  readonly data?: string | DataSet | readonly (string | DataSet)[];
  readonly steps?: number;
  readonly seed?: number;
  readonly envs?: number;
  /** Threads that step the environments; 0: the acting thread. Changes no number of the run. */
  readonly workers?: number;
  /** Stop after two evaluations in a row at or above this success rate. */
  readonly untilSuccess?: number;
  /** The same for the success rate of the worst task. */
  readonly untilWorst?: number;
  /** The same for the mean return. */
  readonly untilReward?: number;
  /** Start from the policy (all agent parameters) of another run: its path. */
  readonly init?: string;
  /** Further settings by section (see TrainConfig), deep-merged over the defaults. */
  readonly config?: Record<string, unknown>;
  /** Where runs go; default: disk, `runs/`. */
  readonly store?: Store;
  readonly runtime?: Runtime;
  /** Where episodes come from, instead of environments of its own: actors elsewhere send them (see anygoal/actors). */
  readonly broker?: Broker;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly onEvaluation?: (evaluation: Evaluation) => void;
  /** Called once the run's folder exists; `warnings` say what will probably not go as meant. */
  readonly onStart?: (run: StartedRun) => void;
  /**
   * Called between iterations with the policy that acts next (read only). Training waits for what it returns, to pause or to
   * let others work; that time does not count.
   */
  readonly onIteration?: (policy: PolicyVectors, control: IterationControl) => Promise<void> | undefined;
}

/** How to go on with a run. */
export interface ResumeOptions {
  /** The run's folder: a path, or a folder inside `store` when that is given. */
  readonly run: string;
  readonly store?: Store;
  /** The environment itself, for a run that was trained with a definition instead of a name. */
  readonly env?: EnvDefinition;
  /** The data sets themselves, for a run that was given opened ones. */
  readonly data?: readonly DataSet[];
  /** New total of environment steps; default: the run's own. */
  readonly steps?: number;
  readonly untilSuccess?: number;
  readonly untilWorst?: number;
  readonly untilReward?: number;
  /** Threads that step the environments from now on; default: the run's own. */
  readonly workers?: number;
  readonly runtime?: Runtime;
  /** The broker of a run whose episodes come from actors elsewhere. */
  readonly broker?: Broker;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly onEvaluation?: (evaluation: Evaluation) => void;
  readonly onStart?: (run: StartedRun) => void;
  readonly onIteration?: TrainOptions['onIteration'];
}

/** A run that begins or goes on. */
export interface StartedRun {
  readonly path: string;
  readonly config: unknown;
  readonly warnings: readonly string[];
  /** The run's name on its broker, and how actors for it are started; absent: it has environments of its own. */
  readonly actors?: { readonly run: string; readonly hint: string };
}

export interface TrainResult {
  readonly runDir: string;
  readonly env: string;
  readonly agent: string;
  readonly seed: number;
  readonly envSteps: number;
  readonly updates: number;
  /** Updates that fell due while the replay held no whole episode and were not made up before the end; absent: none. */
  readonly owedUpdates?: number;
  /** What the settings said against them before the run began; absent: nothing. */
  readonly warnings?: readonly string[];
  /** Training seconds, evaluation excluded. */
  readonly wallSeconds: number;
  readonly evalSeconds: number;
  readonly evalSuccessRate: number;
  readonly evalMeanReward: number;
  readonly evalEpisodes: number;
  /** By task, where there are tasks. */
  readonly evalTasks?: readonly TaskEvaluation[];
  /** What was learned and lost, where tasks were learned one after the other and a phase is over. */
  readonly sequence?: SequenceReport;
  /** Means over the tasks that were held out of training, where there are any. */
  readonly evalHeldOut?: EpisodeFigures;
  /** Present where the environment has no notion of success. */
  readonly hasSuccess?: false;
  /** Why it ended. */
  readonly ended: 'steps' | 'success' | 'aborted';
}
