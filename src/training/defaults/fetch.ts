// Tuned settings for the Fetch tasks: those of the arm, whose tasks were made after them.
import { arm } from './arm.js';
import type { TunedFamily } from './tuned.js';

export const fetchFamily: TunedFamily = {
  'fetch/reach': arm['arm/reach'],
  'fetch/push': arm['arm/push'],
  'fetch/slide': arm['arm/slide'],
  'fetch/pick-and-place': arm['arm/pick-and-place'],
};
