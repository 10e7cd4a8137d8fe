// Problems and solutions: each remedy beside the measured runs without it and with it.
import code from '../../../examples/lab/remedies.js?raw';
import { labPage } from '../lab-page.js';
import { remedies as measured, type RemedyName } from '../measured/remedies.js';
import { choice, type Values } from '../settings.js';

const names = Object.keys(measured) as RemedyName[];

export const settings = { problem: choice<RemedyName>('sparse', names) };

export const weighed = ({ problem }: Values<typeof settings>) => {
  const { without, remedied, better } = measured[problem];
  return { without: without.values, remedied: remedied.values, better };
};

export const remedies = labPage({
  slug: 'remedies',
  title: 'Problems and solutions',
  question: 'Which remedy helps against which problem, and how much was it measured to help?',
  sentences: [
    'Each row is a problem of the lecture with what helps, and runs of this library without and with it: a dot for each [seed].',
    'A few runs can differ by luck alone, so the [permutation test] beside them tells how often chance would make the remedy look as good.',
  ],
  settings,
  code,
  call: 'weigh',
  argument: weighed,
  picture: () => import('./remedies-picture.js'),
});
