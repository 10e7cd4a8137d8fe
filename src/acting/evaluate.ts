// Evaluation: deterministic episodes with fixed seeds in an environment of its own.
import type { GoalEnv } from '../envs/env.js';
import { RunError } from '../errors.js';
import { nextTurn } from '../platform/yield.js';
import { mixSeed } from '../random.js';
import type { PolicyRunner } from './policy-runner.js';

export interface EpisodeResult {
  readonly reward: number;
  readonly length: number;
  /** Success at the last step, as Fetch and Stable-Baselines3 count it. */
  readonly success: boolean;
  readonly anySuccess: boolean;
  /** What was desired; the result's own copy. */
  readonly goal: Float32Array;
}

/** One deterministic episode. */
export async function runEpisode(
  env: GoalEnv,
  runner: PolicyRunner,
  options: { seed: number; goal?: ArrayLike<number> },
): Promise<EpisodeResult> {
  let now = env.reset(options);
  const goal = now.goal.slice();
  let reward = 0;
  let anySuccess = false;
  for (let length = 1; ; length++) {
    runner.see(now);
    await runner.run();
    const step = env.step(runner.action);
    reward += step.reward;
    anySuccess ||= step.isSuccess;
    if (step.terminated || step.truncated) return { reward, length, success: step.isSuccess, anySuccess, goal };
    now = step;
  }
}

export interface Evaluation {
  /** Environment steps at which the policy was evaluated. */
  readonly steps: number;
  readonly episodes: number;
  /** Share of episodes that are successes at their last step. */
  readonly successRate: number;
  /** Share of episodes that were a success at any step. */
  readonly anySuccessRate: number;
  readonly meanReward: number;
  readonly stdReward: number;
  readonly meanLength: number;
  /** Wall seconds the evaluation took. */
  readonly seconds: number;
}

export interface EvaluateOptions {
  readonly episodes: number;
  /** Episode i is reset with a seed made of this and i. */
  readonly seed: number;
  /** Every episode's goal; drawn by the environment when absent. */
  readonly goal?: ArrayLike<number>;
  /** Environment steps of training so far, for the report. */
  readonly steps: number;
  readonly signal?: AbortSignal;
  readonly onEpisode?: (episode: number, result: EpisodeResult) => void;
}

/** Runs the episodes and summarises them. Aborting ends after the current episode; at least one is counted. */
export async function evaluatePolicy(
  env: GoalEnv,
  runner: PolicyRunner,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const begin = performance.now();
  const results: EpisodeResult[] = [];
  for (let i = 0; i < options.episodes; i++) {
    await nextTurn(); // in a page nothing else does: whoever wants to abort or to watch gets a turn
    if (options.signal?.aborted && i > 0) break;
    const result = await runEpisode(env, runner, { seed: mixSeed(options.seed, 'evaluation', i), goal: options.goal });
    if (!Number.isFinite(result.reward)) {
      throw new RunError(
        `evaluation episode ${i} returned ${result.reward}: the environment gave a reward that is not a finite number; run \`anygoal check\` on it.`,
      );
    }
    results.push(result);
    options.onEpisode?.(i, result);
  }
  const n = results.length;
  const mean = (value: (result: EpisodeResult) => number) => results.reduce((sum, r) => sum + value(r), 0) / n;
  const meanReward = mean((r) => r.reward);
  return {
    steps: options.steps,
    episodes: n,
    successRate: mean((r) => (r.success ? 1 : 0)),
    anySuccessRate: mean((r) => (r.anySuccess ? 1 : 0)),
    meanReward,
    stdReward: Math.sqrt(mean((r) => (r.reward - meanReward) ** 2)),
    meanLength: mean((r) => r.length),
    seconds: (performance.now() - begin) / 1000,
  };
}
