// How surprising a difference between two groups of runs is: an exact permutation test (Fisher 1935).

/** Most ways of dealing that are tried; beyond that the groups are too large for an exact answer here. */
const MOST = 1_000_000;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Of all ways to deal the numbers into two groups of these sizes, the share in which the mean of the second exceeds that of
 * the first by at least as much as it does. Three runs against three can be no less surprising than 1 in 20.
 * @throws RangeError for empty groups and for more than a million ways
 */
export function permutationChance(first: readonly number[], second: readonly number[]): number {
  if (first.length === 0 || second.length === 0) throw new RangeError('both groups need at least one number.');
  const all = [...first, ...second];
  const total = all.reduce((sum, value) => sum + value, 0);
  const wanted = mean(second) - mean(first);
  const slack = 1e-9 * Math.max(1, ...all.map(Math.abs));
  let ways = 0;
  let asMuch = 0;
  /** Chooses who else belongs to the second group, from number `from` on. */
  function deal(from: number, left: number, sum: number): void {
    if (left === 0) {
      if (++ways > MOST) throw new RangeError('too many numbers for an exact test; take at most about ten a group.');
      const difference = sum / second.length - (total - sum) / first.length;
      if (difference >= wanted - slack) asMuch++;
      return;
    }
    for (let i = from; i <= all.length - left; i++) deal(i + 1, left - 1, sum + all[i]);
  }
  deal(0, second.length, 0);
  return asMuch / ways;
}
