// Episodes that are kept one by one, once they are seen, as people show them; and the data set of those that were kept.
import { type EpisodeColumns, encodeEpisodes, episodesOfRows } from '../datasets/index.js';
import type { GoalEnv } from '../envs/env.js';
import { hasSuccess } from '../envs/spec.js';
import { UsageError } from '../errors.js';
import { type Controller, joinEpisodes, type RecordOptions, recordRows } from './record.js';

/** One episode. */
export interface Take {
  readonly episodes: EpisodeColumns;
  readonly steps: number;
  /** Whether it ended in success. */
  readonly success: boolean;
}

export interface TakeOptions extends Pick<RecordOptions, 'seed' | 'holdSteps'> {
  /** By its number; absent: as the environment draws it. */
  readonly task?: number;
}

/**
 * Records one episode, the same rows as `recordRows` writes. Whoever acts breaks it off by rejecting: then nothing is left
 * of it, and the environment can begin another.
 */
export async function recordTake(env: GoalEnv, act: Controller, { task, ...options }: TakeOptions): Promise<Take> {
  const tasks = task === undefined ? undefined : [task];
  const { pieces, successes } = await recordRows(env, act, { ...options, episodes: 1, tasks });
  const episodes = episodesOfRows(env.spec, pieces);
  return { episodes, steps: episodes.steps[0], success: successes > 0 };
}

/** What a data set of takes says of itself. */
export interface TakesAbout extends Pick<RecordOptions, 'holdSteps'> {
  readonly env: Pick<GoalEnv, 'spec'> & { readonly name: string };
  /** The environment's options as they were given. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Who acted. */
  readonly policy: string;
}

/** The bytes of a data set (docs/data-sets.md) of these takes, in their order. @throws UsageError where there are none */
export function encodeTakes(takes: readonly Take[], { env, options, policy, holdSteps }: TakesAbout): Uint8Array {
  if (takes.length === 0) throw new UsageError('a data set needs an episode: none was kept.');
  const { name, spec } = env;
  const successes = takes.filter(({ success }) => success).length;
  const origin = {
    policy,
    ...(holdSteps !== undefined && { holdSteps }),
    ...(hasSuccess(spec) && { successRate: successes / takes.length }),
  };
  return encodeEpisodes({ env: name, options, spec, origin }, joinEpisodes(takes.map(({ episodes }) => episodes)));
}
