// Tuned settings for the Fetch tasks: those of the arm, whose tasks were made after them.
import { arm, objectAgents, objectSettings } from './arm.js';
import type { TunedFamily } from './tuned.js';

/** Blocks on Fetch's table do not slide far, so haste does no harm and is learned sooner. */
const brisk = objectAgents({ discount: 0.95, actionPenalty: 0.1 });

export const fetchFamily: TunedFamily = {
  'fetch/reach': arm['arm/reach'],
  'fetch/push': { settings: objectSettings, agents: brisk },
  'fetch/slide': arm['arm/slide'],
  'fetch/pick-and-place': arm['arm/pick-and-place'],
};
