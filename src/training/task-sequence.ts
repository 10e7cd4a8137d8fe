// Tasks learned one after the other: which phase a step belongs to, how one begins, and what earlier tasks have lost.
import type { Evaluation } from '../acting/evaluate.js';
import type { Agent } from '../agents/agent.js';
import type { TrainConfig } from '../config/config.js';
import type { EnvSpec } from '../envs/env.js';
import { hasSuccess } from '../envs/spec.js';
import { UsageError, unknownName } from '../errors.js';
import { type Forgetting, forgettingOf } from '../multitask/forgetting.js';
import { wishNames } from './until.js';

export interface TaskSequence {
  /** Phases in all, each of one task. */
  readonly phases: number;
  /** The phase, from 0, that an environment step after so many others belongs to; the last one after the end. */
  phaseAt(steps: number): number;
  /** Environment steps in all when a phase is over. */
  endOf(phase: number): number;
  /** Episodes and batches are of the phase's task from now on; false where it was aborted, and the phase has not begun. */
  begin(phase: number): Promise<boolean>;
}

/** Step at which each phase ends: equal shares of the run's steps, rounded up. */
export const phaseEnds = ({ steps, tasks: { sequence } }: Pick<TrainConfig, 'steps' | 'tasks'>): number[] =>
  sequence.map((_, phase) => Math.ceil(((phase + 1) * steps) / sequence.length));

/** `begin` is given the number of the task that follows. Undefined: all tasks are learned at once. */
export function createTaskSequence(
  config: TrainConfig,
  { tasks = [] }: EnvSpec,
  begin: (task: number, phase: number) => Promise<boolean>,
): TaskSequence | undefined {
  const { sequence } = config.tasks;
  if (sequence.length === 0) return undefined;
  const ends = phaseEnds(config);
  return {
    phases: ends.length,
    phaseAt: (steps) => Math.min(ends.filter((end) => end <= steps).length, ends.length - 1),
    endOf: (phase) => ends[phase],
    begin: (phase) => begin(tasks.indexOf(sequence[phase]), phase),
  };
}

/** What is said of each task by name. */
export interface SequenceReport extends Omit<Forgetting, 'tasks'> {
  readonly tasks: readonly {
    readonly task: string;
    readonly final: number;
    readonly best?: number;
    forgetting?: number;
  }[];
  /** Success of every task of the environment after each phase, [phase][task]. */
  readonly success: readonly (readonly number[])[];
  /** The task of each phase that is over. */
  readonly phases: readonly string[];
}

/** Of the success of all tasks after each phase so far; undefined before the first is over, and without a sequence. */
export function reportSequence(
  { tasks: { sequence } }: Pick<TrainConfig, 'tasks'>,
  { tasks: names = [] }: Pick<EnvSpec, 'tasks'>,
  success: readonly (readonly number[])[] = [],
): SequenceReport | undefined {
  if (sequence.length === 0 || success.length === 0) return undefined;
  const { tasks, ...means } = forgettingOf(
    success,
    sequence.map((task) => names.indexOf(task)),
  );
  return {
    ...means,
    tasks: tasks.map((row) => ({ ...row, task: names[row.task] })),
    success,
    phases: sequence.slice(0, success.length),
  };
}

/** Success of every task. */
export const successByTask = ({ tasks = [] }: Evaluation): number[] => tasks.map(({ successRate }) => successRate);

/** Figures for the log after a phase. */
export const sequenceLog = ({ averagePerformance, forgetting }: SequenceReport): Record<string, number> => ({
  'eval/average_performance': averagePerformance,
  ...(forgetting !== undefined && { 'eval/forgetting': forgetting }),
});

/** @throws UsageError for what does not go with tasks one after the other, or makes no sense without them */
export function checkSequence(config: TrainConfig, spec: EnvSpec, agent: Agent): void {
  const { tasks: settings, data, training, evaluation, model } = config;
  const { sequence, rehearsal, weights, sampling, hindsight } = settings;
  const { name, tasks } = spec;
  if (sequence.length === 0) {
    if (rehearsal > 0) {
      throw new UsageError(
        `tasks.rehearsal is ${rehearsal}, but tasks are learned all at once; name them in tasks.sequence, or set it to 0.`,
      );
    }
    if (agent.consolidation) {
      throw new UsageError(
        'agent.ewc is above 0, but tasks are learned all at once, so that there is no earlier one to hold; name them in tasks.sequence, or set it to 0.',
      );
    }
    return;
  }
  const refuse = (reason: string, remedy: string) =>
    new UsageError(`tasks.sequence does not go with ${reason}; ${remedy}.`);
  if (!tasks) throw refuse(`${name}, which has a single task`, 'leave it out');
  const stranger = sequence.find((task) => !tasks.includes(task));
  if (stranger !== undefined) throw unknownName(`task of ${name} in tasks.sequence`, stranger, tasks);
  if (!hasSuccess(spec)) throw refuse(`${name}, which has no notion of success that could be lost`, 'leave it out');
  const weighted = Object.keys(weights).find((task) => weights[task] !== 0 || sequence.includes(task));
  if (weighted !== undefined) {
    throw refuse(
      `tasks.weights.${weighted} ${weights[weighted]}`,
      'weights may only hold tasks out (0) that it does not name',
    );
  }
  const missing = tasks.find((task) => !sequence.includes(task) && weights[task] === undefined);
  if (missing !== undefined) {
    throw new UsageError(
      `tasks.sequence leaves out ${missing} of ${name}; add it, or hold it out with tasks.weights.${missing}=0.`,
    );
  }
  if (sampling !== 'fixed') throw refuse(`tasks.sampling "${sampling}"`, 'use fixed');
  if (hindsight > 0) {
    throw refuse(`tasks.hindsight ${hindsight}, which passes episodes on to other tasks`, 'set it to 0');
  }
  if (data.files.length > 0) throw refuse('data.files, in which all tasks come at once', 'leave them out');
  if (model.kind !== 'none') {
    throw refuse(`model.kind "${model.kind}", which imagines episodes of all tasks at once`, 'set it to none');
  }
  if (Object.values(agent.steps(training.batchSize)).some((step) => step.tasks)) {
    throw refuse('gradients of each task, as batches hold few tasks', 'set agent.gradients to plain');
  }
  if (agent.learner.kind !== 'updates' && rehearsal > 0) {
    throw refuse(`tasks.rehearsal ${rehearsal} and agent "${config.agent.name}", which keeps no replay`, 'set it to 0');
  }
  const wish = wishNames.find((key) => evaluation[key] !== null);
  if (wish !== undefined) {
    throw refuse(`evaluation.${wish}, which would end the run before its last tasks`, 'leave it out');
  }
  // A phase shorter than a step of all environments would be passed over.
  const least = sequence.length * config.envs;
  if (config.steps < least) {
    throw new UsageError(
      `steps is ${config.steps}, but tasks.sequence has ${sequence.length} tasks, and envs=${config.envs} take so many steps at once; give each task its steps: ${least} or more in all.`,
    );
  }
}
