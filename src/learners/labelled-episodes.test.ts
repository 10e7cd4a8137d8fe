// Examples of labelled episodes: labels are right, halves are halves, and what has left the replay is not drawn.
import { expect, it } from 'vitest';
import { box } from '../envs/space.js';
import { createRandom } from '../random.js';
import { createReplay } from '../replay/index.js';
import { createLabelledEpisodes } from './labelled-episodes.js';

const spec = {
  name: 'test/labelled',
  observation: box(1),
  achieved: box(0),
  goal: box(0),
  action: box(1),
  maxEpisodeSteps: 4,
  rewardRange: [0, 1] as const,
  successEndsEpisode: false,
  info: [],
};

/** Episodes of four steps: the first of each fulfils its number (mod 3), the last succeeds where it is even. */
function filled(capacity: number, count: number) {
  const replay = createReplay(spec, capacity);
  const told = new Map<number, number>();
  const labelled = createLabelledEpisodes(replay.ring, {
    fulfilled: (row) => (told.has(row) ? [told.get(row) as number] : []),
  });
  for (let i = 0; i < count; i++) {
    replay.addEpisode({
      columns: { observation: [0, 1, 2, 3, 4], action: [0, 0, 0, 0], reward: [0, 0, 0, 0] },
      failed: false,
    });
    const row = replay.ring.rowOf(i);
    for (let t = 0; t < 5; t++) told.delete(row + t);
    told.set(row, i % 3);
    labelled.add(i, row, 4, i % 2 === 0);
  }
  return { replay, told, labelled };
}

it('draws successes and what is none, half and half, with their labels', () => {
  const { told, labelled } = filled(1000, 30);
  const random = createRandom(1);
  expect(labelled.ready()).toBe(true);
  let successes = 0;
  for (let n = 0; n < 4000; n++) {
    const { row, sentence, label } = labelled.draw(random);
    successes += label;
    const [episode, t] = [Math.floor(row / 5), row % 5];
    const is = sentence < 0 ? episode % 2 === 0 && t === 3 : told.get(row) === sentence;
    expect(label).toBe(is ? 1 : 0);
  }
  expect(Math.abs(successes / 4000 - 0.5)).toBeLessThan(0.03); // four deviations
});

it('forgets episodes that have left, and draws the same after saving', () => {
  const { replay, told, labelled } = filled(20, 9);
  const { episodes } = replay.ring;
  expect(episodes).toBeLessThan(9);
  labelled.forget();
  expect(labelled.save().length).toBe(8 * 4 * episodes);
  const other = filled(20, 9).labelled;
  other.restore(labelled.save());
  const [random, again] = [createRandom(2), createRandom(2)];
  for (let n = 0; n < 200; n++) {
    const example = labelled.draw(random);
    expect(other.draw(again)).toEqual(example);
    // An example of one that left would have the sentence of what lies there now by chance only.
    if (example.sentence >= 0) expect(told.get(example.row) === example.sentence ? 1 : 0).toBe(example.label);
  }
});
