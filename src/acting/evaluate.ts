// Evaluation: deterministic episodes with fixed seeds in an environment of its own.
import type { EnvSpec, GoalEnv } from '../envs/env.js';
import { evaluationTaskNumber, hasSuccess, taskNumber } from '../envs/spec.js';
import { RunError, UsageError } from '../errors.js';
import { nextTurn } from '../platform/yield.js';
import { mixSeed } from '../random.js';
import type { PolicyRunner } from './policy-runner.js';

export interface EpisodeResult {
  readonly reward: number;
  readonly length: number;
  /** Success at the last step, as Fetch and Stable-Baselines3 count it. */
  readonly success: boolean;
  readonly anySuccess: boolean;
  /** False where the environment has no notion of success, so that the two above say nothing; else absent. */
  readonly hasSuccess?: false;
  /** What was desired; the result's own copy. */
  readonly goal: Float32Array;
  /** The number of its task, where there are tasks, or of its evaluation task, where the environment has such. */
  readonly task?: number;
}

/**
 * The tasks that an evaluation reports: the environment's or, unless a goal is given that is none of theirs, those that it has
 * for evaluations only.
 */
const reportedTasks = (
  { tasks, evaluationTasks }: EnvSpec,
  { goal, task }: Pick<EvaluateOptions, 'goal' | 'task'>,
): readonly string[] | undefined => tasks ?? (goal && task === undefined ? undefined : evaluationTasks);

/** One deterministic episode. `task`: its number among the tasks that evaluations report. */
export async function runEpisode(
  env: GoalEnv,
  runner: PolicyRunner,
  { task, ...options }: { seed: number; goal?: ArrayLike<number>; instruction?: string; task?: number },
): Promise<EpisodeResult> {
  const { tasks } = env.spec;
  let now = env.reset({ ...options, [tasks ? 'task' : 'evaluationTask']: task });
  runner.begin();
  const goal = now.goal.slice();
  const more = {
    ...(!hasSuccess(env.spec) && { hasSuccess: false as const }),
    ...(tasks && { task: now.task[0] }),
    ...(!tasks && task !== undefined && { task }),
  };
  let reward = 0;
  let anySuccess = false;
  for (let length = 1; ; length++) {
    runner.see(now);
    await runner.run();
    const step = env.step(runner.action);
    reward += step.reward;
    anySuccess ||= step.isSuccess;
    if (step.terminated || step.truncated) {
      return { reward, length, success: step.isSuccess, anySuccess, goal, ...more };
    }
    now = step;
  }
}

/** Figures of some episodes. */
export interface EpisodeFigures {
  readonly episodes: number;
  /** Share of episodes that are successes at their last step; NaN where the environment has no notion of success. */
  readonly successRate: number;
  /** Share of episodes that were a success at any step; NaN likewise. */
  readonly anySuccessRate: number;
  readonly meanReward: number;
  readonly stdReward: number;
  readonly meanLength: number;
}

/**
 * Of environments with tasks the figures are means over the tasks, however many episodes each of them had; those held out of
 * training do not count, except in `episodes`, unless there are no others.
 */
export interface Evaluation extends EpisodeFigures {
  /** Environment steps at which the policy was evaluated. */
  readonly steps: number;
  /** Wall seconds the evaluation took. */
  readonly seconds: number;
  /** By task, in the order of the environment; absent where there is a single one. */
  readonly tasks?: readonly TaskEvaluation[];
  /** The same means over the tasks that were held out of training (zero-shot); absent where there are none, or only such. */
  readonly heldOut?: EpisodeFigures;
}

export interface TaskEvaluation extends EpisodeFigures {
  readonly task: string;
  /** Whether no episode of training had it. */
  readonly heldOut?: true;
}

/** Those that count: all that were trained on, or else all. */
export function countedTasks<Task extends Pick<TaskEvaluation, 'heldOut'>>(tasks: readonly Task[]): readonly Task[] {
  const trained = tasks.filter(({ heldOut }) => !heldOut);
  return trained.length > 0 ? trained : tasks;
}

/** Of the tasks that count the one with the lowest success rate; undefined without tasks or without a notion of success. */
export function worstTask({ tasks = [] }: Pick<Evaluation, 'tasks'>): TaskEvaluation | undefined {
  return countedTasks(tasks).reduce<TaskEvaluation | undefined>(
    (worst, one) => (one.successRate < (worst?.successRate ?? Infinity) ? one : worst),
    undefined,
  );
}

export interface EvaluateOptions {
  readonly episodes: number;
  /** Episode i is reset with a seed made of this and i. */
  readonly seed: number;
  /** Every episode's goal; drawn by the environment when absent. */
  readonly goal?: ArrayLike<number>;
  /** What every episode asks for; drawn by the environment when absent. */
  readonly instruction?: string;
  /** Every episode's task or evaluation task, by name or number; when absent the episodes have them in turn. */
  readonly task?: string | number;
  /** Names of the tasks that no episode of training has. */
  readonly heldOut?: readonly string[];
  /** Environment steps of training so far, for the report. */
  readonly steps: number;
  readonly signal?: AbortSignal;
  readonly onEpisode?: (episode: number, result: EpisodeResult) => void;
}

