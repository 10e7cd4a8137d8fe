// Tuned settings per environment, so that `train ENV` alone works well; found by the runs under bench/.
import { findAgent } from '../../agents/index.js';
import { arm } from './arm.js';
import { babyai } from './babyai.js';
import { cartpoleFamily } from './cartpole.js';
import { discrete } from './discrete.js';
import { fetchFamily } from './fetch.js';
import { gymnasiumFamily } from './gymnasium.js';
import { metaworld } from './metaworld.js';
import { ogbench } from './ogbench.js';
import { pendulumFamily } from './pendulum.js';
import { point } from './point.js';
import { tabletop } from './tabletop.js';
import type { Tuned, TunedFamily, TunedOver } from './tuned.js';

const tuned: TunedFamily = {
  ...metaworld,
  ...point,
  ...discrete,
  ...arm,
  ...tabletop,
  ...fetchFamily,
  ...pendulumFamily,
  ...ogbench,
  ...cartpoleFamily,
  ...gymnasiumFamily,
  ...babyai,
};

/** The environment's tuned settings, if there are any. */
export const tunedFor = (env: string): Tuned | undefined => tuned[env];

/**
 * Settings over the general defaults, most general first: what suits the environment, what the agent needs, what
 * the two need together, and the agent's hyperparameters for the environment, as far as there are any; then the same for
 * pictures, where the environment's `options` ask for a camera, or for numbers, where they do not.
 */
export function tunedDefaults(
  env: string,
  agent: string,
  options: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>>[] {
  const entry = tuned[env];
  const { settings = {} } = findAgent(agent);
  const layers = (of: TunedOver | undefined, own: Readonly<Record<string, unknown>>) => [
    of?.settings ?? {},
    own,
    of?.agentSettings?.[agent] ?? {},
    { agent: { options: of?.agents[agent] ?? {} } },
  ];
  const over = options.camera ? entry?.camera?.(options.camera) : entry?.numbers;
  return [...layers(entry, settings), ...(over ? layers(over, {}) : [])];
}
