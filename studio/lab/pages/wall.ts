// Dense against sparse at a wall: which way the best policy under each reward goes, by its discount factor.
import code from '../../../examples/lab/wall.js?raw';
import { labPage } from '../lab-page.js';
import { number, text } from '../settings.js';

export const settings = {
  map: text('........./...####../......#../......#../......#../...####../.........', /^(?=.*\.)[.#]{9}(\/[.#]{9}){6}$/),
  start: number(22, { min: 0, max: 62, step: 1 }),
  goal: number(28, { min: 0, max: 62, step: 1 }),
  discount: number(0.8, { min: 0.5, max: 0.98, step: 0.02 }),
};

export const wall = labPage({
  slug: 'wall',
  title: 'Dense or sparse at a wall',
  question: 'Why can a reward for coming nearer lead into a dead end that a reward for arriving avoids?',
  sentences: [
    'A [dense reward] of minus the distance pulls straight into the pocket: the way out first costs reward, and with a small [gamma] it is not worth it.',
    'A [sparse reward] does not say where to go, but its best policy takes the way round at any gamma; that it must be found by [exploration] first is its price.',
  ],
  settings,
  code,
  call: 'follow',
  picture: () => import('./wall-picture.js'),
});