/**
 * Runs the episodes and summarises them. Aborting ends after the current episode; at least one is counted.
 * @throws UsageError where there are fewer episodes than tasks
 */
export async function evaluatePolicy(
  env: GoalEnv,
  runner: PolicyRunner,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const begin = performance.now();
  const tasks = reportedTasks(env.spec, options);
  const taskOf = dealTasks(env, options, tasks);
  const results: EpisodeResult[] = [];
  for (let i = 0; i < options.episodes; i++) {
    await nextTurn(); // in a page nothing else does: whoever wants to abort or to watch gets a turn
    if (options.signal?.aborted && i > 0) break;
    const seed = mixSeed(options.seed, 'evaluation', i);
    const result = await runEpisode(env, runner, {
      seed,
      goal: options.goal,
      instruction: options.instruction,
      task: taskOf(i),
    });
    if (!Number.isFinite(result.reward)) {
      throw new RunError(
        `evaluation episode ${i} returned ${result.reward}: the environment gave a reward that is not a finite number; run \`anygoal check\` on it.`,
      );
    }
    results.push(result);
    options.onEpisode?.(i, result);
  }
  const figures = tasks ? byTask(env, results, tasks, options.heldOut) : figuresOf(env, results);
  return { steps: options.steps, ...figures, seconds: (performance.now() - begin) / 1000 };
}

/** Which task episode i has; none where the environment has a single one. */
function dealTasks(
  { spec }: GoalEnv,
  { episodes, task }: EvaluateOptions,
  tasks: readonly string[] | undefined,
): (i: number) => number | undefined {
  if (task !== undefined) {
    const number = spec.evaluationTasks ? evaluationTaskNumber(spec, task) : taskNumber(spec, task);
    return () => number;
  }
  if (!tasks) return () => undefined;
  refuseTooFew(spec, episodes, tasks);
  return (i) => i % tasks.length;
}

function refuseTooFew({ name }: EnvSpec, episodes: number, { length }: readonly string[]): void {
  if (episodes >= length) return;
  const given = episodes === 1 ? '1 evaluation episode is' : `${episodes} evaluation episodes are`;
  throw new UsageError(
    `${given} too few: ${name} has ${length} tasks, and each needs one; ask for ${length} or more (--episodes of eval, evaluation.episodes of train).`,
  );
}

/** Before anything is learned: whether a training's evaluations of `episodes` can be. @throws UsageError as `evaluatePolicy` */
export const checkEpisodes = (spec: EnvSpec, episodes: number): void =>
  refuseTooFew(spec, episodes, reportedTasks(spec, {}) ?? []);

function figuresOf({ spec }: GoalEnv, results: readonly EpisodeResult[]): EpisodeFigures {
  const n = results.length;
  const mean = (value: (result: EpisodeResult) => number) => results.reduce((sum, r) => sum + value(r), 0) / n;
  const meanReward = mean((r) => r.reward);
  const known = hasSuccess(spec);
  return {
    episodes: n,
    successRate: known ? mean((r) => (r.success ? 1 : 0)) : Number.NaN,
    anySuccessRate: known ? mean((r) => (r.anySuccess ? 1 : 0)) : Number.NaN,
    meanReward,
    stdReward: Math.sqrt(mean((r) => (r.reward - meanReward) ** 2)),
    meanLength: mean((r) => r.length),
  };
}

function byTask(
  env: GoalEnv,
  results: readonly EpisodeResult[],
  names: readonly string[],
  heldOut: readonly string[] = [],
): EpisodeFigures & Pick<Evaluation, 'tasks' | 'heldOut'> {
  const tasks = names.flatMap((task, number): TaskEvaluation[] => {
    const own = results.filter((result) => result.task === number);
    if (own.length === 0) return [];
    return [{ task, ...figuresOf(env, own), ...(heldOut.includes(task) && { heldOut: true }) }];
  });
  const counted = countedTasks(tasks);
  const others = tasks.filter((task) => !counted.includes(task));
  return { ...meanOf(counted), episodes: results.length, tasks, ...(others.length > 0 && { heldOut: meanOf(others) }) };
}

function meanOf(tasks: readonly TaskEvaluation[]): EpisodeFigures {
  const mean = (value: (task: TaskEvaluation) => number) =>
    tasks.reduce((sum, task) => sum + value(task), 0) / tasks.length;
  const meanReward = mean((task) => task.meanReward);
  return {
    episodes: tasks.reduce((sum, { episodes }) => sum + episodes, 0),
    successRate: mean((task) => task.successRate),
    anySuccessRate: mean((task) => task.anySuccessRate),
    meanReward,
    stdReward: Math.sqrt(mean((task) => task.stdReward ** 2 + (task.meanReward - meanReward) ** 2)),
    meanLength: mean((task) => task.meanLength),
  };
}
