// Hindsight relabelling: a path to draw, what each strategy makes of it, and how many rewards that gives.
import code from '../../../examples/lab/hindsight.js?raw';
import { labPage } from '../lab-page.js';
import { choice, number, points, type Values } from '../settings.js';

export const settings = {
  path: points(
    [
      [0.08, 0.1],
      [0.2, 0.16],
      [0.31, 0.26],
      [0.36, 0.4],
      [0.3, 0.53],
      [0.36, 0.66],
      [0.5, 0.68],
      [0.62, 0.61],
      [0.68, 0.48],
    ],
    { min: 0, max: 1, fewest: 2, most: 51 },
  ),
  goal: points([[0.9, 0.9]], { min: 0, max: 1, fewest: 1, most: 1 }),
  strategy: choice('future', ['none', 'future', 'final', 'episode']),
  k: number(4, { min: 0, max: 16, step: 1 }),
  eps: number(0.05, { min: 0.01, max: 0.3, step: 0.01 }),
  step: number(3, { min: 0, max: 49, step: 1 }),
  seed: number(0, { min: 0, max: 999, step: 1 }),
};

export const relabelled = ({ path, goal: [goal], strategy, k, eps, seed }: Values<typeof settings>) => ({
  path,
  goal,
  strategy,
  k,
  eps,
  seed,
});

export const hindsight = labPage({
  slug: 'hindsight',
  title: 'Hindsight relabelling',
  question: 'What does each strategy make of a path that you draw, and how many rewards does it bring?',
  sentences: [
    'With [hindsight], places that the path reached stand in for the [goal], and each reward is computed anew: [relabelling] makes a [transition] a success only where its next state lies within [eps] of its new goal.',
    'So with [k] new goals per original, k/(1+k) of what is drawn from the [replay buffer] is relabelled, but the [positive ratio], the share with reward 1, is far smaller.',
  ],
  settings,
  code,
  call: 'relabel',
  argument: relabelled,
  picture: () => import('./hindsight-picture.js'),
});
