// Conditioning on z: one network for two tasks, and what each of its layers makes of the task.
import code from '../../../examples/lab/conditioning.js?raw';
import { labPage } from '../lab-page.js';
import { choice, number, points, type Values } from '../settings.js';

export const settings = {
  network: choice('multi-head', ['multi-head', 'shared']),
  steps: number(4000, { min: 750, max: 10_000, step: 250 }),
  seed: number(0, { min: 0, max: 999, step: 1 }),
  task: choice('0', ['0', '1']),
  state: points([[-0.5, -0.3]], { min: -1, max: 1, fewest: 1, most: 1 }),
  goal: points([[0.5, 0.4]], { min: -1, max: 1, fewest: 1, most: 1 }),
};

export const learned = ({ network, steps, seed }: Values<typeof settings>) => ({ network, steps, seed });

export const conditioning = labPage({
  slug: 'conditioning',
  title: 'Conditioning on z',
  question: 'Where in its network does a policy for two tasks tell them apart?',
  sentences: [
    'A multi-task policy takes the [task|task identifier] z beside the state, pi(a given s, z): here the second task turns every action round, so that the same state and goal ask for opposite moves.',
    'Train it and change z: with a [head] for each task the first layers stay and the last one answers, and where z is one more input, every layer from the first on may answer.',
  ],
  settings,
  code,
  call: 'compare',
  argument: (values) => ({ ...learned(values), state: values.state[0], goal: values.goal[0] }),
  quick: { steps: 600 },
  picture: () => import('./conditioning-picture.js'),
});
