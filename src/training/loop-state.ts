// The numbers that a training loop carries along, saved with every checkpoint and continued exactly on resuming.

import { type Evaluation, worstTask } from '../acting/evaluate.js';
import type { FinishedEpisode } from '../acting/source.js';
import type { LearnResult } from '../learners/learner.js';
import type { Progress } from './types.js';
import { isEnough, type Wishes } from './until.js';

/** Episodes that rollout figures average over, as in Stable-Baselines3. */
const WINDOW = 100;

export interface LoopState {
  steps: number;
  /** Updates asked of the learner, whether or not it had data for them. */
  updatesAsked: number;
  updates: number;
  /** Stopped within an iteration: what comes after one waits until it has gone on to its end. */
  isWithin?: true;
  /** Updates that the learner owes, as far as is known here. */
  owed: number;
  episodes: number;
  /** Training seconds, evaluation excluded. */
  seconds: number;
  evalSeconds: number;
  recentRewards: number[];
  recentLengths: number[];
  recentSuccesses: number[];
  /** The same by the numbers of tasks, where there are tasks; runs of former versions lack it. */
  recentTasks?: Record<string, { rewards: number[]; successes: number[] }>;
  /** Sums and counts of training metrics since the last log. */
  metrics: Record<string, [sum: number, count: number]>;
  loggedAt: number;
  evaluatedAt: number;
  checkpointedAt: number;
  /** Evaluations in a row that were as good as wanted. */
  successesInARow: number;
  /** Best evaluation so far: [success rate, mean reward]. */
  best: [number, number] | null;
  lastEvaluation: Evaluation | null;
  /** Of tasks in sequence: the phase that has begun, and the success of every task after each one that is over. */
  phase?: number;
  phaseSuccess?: number[][];
}

export const initialLoopState = (): LoopState => ({
  steps: 0,
  updatesAsked: 0,
  updates: 0,
  owed: 0,
  episodes: 0,
  seconds: 0,
  evalSeconds: 0,
  recentRewards: [],
  recentLengths: [],
  recentSuccesses: [],
  metrics: {},
  loggedAt: 0,
  evaluatedAt: 0,
  checkpointedAt: 0,
  successesInARow: 0,
  best: null,
  lastEvaluation: null,
});

/** `hasSuccess`: whether episodes of the environment can succeed at all. */
export function countEpisode(
  state: LoopState,
  { reward, length, success, task }: FinishedEpisode,
  hasSuccess: boolean,
): void {
  state.episodes++;
  push(state.recentRewards, reward);
  push(state.recentLengths, length);
  if (hasSuccess) push(state.recentSuccesses, success ? 1 : 0);
  if (task === undefined) return;
  state.recentTasks ??= {};
  state.recentTasks[task] ??= { rewards: [], successes: [] };
  const { rewards, successes } = state.recentTasks[task];
  push(rewards, reward);
  if (hasSuccess) push(successes, success ? 1 : 0);
}

function push(window: number[], value: number): void {
  window.push(value);
  if (window.length > WINDOW) window.shift();
}

export function countUpdates(state: LoopState, { updates, owed, metrics, told = updates }: LearnResult): void {
  state.updates += updates;
  state.owed = owed;
  for (const [name, mean] of Object.entries(metrics)) {
    state.metrics[name] ??= [0, 0];
    state.metrics[name][0] += mean * told;
    state.metrics[name][1] += told;
  }
}

