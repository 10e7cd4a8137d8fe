// When a run has learned enough: what of an evaluation must be reached, and whether the environment can say it.
import { type Evaluation, worstTask } from '../acting/evaluate.js';
import type { TrainConfig } from '../config/config.js';
import type { EnvSpec } from '../envs/env.js';
import { hasSuccess } from '../envs/spec.js';
import { UsageError } from '../errors.js';

/** What is wanted of an evaluation; all of what is not null. */
export type Wishes = Pick<TrainConfig['evaluation'], 'untilSuccess' | 'untilWorst' | 'untilReward'>;

export const wishNames = ['untilSuccess', 'untilWorst', 'untilReward'] as const;

/** Whether anything is wanted, and all of it is there. */
export function isEnough({ untilSuccess, untilWorst, untilReward }: Wishes, evaluation: Evaluation): boolean {
  const worst = worstTask(evaluation)?.successRate ?? evaluation.successRate;
  const wanted: readonly (readonly [wish: number | null, value: number])[] = [
    [untilSuccess, evaluation.successRate],
    [untilWorst, worst],
    [untilReward, evaluation.meanReward],
  ];
  return wanted.some(([wish]) => wish !== null) && wanted.every(([wish, value]) => wish === null || value >= wish);
}

/** Refuses wishes that the environment could never fulfil. */
export function checkWishes({ untilSuccess, untilWorst }: Wishes, spec: EnvSpec): void {
  for (const [name, wish] of Object.entries({ untilSuccess, untilWorst })) {
    if (wish === null || hasSuccess(spec)) continue;
    throw new UsageError(
      `evaluation.${name} is ${wish}, but ${spec.name} has no notion of success (no goals, no isSuccess); use evaluation.untilReward.`,
    );
  }
  if (untilWorst !== null && !spec.tasks && !spec.evaluationTasks) {
    throw new UsageError(
      `evaluation.untilWorst is ${untilWorst}, but ${spec.name} has a single task; use evaluation.untilSuccess.`,
    );
  }
}
