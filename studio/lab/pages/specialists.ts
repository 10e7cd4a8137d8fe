// Specialists or one generalist: cost curves, both thresholds, and what the lecture prints beside what is right.
import code from '../../../examples/lab/specialists.js?raw';
import { labPage } from '../lab-page.js';
import { choice, number } from '../settings.js';

export const settings = {
  tasks: number(100, { min: 1, max: 1000, step: 1 }),
  shared: number(0.8, { min: 0, max: 1, step: 0.01 }),
  overhead: number(3, { min: 1, max: 150, step: 0 }),
  model: choice('added', ['added', 'contained']),
};

export const specialists = labPage({
  slug: 'specialists',
  title: 'Specialists or generalist',
  question: 'From how much common structure on does one policy for all tasks cost less than one each?',
  sentences: [
    'K [specialists|specialist] cost K; a [generalist] learns the share f that all tasks have in common once, for c specialists’ cost, and the rest K times.',
    'It wins for every f above a [threshold] of c/K, or (c-1)/(K-1) where the common part counts as one task’s share; never where c is K or more.',
  ],
  settings,
  code,
  call: 'compare',
  picture: () => import('./specialists-picture.js'),
});
