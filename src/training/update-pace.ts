// How many updates fall due, how fast owed ones are made up, and what keeps a run from learning at all.
import type { Learning } from '../agents/agent.js';
import type { TrainConfig } from '../config/config.js';
import { type EnvSpec, stepLimit } from '../envs/index.js';
import { coarseWarnings } from './iteration.js';

/** Updates that the ratio asks for after so many environment steps: exact, without drift. */
export const updatesDue = ({ training }: Pick<TrainConfig, 'training'>, steps: number): number =>
  Math.floor(Math.max(0, steps - training.warmupSteps) * training.updatesPerStep);

/**
 * Goes back to the last step for which so many updates are all that is due, after an iteration that was stopped; a run that
 * goes on from there ends the same iteration.
 */
export function takeBack(
  config: Pick<TrainConfig, 'training'>,
  state: { steps: number; updatesAsked: number },
  updates: number,
): void {
  state.updatesAsked = updates;
  while (updatesDue(config, state.steps) > updates) state.steps--;
}

/**
 * Most updates of an iteration in which `due` fall due: at most twice as many as without debt, so that no iteration is
 * longer than that, and the debt of the first S steps is paid after S more.
 */
export const mostUpdates = (due: number): number => 2 * due;

/** Updates at a time where the steps are done and some are still owed: as many as an iteration has. */
export const portionOfOwed = ({ training, envs }: Pick<TrainConfig, 'training' | 'envs'>): number =>
  Math.max(1, Math.ceil(Math.max(training.cycleSteps, envs) * training.updatesPerStep));

/** What the settings say before a run starts about its not learning, or not when asked, for people; on-policy agents need no whole episodes. */
export function paceWarnings(config: TrainConfig, spec: EnvSpec, kind: Learning['kind']): readonly string[] {
  return [...coarseWarnings(config), ...(kind === 'rollouts' ? [] : idleWarnings(config, spec))];
}

function idleWarnings(config: TrainConfig, spec: EnvSpec): readonly string[] {
  const { steps, envs, training, data } = config;
  if (training.updatesPerStep > 0 && updatesDue(config, steps) === 0) {
    return [
      `steps ${steps} end before the first update: training.warmupSteps is ${training.warmupSteps} and training.updatesPerStep ${training.updatesPerStep}, so nothing will be learned; raise steps, or lower training.warmupSteps.`,
    ];
  }
  const limits = (spec.tasks ?? ['']).map((_, task) => stepLimit(spec, task));
  const shortest = Math.min(...limits);
  const each = Math.ceil(steps / envs);
  if (training.demonstrations > 0 || data.files.length > 0 || each >= shortest) return [];
  const fewer = Math.floor(steps / shortest);
  return [
    `steps ${steps} over envs ${envs} are ${each} for each environment, but an episode of ${spec.name} may take ${shortest}: what is learned from are whole episodes, so nothing will be learned unless episodes end earlier; raise steps to at least ${shortest * envs}${fewer > 0 ? `, or lower envs to at most ${fewer}` : ''}.`,
  ];
}
