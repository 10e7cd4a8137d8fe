// Instructions in embedding space: sentences and their neighbours, and a policy that follows them.
import code from '../../../examples/lab/instructions.js?raw';
import { labPage } from '../lab-page.js';
import { number, points, text, toggle, type Values } from '../settings.js';

export const settings = {
  sentence: text('head for the blue star', /^(?=.*\S).{1,80}$/),
  held: toggle(true),
  updates: number(1500, { min: 100, max: 3000, step: 100 }),
  dropout: number(0.5, { min: 0, max: 0.8, step: 0.1 }),
  seed: number(0, { min: 0, max: 999, step: 1 }),
  start: points([[0.3, 0.8]], { min: -1, max: 1, fewest: 1, most: 1 }),
};

export const learned = ({ held, updates, dropout, seed }: Values<typeof settings>) => ({
  held,
  updates,
  dropout,
  seed,
});

export const instructions = labPage({
  slug: 'instructions',
  title: 'Instructions in words',
  question: 'Does a policy that is told in sentences understand words that it never heard?',
  sentences: [
    'A frozen [sentence encoder] turns words into vectors in which what means the same lies close, and the policy takes that vector as its z.',
    'Type a sentence, see its neighbours, train, and send the point: also to things that nobody asked for in training, which is [compositional generalisation].',
  ],
  settings,
  code,
  call: 'obey',
  argument: (values) => ({ sentence: values.sentence, start: values.start[0], ...learned(values) }),
  quick: { updates: 100 },
  picture: () => import('./instructions-picture.js'),
});
