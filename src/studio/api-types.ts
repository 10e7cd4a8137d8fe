// What the studio's server and its pages say to each other; types only.
import type { ActorStatus, LearnerStatus } from '../actors/presence.js';
import type { Setting, SettingSchema } from '../config/describe-settings.js';
import type { ModelDiagnosis } from '../training/diagnose-model.js';
import type { PicturedEpisode } from '../training/pictures.js';

export type RunState = 'running' | 'done' | 'stopped' | 'failed';

/** What the last evaluation says of one task. */
export interface TaskFigures {
  readonly task: string;
  /** Whether no episode of training has it. */
  readonly heldOut?: true;
  /** Null where there is no notion of success. */
  readonly success: number | null;
  readonly meanReturn: number | null;
}

/** A run in the list. Numbers that were not measured yet are null. */
export interface RunSummary {
  /** Its folder inside the runs folder. */
  readonly name: string;
  readonly env: string;
  readonly agent: string;
  readonly relabel: string;
  readonly seed: number;
  /** Equal for runs whose settings differ in the seed only. */
  readonly group: string;
  readonly state: RunState;
  /** Why it failed, or what is wrong with its files. */
  readonly problem: string | null;
  /** What was said against its settings when this studio began it. */
  readonly warnings?: readonly string[];
  readonly steps: number;
  readonly totalSteps: number;
  /** Success at the last step of an episode: of the last evaluation, before there is one of the training episodes. */
  readonly success: number | null;
  /** Mean undiscounted return, of the same episodes. */
  readonly meanReturn: number | null;
  /** By task, of the last evaluation; empty where there is a single task. */
  readonly tasks: readonly TaskFigures[];
  readonly stepsPerSecond: number | null;
  /** Training seconds. */
  readonly seconds: number | null;
  /** ISO 8601. */
  readonly created: string | null;
  /** Started by this studio, so it can be stopped from the page. */
  readonly ours: boolean;
  /** It can go on: it is not running and has a checkpoint. */
  readonly resumable: boolean;
  /** Bytes of metrics.jsonl: when it changes there is something new to fetch. */
  readonly metricsBytes: number;
}

/** A curve: as many steps and training seconds as values; null where a value was not a finite number. */
export interface Curve {
  readonly step: number[];
  readonly seconds: number[];
  readonly value: (number | null)[];
}

export interface MetricsAnswer {
  /** Give it back as `after` to get only what came since. */
  readonly cursor: string;
  /** The curves replace what the caller has; otherwise they are to be appended. */
  readonly reset: boolean;
  /** All metrics that the run has. */
  readonly names: string[];
  readonly curves: Record<string, Curve>;
}

export interface RunDetails {
  readonly summary: RunSummary;
  /** All settings. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The rest of config.json: versions, spaces. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Environment steps of the checkpoints, ascending. */
  readonly checkpoints: number[];
  /** Environment steps of the best one. */
  readonly best: number | null;
}

/** One setting in which the runs differ; values in the order of `runs`, undefined where a run does not have it. */
export interface Difference {
  readonly path: string;
  readonly values: unknown[];
}

export interface EnvironmentListing {
  readonly name: string;
  readonly description: string;
}

export interface AgentListing {
  readonly name: string;
  readonly description: string;
  readonly paper: string;
  readonly learning: 'on-policy' | 'off-policy';
  readonly actions: readonly ('box' | 'discrete')[];
}

/** A setting of a form: in words, with the schema for choosing an input and the value that it has unless changed. */
export interface FormSetting extends Setting {
  readonly schema: SettingSchema;
  readonly value: unknown;
}

/** What a new run of this environment and agent would use. */
export interface RunForm {
  readonly env: string;
  readonly agent: string;
  /** Agents that fit the environment's actions. */
  readonly agents: string[];
  readonly settings: FormSetting[];
}

export interface StartRequest {
  readonly env: string;
  readonly agent?: string;
  readonly relabel?: string;
  readonly steps?: number;
  /** One run for each. */
  readonly seeds?: number[];
  /** By dotted path, as --set takes them; text is read as YAML. */
  readonly settings?: Record<string, unknown>;
}

export interface StartAnswer {
  /** Names of the new runs. */
  readonly runs: string[];
}

export interface SavedAnswer {
  /** Its name in the runs folder. */
  readonly run: string;
}

/** A data set in the runs folder's place for them. */
export interface DataListing {
  readonly name: string;
  /** As command lines take it. */
  readonly path: string;
  readonly bytes: number;
}

export interface SavedData extends DataListing {
  readonly episodes: number;
  readonly transitions: number;
}

/** What tasks do to each other's gradients: `anygoal tasks diagnose --json`, where null is no finite number. */
export interface Diagnosis {
  readonly run: string;
  readonly tasks: readonly string[];
  readonly steps: number;
  readonly batches: number;
  readonly rows: number;
  /** By vector, such as `actor`: the whole of it first, then its layers. */
  readonly vectors: Readonly<Record<string, readonly PartDiagnosis[]>>;
  /** By vector: tasks whose gradients agree. */
  readonly groups: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Against the specialists that it was compared with. */
  readonly transfer?: TransferDiagnosis;
}

export interface PartDiagnosis {
  readonly name: string;
  /** [task][task] */
  readonly cosines: readonly (readonly (number | null)[])[];
  readonly norms: readonly (number | null)[];
  readonly noise: readonly (number | null)[];
}

export interface TransferDiagnosis {
  readonly steps: number;
  readonly rows: readonly {
    readonly task: string;
    readonly generalist: number | null;
    readonly specialist: number | null;
    readonly transfer: number | null;
  }[];
  readonly sharing?: {
    readonly wanted: number;
    readonly specialist: number;
    readonly generalists: readonly (readonly [tasks: number, cost: number])[];
    readonly fit?: { readonly shared: number; readonly overhead: number };
    readonly verdict: 'generalist' | 'specialists';
  };
}

/** Whether a model of the world is worth it: `anygoal model diagnose --json`, where null is no finite number. */
export type ModelDiagnosisAnswer = ModelDiagnosis & { readonly run: string };

/** Who acts for the runs of the studio's broker, as they were heard last. */
export interface ActorsAnswer {
  /** Its address; absent: the studio has none. */
  readonly broker?: string;
  /** Why it does not answer now. */
  readonly problem?: string;
  readonly runs: readonly {
    readonly run: string;
    readonly learner?: LearnerStatus;
    /** Since the learner was heard. */
    readonly silentSeconds?: number;
    readonly actors: readonly ActorStatus[];
  }[];
}

/** An episode as pictures, the PNG files in base64. */
export interface PicturesAnswer extends Omit<PicturedEpisode, 'pictures'> {
  readonly pictures: readonly string[];
}

export interface StudioInfo {
  readonly version: string;
  /** For people: the runs folder. */
  readonly runsDir: string;
  /** How to call the command line here. */
  readonly program: string;
  /** Runs that may be going at the same time. */
  readonly maxRunning: number;
}

/** Events of /api/events, by name. */
export interface StudioEvents {
  /** All runs, at the beginning and after every reconnection. */
  readonly runs: RunSummary[];
  readonly change: { readonly changed: RunSummary[]; readonly removed: string[] };
}
