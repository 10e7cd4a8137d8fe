// The derivation of the positive ratio as an exercise whose steps are checked.
import code from '../../../examples/lab/positive-ratio.js?raw';
import { labPage } from '../lab-page.js';
import { number } from '../settings.js';

export const settings = {
  steps: number(50, { min: 2, max: 100, step: 1 }),
  k: number(4, { min: 1, max: 16, step: 1 }),
  step: number(45, { min: 0, max: 99, step: 1 }),
  solved: number(0.1, { min: 0, max: 1, step: 0.05 }),
};

export const positiveRatio = labPage({
  slug: 'positive-ratio',
  title: 'The positive ratio, derived',
  question: 'Which share of a learner’s batch has reward 1? Derive it in six checked steps.',
  sentences: [
    'The [positive ratio] is the share of [transitions|transition] with reward 1: a relabelled one has it only where the drawn goal is the one that it reached itself.',
    'Derive it for an [episode] of T steps that never comes back to a place: with future goals it is k/(1+k) times H_T/T, the [harmonic number] over T.',
  ],
  settings,
  code,
  call: 'derive',
  picture: () => import('./positive-ratio-picture.js'),
});
