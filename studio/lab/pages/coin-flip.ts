// The coin flip: hindsight overrates goals that chance decides, and what avoids that.
import code from '../../../examples/lab/coin-flip.js?raw';
import { labPage } from '../lab-page.js';
import { number } from '../settings.js';

export const settings = {
  chance: number(0.5, { min: 0.05, max: 0.95, step: 0.05 }),
  k: number(4, { min: 0, max: 16, step: 1 }),
  wanted: number(0.5, { min: 0.1, max: 1, step: 0.1 }),
  seed: number(0, { min: 0, max: 999, step: 1 }),
};

export const coinFlip = labPage({
  slug: 'coin-flip',
  title: 'The coin flip',
  question: 'What does hindsight learn where luck decides, and how is that mended?',
  sentences: [
    'Under [stochastic dynamics] [hindsight] only ever shows the outcome that came, so that luck looks like skill: it learns p (w + k) / (w + k p) for a flip that comes out right with chance p.',
    'That [bias] vanishes with goals drawn independently of the outcome, or with [importance weights|importance weight].',
  ],
  settings,
  code,
  call: 'flip',
  picture: () => import('./coin-flip-picture.js'),
});
