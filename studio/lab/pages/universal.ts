// UVFA: one policy and one value function for all goals, trained in the page, a region of goals held out.
import code from '../../../examples/lab/universal.js?raw';
import { labPage } from '../lab-page.js';
import { choice, number, points, type Values } from '../settings.js';

export const settings = {
  goal: points([[0.42, 0.73]], { min: 0, max: 1, fewest: 1, most: 1 }),
  held: choice('middle', ['nothing', 'middle', 'corner']),
  form: choice('concat', ['concat', 'encoders']),
  goals: number(1000, { min: 10, max: 1000, step: 10 }),
  steps: number(5000, { min: 500, max: 20_000, step: 500 }),
  seed: number(0, { min: 0, max: 999, step: 1 }),
};

/** Goals that training never sees, in the library's square [-1, 1] x [-1, 1]; empty: none. */
export const regions: Readonly<Record<string, { readonly low: number[]; readonly high: number[] }>> = {
  nothing: { low: [], high: [] },
  middle: { low: [-0.5, -0.5], high: [0.5, 0.5] },
  corner: { low: [0, 0], high: [1, 1] },
};

export const learned = ({ held, form, goals, steps, seed }: Values<typeof settings>) => ({
  steps,
  goals,
  heldOut: regions[held],
  form,
  seed,
});

export const universal = labPage({
  slug: 'universal',
  title: 'One policy for every goal',
  question: 'Trained on 1,000 goals of a square, does one policy reach goals that it never saw?',
  sentences: [
    'A [universal value function] takes the [goal] as a second input, V(s, g) and pi(a given s, g), so that one network serves every goal of the unit square.',
    'Train it here with [hindsight], then click (0.42, 0.73) or any other goal, also in the region that was held out: the colours are its [value] of each state, the arrows its moves.',
  ],
  settings,
  code,
  call: 'succeed',
  argument: learned,
  quick: { steps: 300 },
  picture: () => import('./universal-picture.js'),
});