/** Whether the evaluation is the best so far (success first, then return; ties go to the newer), and counts it. */
export function countEvaluation(state: LoopState, evaluation: Evaluation, wishes: Wishes): boolean {
  state.lastEvaluation = evaluation;
  state.evaluatedAt = evaluation.steps;
  state.evalSeconds += evaluation.seconds;
  state.successesInARow = isEnough(wishes, evaluation) ? state.successesInARow + 1 : 0;
  const { meanReward } = evaluation;
  const successRate = Number.isNaN(evaluation.successRate) ? 0 : evaluation.successRate; // then the return decides
  const [bestSuccess, bestReward] = state.best ?? [-1, -Infinity];
  const best = successRate > bestSuccess || (successRate === bestSuccess && meanReward >= bestReward);
  if (best) state.best = [successRate, meanReward];
  return best;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Rollout and training figures under Stable-Baselines3's names, those of tasks under `rollout/<task>/`; forgets the
 * training figures. Time fields begin with `time/`. `tasks`: their names.
 */
export function takeLog(state: LoopState, tasks: readonly string[] = []): Record<string, number> {
  const values: Record<string, number> = {
    'time/total_timesteps': state.steps,
    'time/time_elapsed': state.seconds,
    'time/fps': state.seconds > 0 ? state.steps / state.seconds : 0,
    'time/episodes': state.episodes,
  };
  if (state.recentRewards.length > 0) {
    values['rollout/ep_rew_mean'] = mean(state.recentRewards);
    values['rollout/ep_len_mean'] = mean(state.recentLengths);
    if (state.recentSuccesses.length > 0) values['rollout/success_rate'] = mean(state.recentSuccesses);
  }
  for (const [number, { rewards, successes }] of Object.entries(state.recentTasks ?? {})) {
    values[`rollout/${tasks[Number(number)]}/ep_rew_mean`] = mean(rewards);
    if (successes.length > 0) values[`rollout/${tasks[Number(number)]}/success_rate`] = mean(successes);
  }
  for (const [name, [sum, count]] of Object.entries(state.metrics)) {
    if (count > 0) values[name.includes('/') ? name : `train/${name}`] = sum / count; // `model/...` is not the agent's
  }
  values['train/n_updates'] = state.updates;
  state.metrics = {};
  state.loggedAt = state.steps;
  return values;
}

/** Of tasks their means, and under `eval/<task>/` each one's own; success only where there is such a notion. */
export function evaluationLog(evaluation: Evaluation): Record<string, number> {
  const { successRate, anySuccessRate, tasks = [], heldOut } = evaluation;
  const known = !Number.isNaN(successRate);
  const worst = worstTask(evaluation);
  return {
    ...(known && { 'eval/success_rate': successRate, 'eval/any_success_rate': anySuccessRate }),
    'eval/mean_reward': evaluation.meanReward,
    'eval/std_reward': evaluation.stdReward,
    'eval/mean_ep_length': evaluation.meanLength,
    ...(worst && { 'eval/worst_success_rate': worst.successRate }),
    ...(heldOut && {
      ...(known && { 'eval/held_out_success_rate': heldOut.successRate }),
      'eval/held_out_mean_reward': heldOut.meanReward,
    }),
    ...Object.fromEntries(
      tasks.flatMap(({ task, ...own }) => [
        ...(known ? [[`eval/${task}/success_rate`, own.successRate]] : []),
        [`eval/${task}/mean_reward`, own.meanReward],
      ]),
    ),
  };
}

/** The state as a progress report; `stepsPerSecond` is measured by the caller over the last stretch. */
export function progressOf(
  state: LoopState,
  phase: Progress['phase'],
  totalSteps: number,
  stepsPerSecond: number,
  hasSuccess: boolean,
): Progress {
  const average = (window: readonly number[]) => (window.length > 0 ? mean(window) : Number.NaN);
  return {
    phase,
    steps: state.steps,
    totalSteps,
    updates: state.updates,
    ...(state.owed > 0 && { owedUpdates: state.owed }),
    episodes: state.episodes,
    seconds: state.seconds,
    stepsPerSecond,
    secondsLeft: stepsPerSecond > 0 ? (totalSteps - state.steps) / stepsPerSecond : Number.NaN,
    successRate: average(state.recentSuccesses),
    meanReward: average(state.recentRewards),
    ...(!hasSuccess && { hasSuccess }),
    lastEvaluation: state.lastEvaluation ?? undefined,
  };
}

/** Bytes of the state as JSON; non-finite numbers survive. */
export const encodeLoopState = (state: LoopState): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify(state, (_, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value,
    ),
  );

export const decodeLoopState = (bytes: Uint8Array): LoopState => ({
  ...initialLoopState(), // for what former versions did not have
  ...(JSON.parse(new TextDecoder().decode(bytes), (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'number' in value && Object.keys(value).length === 1
      ? Number((value as { number: string }).number)
      : value,
  ) as LoopState),
});
