// Evaluation without an environment: held-out episodes of the data sets, played again, and what that cannot tell.

import { playBack } from '../acting/playback.js';
import { joinEpisodes } from '../acting/record.js';
import type { TrainConfig } from '../config/config.js';
import { type DataSet, type EpisodeColumns, heldOutEpisodes } from '../datasets/index.js';
import { type GoalEnv, RECORDED } from '../envs/index.js';
import { UsageError } from '../errors.js';
import { fitted } from './data.js';

/** Whether a run knows no more of its environment than data tell. */
export const isRecorded = ({ env }: Pick<TrainConfig, 'env'>): boolean => env.name === RECORDED;

export interface HeldOutEvaluation {
  readonly env: GoalEnv;
  /** For who trains. */
  readonly warning: string;
}

/**
 * The environment `env` of a run that `isRecorded`, playing the episodes of its data that are held out.
 * @throws UsageError where the policy is to act, or none can be held out
 */
export async function heldOutEvaluation(
  env: GoalEnv,
  sets: readonly DataSet[],
  config: Pick<TrainConfig, 'data'>,
): Promise<HeldOutEvaluation> {
  const { data } = config;
  if (data.files.length === 0) {
    throw new UsageError('data.files is empty, and "recorded" is no environment to act in; run train FILE.');
  }
  if (data.share !== 1) {
    throw new UsageError(
      `data.share is ${data.share}: without an environment nobody can act; leave it at 1, or name the environment (--env ENV).`,
    );
  }
  const read = await Promise.all(sets.map((set) => readHeldOut(fitted(set, env.spec, data.columns), set)));
  const episodes = joinEpisodes(read.flat());
  const ownGoals = data.columns.goal === undefined;
  const { env: played, constant } = playBack(env, episodes, ownGoals ? 'own' : 'achieved');
  const goals = ownGoals ? "the episode's own goal" : 'what was achieved at the end of these steps as the goal';
  return {
    env: played,
    warning:
      `there is no environment to evaluate in. ${episodes.steps.length === 1 ? '1 episode is' : `${episodes.steps.length} episodes are`} held out, and evaluations play up to 50 steps of them with ${goals}: ` +
      `the return is minus the mean distance of the policy's actions from the recorded ones, in units of half their range (${constant.toFixed(3)}: an action that is always the same). ` +
      'That cannot tell whether goals are reached: a policy that is better than who recorded differs from him too, and errors that add up are not seen. Name an environment (--env ENV) to know.',
  };
}

async function readHeldOut(set: DataSet, named: DataSet): Promise<EpisodeColumns[]> {
  const parts: EpisodeColumns[] = [];
  for (const i of heldOutEpisodes(named)) parts.push(await set.read(i, i + 1));
  return parts;
}
