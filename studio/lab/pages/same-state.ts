// Same state, other goals: one goal-conditioned policy, its moves for several goals over one map.
import code from '../../../examples/lab/same-state.js?raw';
import { labPage } from '../lab-page.js';
import { number, points, text, type Values } from '../settings.js';

export const settings = {
  map: text(
    '....#..../....#..../........./....#..../##.###.##/....#..../........./....#..../....#....',
    /^(?=.*\.)[.#]{9}(\/[.#]{9}){8}$/,
  ),
  goals: points([[7], [34], [25]], { min: 0, max: 80, fewest: 1, most: 3 }),
  state: number(22, { min: 0, max: 80, step: 1 }),
  discount: number(0.9, { min: 0.5, max: 0.98, step: 0.02 }),
};

export const chosen = ({ goals, ...rest }: Values<typeof settings>) => ({
  ...rest,
  goals: goals.map(([goal]) => goal),
});

export const sameState = labPage({
  slug: 'same-state',
  title: 'Same state, other goals',
  question: 'What changes in one policy when only its goal does?',
  sentences: [
    'A goal-conditioned policy pi(a given s, g) sees the [goal] beside the state: in the same cell it moves one way for one goal and another for the next.',
    'Its [Q-values|Q-value] are one table, Q(s, a, g), and the goal says which part of it counts.',
  ],
  settings,
  code,
  call: 'choose',
  argument: chosen,
  picture: () => import('./same-state-picture.js'),
});
