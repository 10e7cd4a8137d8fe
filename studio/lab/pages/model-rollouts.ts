// Model rollouts: what a learned model imagines beside what really happens, by how far one looks ahead.
import code from '../../../examples/lab/model-rollouts.js?raw';
import { labPage } from '../lab-page.js';
import { number, type Values } from '../settings.js';

export const settings = {
  start: number(60, { min: 0, max: 190, step: 1 }),
  horizon: number(40, { min: 1, max: 100, step: 1 }),
  episodes: number(5, { min: 1, max: 20, step: 1 }),
  noise: number(0, { min: 0, max: 2, step: 0.1 }),
  seed: number(0, { min: 0, max: 999, step: 1 }),
};

export const fitted = ({ episodes, noise, seed }: Values<typeof settings>) => ({ episodes, noise, seed });

export const modelRollouts = labPage({
  slug: 'model-rollouts',
  title: 'Model rollouts',
  question: 'For how many steps can one believe what a learned model imagines?',
  sentences: [
    'An [ensemble] of networks is fitted to recorded steps of a pendulum and then imagines what the same torques would do: each member feeds on what it said itself, so that small errors grow, which is the [compounding error].',
    'Where members part, nobody knows; that is why [synthetic data] are made of short rollouts from real states.',
  ],
  settings,
  code,
  call: 'compare',
  argument: (values) => ({ ...fitted(values), horizon: values.horizon }),
  quick: { episodes: 1, horizon: 5 },
  picture: () => import('./model-rollouts-picture.js'),
});
