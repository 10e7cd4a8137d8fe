// The comparison: ways of doing the same thing on the same task, measured, and what each way of learning asks for.
import code from '../../../examples/lab/comparison.js?raw';
import { labPage } from '../lab-page.js';
import { type ComparisonName, comparisons } from '../measured/comparisons.js';
import { choice, type Values } from '../settings.js';

const names = Object.keys(comparisons) as ComparisonName[];

export const settings = { question: choice<ComparisonName>('sequence', names) };

export const ranked = ({ question }: Values<typeof settings>) => {
  const { ways, better } = comparisons[question];
  return { runs: Object.fromEntries(ways.map(({ label, values }) => [label, values])), better };
};

export const comparison = labPage({
  slug: 'comparison',
  title: 'Ways compared',
  question: 'What does each way of learning ask for, what does it give, and what was measured?',
  sentences: [
    'Choose a question: the picture shows runs of this library that answer it on one task, a dot for each [seed], the best way first.',
    'The table below says what each way learns from, what a new task costs it and what a decision costs, with a measured entry.',
  ],
  settings,
  code,
  call: 'rank',
  argument: ranked,
  picture: () => import('./comparison-picture.js'),
});
