// Settings in links: what is written is read again, and what cannot be is as at first.
import { expect, test } from 'vitest';
import { choice, initialValues, number, points, readSettings, text, toggle, writeSettings } from './settings.js';

const settings = {
  eps: number(0.1, { min: 0.01, max: 0.5, step: 0.01 }),
  trials: number(1000, { min: 100, max: 100_000, step: 0 }),
  order: choice('backwards', ['backwards', 'forwards']),
  ends: toggle(true),
  path: points([[0, 0]], { min: -1, max: 1, fewest: 1, most: 3 }),
  map: text('..', /^[.#/]+$/),
};
const first = initialValues(settings);

test('as at first nothing stands in the link', () => {
  expect(writeSettings(settings, first)).toBe('');
  expect(readSettings(settings, '')).toEqual(first);
});

test('what is set stands in the link, short and readable, and is read again', () => {
  const path = [
    [0.5, -0.25],
    [1, 0.333],
  ];
  const values = { eps: 0.29, trials: 5200, order: 'forwards', ends: false, path, map: '.#/..' } as const;
  const query = writeSettings(settings, values);
  expect(query).toBe('eps=0.29&trials=5200&order=forwards&ends=no&path=0.5,-0.25;1,0.333&map=.%23/..');
  expect(readSettings(settings, query)).toEqual(values);
  expect(readSettings(settings, `?${query}`)).toEqual(values);
});

test('numbers are rounded to what the slider has', () => {
  expect(readSettings(settings, 'eps=0.12345&trials=1234')).toMatchObject({ eps: 0.12, trials: 1200 });
});

test.each([
  'eps=0',
  'eps=x',
  'eps=',
  'eps=Infinity',
  'trials=1e9',
  'order=sideways',
  'ends=maybe',
  'path=1',
  'path=1,2',
  'path=0,0;0,0;0,0;0,0',
  'path=,',
  'map=x',
  'stranger=1',
])('%s is passed over', (query) => expect(readSettings(settings, query)).toEqual(first));
