// Words about actors: units, and what needs attention comes first.
import { expect, it } from 'vitest';
import { actorRow, bytesText, learnerFacts } from './actor-figures.js';

const actor = {
  actor: 'box-1',
  envs: 1,
  steps: 12_345,
  stepsPerSecond: 99.6,
  episodes: 20,
  messages: 21,
  bytes: 1_250_000,
  policy: 100,
  lag: 1500,
  refused: 0,
};
const learner = {
  steps: 5000,
  policy: 4900,
  taken: 9,
  room: 10,
  pause: 2,
  request: 1,
  waits: true,
  waitingShare: 0.256,
  episodes: 8,
  duplicates: 0,
  refused: 0,
  refusedOf: {},
};

it('says what an actor does', () => {
  expect(actorRow(actor)).toEqual(['box-1', '100', '12,345', '20', '1,500 steps', '21', '1.3 MB', 'acts']);
  expect(actorRow({ ...actor, waiting: 'a newer policy' }).at(-1)).toBe('waits for a newer policy');
  expect(actorRow({ ...actor, waiting: 'a newer policy', refused: 3 }).at(-1)).toBe('refused as too old: 3');
  expect([bytesText(999), bytesText(2e9)]).toEqual(['1.0 kB', '2.00 GB']);
});

it('says what a learner does, and since when it is silent', () => {
  expect(learnerFacts(undefined, 0)).toMatch(/not been heard/);
  expect(learnerFacts(learner, 1)).toBe('Learner at step 5,000, waits 26% of its time for episodes; 8 episodes taken.');
  expect(learnerFacts({ ...learner, refused: 2 }, 60)).toMatch(/^Silent for 60 s\. .*2 refused as too old\.$/);
  expect(learnerFacts({ ...learner, ended: true }, 60)).toBe('The run is over, after 5,000 steps.');
});
