// Two tasks, one descent: where the sum, PCGrad, CAGrad and GradNorm end when two losses share their parameters.
import code from '../../../examples/lab/descent.js?raw';
import { labPage } from '../lab-page.js';
import { number, points, type Values } from '../settings.js';

const plane = { min: -1, max: 1 };

export const settings = {
  start: points([[-0.8, -0.9]], { ...plane, fewest: 1, most: 1 }),
  targets: points(
    [
      [-0.6, 0.7],
      [0.8, 0.2],
    ],
    { ...plane, fewest: 2, most: 2 },
  ),
  steepness: number(3, { min: 1, max: 4, step: 0.5 }),
  rate: number(0.1, { min: 0.02, max: 0.2, step: 0.02 }),
  steps: number(150, { min: 0, max: 300, step: 10 }),
};

export const descended = ({ start: [start], ...rest }: Values<typeof settings>) => ({ start, ...rest });

export const descent = labPage({
  slug: 'descent',
  title: 'Two tasks, one descent',
  question: 'Two losses share their parameters, one far steeper: where does each method end?',
  sentences: [
    'Each task pulls the two shared parameters to its own target; the sum of the [gradients|gradient] ends near the steeper task’s, and so does [CAGrad], which keeps the sum’s minimum.',
    '[PCGrad] stops wherever the gradients have come to point against each other, a compromise that depends on the start; [GradNorm] gives the task that has fallen behind more weight.',
  ],
  settings,
  code,
  call: 'descend',
  argument: descended,
  picture: () => import('./descent-picture.js'),
});
