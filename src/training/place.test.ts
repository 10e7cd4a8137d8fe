// Settings that a page cannot have: which are taken instead, and that it is said.
import { expect, it } from 'vitest';
import * as web from '../platform/web.js';
import { configure } from './configure.js';
import { fitToPlace, placeWarnings } from './place.js';

const page = { ownThreads: false, threads: 1 };
const node = { ownThreads: true, threads: Number.POSITIVE_INFINITY };
const asked = { workers: 2, config: { envs: 4, runtime: { overlap: true, threads: 3 } } };

it('a page steps environments in its own thread and says what it cannot do', async () => {
  const config = await configure({ env: 'point/reach', ...asked });
  expect(fitToPlace(config, page)).toEqual({ ...config, workers: 0 });
  expect(placeWarnings(config, page)).toEqual([
    expect.stringMatching(/^workers is 2, .* 0 is taken/),
    expect.stringMatching(/^runtime\.overlap is true, .* set it to false/),
    expect.stringMatching(/^runtime\.threads is 3, but a page whose headers do not isolate it has one: 1 is taken/),
  ]);
  expect(placeWarnings(config, { ...page, threads: 2 })[2]).toContain('this page has 2: 2 are taken');
});

it('elsewhere everything is as it was asked for', async () => {
  const config = await configure({ env: 'point/reach', ...asked });
  expect(fitToPlace(config, node)).toBe(config);
  expect(placeWarnings(config, node)).toEqual([]);
});

it('a page without a store says which there are', () => {
  expect(() => web.runStore()).toThrow(/createMemoryStore\(\), or await openBrowserStore\(\)/);
});
