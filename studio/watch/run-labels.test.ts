// Names that tell runs apart.
import { expect, test } from 'vitest';
import { labelsApart } from './run-labels.js';

const run = (relabel: string, seed: number, time: string, agent = 'sac') => ({
  name: `point-reach__${agent}__${seed}__${time}`,
  agent,
  relabel,
  seed,
});

test('only what differs is named; where nothing does, the time', () => {
  expect(labelsApart([run('future:4', 1, 'a'), run('none', 1, 'b')])).toEqual(['future:4', 'no hindsight']);
  expect(labelsApart([run('none', 1, 'a', 'td3'), run('none', 2, 'b')])).toEqual(['td3, seed 1', 'sac, seed 2']);
  expect(labelsApart([run('none', 1, 'a'), run('none', 1, 'b'), run('none', 2, 'c')])).toEqual([
    'seed 1, a',
    'seed 1, b',
    'seed 2',
  ]);
  expect(labelsApart([run('none', 1, 'a')])).toEqual(['a']);
});
