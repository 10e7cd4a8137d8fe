// What an iteration of the training loop is: how many steps it takes, and what may go on at the same time.
import type { TrainConfig } from '../config/config.js';
import { learnsFromDataOnly } from '../learners/experience.js';

/** Whether the environments step while the learner updates: without any there would be steps that nothing was learned in yet. */
export const overlaps = (config: TrainConfig): boolean => config.runtime.overlap && !learnsFromDataOnly(config);

/**
 * Environment steps of the next iteration. Who acts takes as many in every environment, which may be a few more than `left`.
 * Where nobody acts its end is bound to nothing, and is where an evaluation is due, or else at a multiple of whole iterations.
 */
export function iterationSteps(
  config: TrainConfig,
  { steps, evaluatedAt }: { readonly steps: number; readonly evaluatedAt: number },
  left: number,
): number {
  const { envs, training } = config;
  if (!learnsFromDataOnly(config)) return Math.ceil(Math.min(training.cycleSteps, left) / envs) * envs;
  const whole = wholeIteration(config);
  const { every } = config.evaluation;
  const toEvaluation = every > 0 ? evaluatedAt + every - steps : left;
  return Math.max(1, Math.min(whole - (steps % whole), left, toEvaluation));
}

/** Steps of an iteration that nothing shortens: as many in every environment. */
const wholeIteration = ({ training, envs }: TrainConfig): number => Math.ceil(training.cycleSteps / envs) * envs;

/** What is asked for more often than it can be, for people. */
export function coarseWarnings(config: TrainConfig): readonly string[] {
  const { steps, envs, evaluation, checkpoint } = config;
  const whole = wholeIteration(config);
  const bound: readonly (readonly [what: string, setting: string, every: number])[] = [
    ...(learnsFromDataOnly(config) ? [] : [['evaluations', 'evaluation.every', evaluation.every] as const]),
    ['checkpoints', 'checkpoint.every', checkpoint.every],
  ];
  return bound
    .filter(([, , every]) => every > 0 && every < Math.min(whole, steps))
    .map(
      ([what, setting, every]) =>
        `${setting} is ${every}, but ${what} come between iterations only, which take ${whole} steps each (training.cycleSteps${envs > 1 ? ' over envs' : ''}); lower training.cycleSteps, or raise ${setting} to at least ${whole}.`,
    );
}
