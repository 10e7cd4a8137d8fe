// Which runs can be watched, and why others cannot.
import { isGymName } from '../../src/envs/python/gym-name.js';
import { RECORDED } from '../../src/envs/recorded-name.js';
import { listEnvs } from '../../src/envs/registry.js';
import type { RunSummary } from '../../src/studio/api-types.js';

type Watched = Pick<RunSummary, 'env' | 'steps'>;

const known = new Set(listEnvs().map(({ name }) => name));

/** Whether the tab can make its environment: modules on the disk it cannot read. */
export const hasEnv = ({ env }: Pick<Watched, 'env'>): boolean => known.has(env);

export const canWatch = (run: Watched): boolean => run.steps > 0 && (hasEnv(run) || hasPictures(run));

/** Whether the studio has its environment draw pictures, in the place of the tab. */
export const hasPictures = ({ env }: Pick<Watched, 'env'>): boolean => isGymName(env);

/** Why it cannot be watched. */
export function whyNotWatched(run: Watched): string {
  if (hasEnv(run) || hasPictures(run)) return 'It has not saved a policy yet.';
  const then = 'In a terminal anygoal eval tries its policy.';
  if (run.env === RECORDED)
    return 'It learned from data whose environment is not here, so that there is nothing to watch it in. In a terminal anygoal eval compares its policy with episodes that were held out.';
  return `${run.env} is an environment of your own: its module lies on the disk, where a browser cannot read it. ${then}`;
}
