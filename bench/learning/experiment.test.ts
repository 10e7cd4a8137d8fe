// Which runs may go on as an experiment's.
import { expect, it } from 'vitest';
import { configure } from '../../src/training/index.js';
import { common, type Experiment, isSameSetting, optionsOf } from './experiment.js';

const experiment: Experiment = {
  ...common,
  name: 'one',
  about: '',
  env: 'point/reach',
  agent: 'sac',
  relabel: 'future:4',
  steps: 1000,
  evaluateEvery: 500,
  settings: {},
};
const configOf = (changes: Partial<Experiment>, seed = 1) => configure(optionsOf({ ...experiment, ...changes }, seed));

it('goes on with more steps, but not with other settings', async () => {
  const before = JSON.parse(JSON.stringify(await configOf({})));
  expect(isSameSetting(before, await configOf({ steps: 2000 }, 2))).toBe(true);
  expect(isSameSetting(before, await configOf({ settings: { agent: { options: { critics: 3 } } } }))).toBe(false);
  expect(isSameSetting(before, await configOf({ relabel: 'final:4' }))).toBe(false);
  expect(isSameSetting(undefined, before)).toBe(false);
});
