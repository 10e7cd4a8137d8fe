// Tuned settings per environment, so that `train ENV` alone works well; found by the runs under bench/.
import { findAgent } from '../../agents/index.js';
import { arm } from './arm.js';
import { discrete } from './discrete.js';
import { fetchFamily } from './fetch.js';
import { point } from './point.js';
import type { TunedFamily } from './tuned.js';

const tuned: TunedFamily = { ...point, ...discrete, ...arm, ...fetchFamily };

/**
 * Settings over the general defaults, most general first: what suits the environment, what the agent needs, and the
 * agent's hyperparameters for the environment, as far as there are any.
 */
export function tunedDefaults(env: string, agent: string): Readonly<Record<string, unknown>>[] {
  const entry = tuned[env];
  const { settings = {} } = findAgent(agent);
  return [entry?.settings ?? {}, settings, { agent: { options: entry?.agents[agent] ?? {} } }];
}
