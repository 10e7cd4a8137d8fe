import { expect, test } from 'vitest';
import { formatRelabel, parseRelabel } from './relabel.js';

test('strategies are read with and without their number', () => {
  expect(parseRelabel('future:4')).toEqual({ strategy: 'future', k: 4 });
  expect(parseRelabel('final')).toEqual({ strategy: 'final', k: 4 });
  expect(parseRelabel('caption')).toEqual({ strategy: 'caption', k: 4 });
  expect(parseRelabel('episode:0.5')).toEqual({ strategy: 'episode', k: 0.5 });
  expect(parseRelabel('none')).toEqual({ strategy: 'none', k: 0 });
  for (const text of ['future:4', 'random:8', 'none']) expect(formatRelabel(parseRelabel(text))).toBe(text);
});

test('mistakes are named with the way out', () => {
  expect(() => parseRelabel('futur:4')).toThrow('unknown relabel strategy "futur"; did you mean "future"?');
  for (const text of ['future:0', 'future:-1', 'future:', 'future:x', 'future:4:4', 'future:Infinity']) {
    expect(() => parseRelabel(text)).toThrow('as in "future:4"');
  }
  expect(() => parseRelabel('caption:0')).toThrow('the number of captions per episode, above 0');
  expect(() => parseRelabel('none:4')).toThrow('none takes no number');
});
