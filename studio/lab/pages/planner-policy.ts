// Planner against policy: the same model used in two ways, at the decision or beforehand.
import code from '../../../examples/lab/planner-policy.js?raw';
import { labPage } from '../lab-page.js';
import { number, type Values } from '../settings.js';

export const settings = {
  angle: number(3, { min: -3.1, max: 3.1, step: 0.1 }),
  episodes: number(5, { min: 1, max: 10, step: 1 }),
  updates: number(2000, { min: 200, max: 10_000, step: 200 }),
  seed: number(0, { min: 0, max: 999, step: 1 }),
};

export const learned = ({ episodes, updates, seed }: Values<typeof settings>) => ({ episodes, updates, seed });

export const plannerPolicy = labPage({
  slug: 'planner-policy',
  title: 'Planner against policy',
  question: 'Given a model, is it better to plan at every step or to learn a policy beforehand?',
  sentences: [
    'Both have the same model of a pendulum, fitted to the same recorded steps: the [planner] tries dozens of futures in it before every step, the policy has learned from what it imagined and decides by one [forward pass].',
    'Train both, drag the start, and compare the [returns|return] with the decisions that each makes in a second.',
  ],
  settings,
  code,
  call: 'race',
  argument: (values) => ({ ...learned(values), angle: values.angle }),
  quick: { episodes: 1, updates: 200 },
  picture: () => import('./planner-policy-picture.js'),
});
