// Claims of success become rewards and ends; what ended without a success stays an end.
import { expect, it } from 'vitest';
import { box } from '../envs/space.js';
import { createReplay } from '../replay/index.js';
import { firstClaims, writeClaims } from './success-claims.js';

const spec = {
  name: 'test/claims',
  observation: box(1),
  achieved: box(0),
  goal: box(0),
  action: box(1),
  maxEpisodeSteps: 3,
  rewardRange: [0, 1] as const,
  successEndsEpisode: false,
  info: [],
};

/** Rewards and ends of an episode of three steps after these claims. */
function told({ last, failed }: { last: number; failed: boolean }, claims: readonly boolean[]) {
  const { ring, addEpisode } = createReplay(spec, 100);
  addEpisode({ columns: { observation: [0, 1, 2, 3], action: [0, 0, 0], reward: [0, 0, last] }, failed });
  const row = ring.rowOf(0);
  writeClaims(ring, row, claims, (steps) => 10 * steps);
  const { layout, rows } = ring;
  const of = (offset: number) => [0, 1, 2].map((t) => rows[(row + t) * layout.width + offset]);
  return { rewards: of(layout.column('reward').offset), ends: of(layout.failed) };
}

it('gives what is claimed its reward and ends there; a success that is not seen has neither', () => {
  const won = { last: 1, failed: true };
  expect(told(won, [false, true, false])).toEqual({ rewards: [0, 20, 0], ends: [0, 1, 0] });
  expect(told(won, [false, false, true])).toEqual({ rewards: [0, 0, 30], ends: [0, 0, 1] });
});

it('leaves the ends that were no success', () => {
  expect(told({ last: 0, failed: true }, [false, false, false])).toEqual({ rewards: [0, 0, 0], ends: [0, 0, 1] });
  expect(told({ last: 0, failed: false }, [false, false, false])).toEqual({ rewards: [0, 0, 0], ends: [0, 0, 0] });
});

it('tells what reached the bar first, but not what was asked for', () => {
  const logits = [0, 3, 2, 3, 3, 0]; // three steps, two meanings
  expect(firstClaims(logits, 2, 2)).toEqual([
    [1, 1],
    [0, 2],
  ]);
  expect(firstClaims(logits, 2, 2, 1)).toEqual([[0, 2]]);
  expect(firstClaims([], 0, 2)).toEqual([]);
});
