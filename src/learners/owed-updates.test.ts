// The account of owed updates: nothing is lost, and no call does more than it may.
import { expect, it } from 'vitest';
import { createOwedUpdates } from './owed-updates.js';

it('owes what falls due while nothing is there, and pays at most as much as allowed', () => {
  const owed = createOwedUpdates();
  expect([owed.take(10, 20, false), owed.take(15, 30, false), owed.count]).toEqual([0, 0, 25]);
  expect([owed.take(10, 20, true), owed.count]).toEqual([20, 15]);
  expect([owed.take(0, 0, true), owed.count]).toEqual([0, 15]);
  const again = createOwedUpdates();
  again.restore(owed.save());
  expect([again.take(10, 20, true), again.take(10, 20, true), again.count]).toEqual([20, 15, 0]);
});

it('owes nothing after restoring a checkpoint of a version that kept no account', () => {
  const owed = createOwedUpdates();
  owed.take(10, 20, false);
  owed.restore(undefined);
  expect(owed.count).toBe(0);
});
