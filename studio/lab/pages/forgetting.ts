// Forgetting: task A is learned, then task B, and A goes unless something holds it.
import code from '../../../examples/lab/forgetting.js?raw';
import { labPage } from '../lab-page.js';
import { choice, number, toggle, type Values } from '../settings.js';

export const settings = {
  remedy: choice('none', ['none', 'ewc', 'replay']),
  heads: toggle(false),
  strength: number(10_000, { min: 0.1, max: 100_000, step: 0 }),
  steps: number(2000, { min: 500, max: 5000, step: 250 }),
  seed: number(0, { min: 0, max: 999, step: 1 }),
  moment: number(1, { min: 0.1, max: 1, step: 0.1 }),
  shown: choice('A', ['A', 'B']),
};

export const learned = ({ remedy, heads, strength, steps, seed }: Values<typeof settings>) => ({
  remedy,
  heads,
  strength,
  steps,
  seed,
});

export const forgetting = labPage({
  slug: 'forgetting',
  title: 'Forgetting',
  question: 'What is left of task A when the same network learns task B, and what keeps it?',
  sentences: [
    'While task B is learned no batch shows task A, and nothing keeps the shared parameters where A needs them: that is [catastrophic forgetting].',
    '[EWC] holds those parameters that A’s policy depends on, a [head] for each task leaves B something of its own to move, and replay goes on practising A.',
  ],
  settings,
  code,
  call: 'forget',
  argument: learned,
  quick: { steps: 500 },
  picture: () => import('./forgetting-picture.js'),
});
