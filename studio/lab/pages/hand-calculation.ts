// The hand calculation, editable: path, strategy, order, sweeps; every update's target, error and new value.
import code from '../../../examples/lab/hand-calculation.js?raw';
import { labPage } from '../lab-page.js';
import { choice, number, points, type Values } from '../settings.js';

export const settings = {
  path: points(
    [
      [0, 0],
      [0.3, 0.1],
      [0.5, 0.4],
      [0.5, 0.8],
    ],
    { min: 0, max: 1.2, fewest: 2, most: 9 },
  ),
  goal: points([[1, 1]], { min: 0, max: 1.2, fewest: 1, most: 1 }),
  strategy: choice('final', ['none', 'final', 'future', 'episode']),
  order: choice('backwards', ['backwards', 'forwards']),
  sweeps: number(1, { min: 1, max: 100, step: 1 }),
  discount: number(0.98, { min: 0, max: 1, step: 0.01 }),
  alpha: number(0.1, { min: 0.05, max: 1, step: 0.05 }),
  eps: number(0.1, { min: 0.02, max: 0.5, step: 0.02 }),
};

export const calculated = ({ goal: [goal], ...rest }: Values<typeof settings>) => ({ ...rest, goal });

export const handCalculation = labPage({
  slug: 'hand-calculation',
  title: 'Q by hand',
  question: 'What does one episode that missed its goal teach, update by update?',
  sentences: [
    'An [episode] misses its goal, so that every [target] and every [error] is 0 and nothing is learned; with [hindsight] its last state is the goal, and the last step has reward 1.',
    'Replayed backwards, one sweep carries the [Q-value] from the last step to the first, each step [gamma] times [alpha] less; forwards it moves one step a sweep.',
  ],
  settings,
  code,
  call: 'calculate',
  argument: calculated,
  picture: () => import('./hand-calculation-picture.js'),
});
