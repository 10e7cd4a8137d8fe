// Q backs up from a clicked goal on a grid, sweep by sweep, against exact values.
import code from '../../../examples/lab/backups.js?raw';
import { labPage } from '../lab-page.js';
import { choice, number, text, toggle } from '../settings.js';

export const settings = {
  map: text('......./.###.#./...#.#./.#.#.#./.#...#./.#####./.......', /^(?=.*\.)[.#]{7}(\/[.#]{7}){6}$/),
  goal: number(16, { min: 0, max: 48, step: 1 }),
  reward: choice('zero-one', ['zero-one', 'sparse']),
  ends: toggle(true),
  discount: number(0.9, { min: 0.5, max: 0.98, step: 0.02 }),
  slip: number(0, { min: 0, max: 0.6, step: 0.1 }),
  sweeps: number(4, { min: 0, max: 80, step: 1 }),
};

export const backups = labPage({
  slug: 'backups',
  title: 'Q backs up',
  question: 'How does the worth of a goal spread over the states, sweep by sweep?',
  sentences: [
    'Each [backup] gives every [Q-value] its reward plus [gamma] times the best [value] of where it leads, so that a goal is known one step further away after each sweep.',
    'Whether reaching the goal [ends the episode|terminated] is the environment’s to say: if it does not, staying at a 0/1 goal is worth 1/(1 - gamma) instead of 1.',
  ],
  settings,
  code,
  call: 'backUp',
  picture: () => import('./backups-picture.js'),
});
