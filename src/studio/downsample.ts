// Fewer points for the same picture: of each bucket of neighbours the lowest and the highest stay.

/**
 * Indices, ascending, of at most `most` of the points (at least 4): first and last, and the minimum and maximum of each
 * bucket, so that no peak is lost. NaN counts as absent unless a bucket has nothing else.
 */
export function keepExtremes(values: ArrayLike<number>, most: number, from = 0, to = values.length): number[] {
  const count = to - from;
  if (count <= most) return Array.from({ length: count }, (_, i) => from + i);
  const kept = [from];
  const buckets = Math.max(1, Math.floor((most - 2) / 2));
  const inner = count - 2;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const begin = from + 1 + Math.floor((bucket * inner) / buckets);
    const end = from + 1 + Math.floor(((bucket + 1) * inner) / buckets);
    let low = begin;
    let high = begin;
    for (let i = begin + 1; i < end; i++) {
      if (values[i] < values[low] || Number.isNaN(values[low])) low = i;
      if (values[i] > values[high] || Number.isNaN(values[high])) high = i;
    }
    kept.push(Math.min(low, high));
    if (low !== high) kept.push(Math.max(low, high));
  }
  kept.push(to - 1);
  return kept;
}
