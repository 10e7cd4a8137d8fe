// Random exploration: hits counted against the formula, in one, two, three and more dimensions.
import code from '../../../examples/lab/random-exploration.js?raw';
import { labPage } from '../lab-page.js';
import { number, points, type Values } from '../settings.js';

export const settings = {
  dimensions: number(3, { min: 1, max: 6, step: 1 }),
  eps: number(0.1, { min: 0.01, max: 0.5, step: 0.01 }),
  goal: points([[0.5, 0.5, 0.5]], { min: 0, max: 1, fewest: 1, most: 1 }),
  trials: number(10_000, { min: 100, max: 100_000, step: 0 }),
  seed: number(0, { min: 0, max: 999, step: 1 }),
};

/** The goal in as many dimensions as are set; in the middle along those that are not drawn. */
export const explored = ({ dimensions, eps, goal: [goal], trials, seed }: Values<typeof settings>) => ({
  goal: Array.from({ length: dimensions }, (_, i) => goal[i] ?? 0.5),
  eps,
  trials,
  seed,
});

export const randomExploration = labPage({
  slug: 'random-exploration',
  title: 'Random exploration',
  question: 'How often does chance alone find the goal, and what does each further dimension cost?',
  sentences: [
    'Random [exploration] ends anywhere in a box of 1 m; a [sparse reward] pays only within [eps] of the [goal].',
    'Each further dimension makes a hit about eps times rarer, which is why sparse rewards need [hindsight].',
  ],
  settings,
  code,
  call: 'explore',
  argument: explored,
  picture: () => import('./random-exploration-picture.js'),
});
