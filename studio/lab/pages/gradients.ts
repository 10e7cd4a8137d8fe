// Gradients in conflict: arrows to drag, and what the sum, PCGrad, CAGrad and GradNorm make of them.
import code from '../../../examples/lab/gradients.js?raw';
import { labPage } from '../lab-page.js';
import { number, points } from '../settings.js';

export const settings = {
  gradients: points(
    [
      [0.9, 0.5],
      [-0.7, 0.35],
    ],
    { min: -1.5, max: 1.5, fewest: 2, most: 3 },
  ),
  radius: number(0.5, { min: 0, max: 1, step: 0.1 }),
  steps: number(100, { min: 0, max: 200, step: 10 }),
  seed: number(0, { min: 0, max: 999, step: 1 }),
};

export const gradients = labPage({
  slug: 'gradients',
  title: 'Gradients in conflict',
  question: 'Where two tasks pull against each other, which way do the sum, PCGrad, CAGrad and GradNorm go?',
  sentences: [
    'Two tasks’ [gradients|gradient] are in [conflict] where their inner product is negative, and the step along their sum may then harm one of them.',
    '[PCGrad] takes from each what goes against the other, [CAGrad] helps the worst-off task as much as it can near the mean, and [GradNorm] makes both equally long.',
  ],
  settings,
  code,
  call: 'combine',
  picture: () => import('./gradients-picture.js'),
});
