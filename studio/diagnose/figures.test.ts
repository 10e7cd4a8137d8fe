// Figures of a diagnosis: layers in their order, nothing made of what is not known, colours by sign.
import { expect, test } from 'vitest';
import { cosineText, layersOf, pointsText, signedColor, smallText } from './figures.js';

const part = (name: string, cosine: number | null) => ({
  name,
  cosines: [
    [1, cosine],
    [cosine, 1],
  ],
  norms: [1, 2],
  noise: [0.1, null],
});

test('layers come from the input on, without the whole; a vector without layers is the whole', () => {
  expect(layersOf([part('all', 0.1), part('0', 0.5), part('1', -0.5)])).toEqual([
    { name: '0', cosine: 0.5, conflicts: 0 },
    { name: '1', cosine: -0.5, conflicts: 1 },
  ]);
  expect(layersOf([part('all', 0.1)])).toEqual([{ name: 'all', cosine: 0.1, conflicts: 0 }]);
  expect(layersOf([part('all', null)])[0].cosine).toBeNaN();
});

test('conflict and agreement differ in colour and are the stronger the farther from 0', () => {
  expect(signedColor(-1)).toBe('rgb(213 94 0 / 70%)');
  expect(signedColor(0.5)).toBe('rgb(0 114 178 / 35%)');
  expect(signedColor(Number.NaN)).toBe('transparent');
});

test('what is no number is a dash, gains have a sign', () => {
  expect([cosineText(Number.NaN), smallText(Infinity), pointsText(Number.NaN)]).toEqual(['-', '-', '-']);
  expect([pointsText(0.104), pointsText(-0.2), pointsText(0)]).toEqual(['+10', '-20', '0']);
});
