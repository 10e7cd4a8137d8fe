// Several curves of the same thing (seeds) as one: their mean, and a band from the lowest to the highest.

export interface Points {
  /** Ascending. */
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

export interface Aggregate {
  readonly x: number[];
  readonly mean: number[];
  readonly low: number[];
  readonly high: number[];
  /** How many curves reach this x. */
  readonly count: number[];
}

/**
 * At every x of any curve or, where these are many, at about `most` multiples of a round step; over the curves that span
 * it, interpolated linearly: a curve says nothing before its first and after its last point.
 */
export function aggregate(curves: readonly Points[], most = 1000): Aggregate {
  const clean = curves.map(withoutGaps).filter(({ x }) => x.length > 0);
  const out: Aggregate = { x: [], mean: [], low: [], high: [], count: [] };
  const at = clean.map(() => 0);
  for (const x of commonAxis(clean, most)) {
    let [sum, low, high, count] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (let i = 0; i < clean.length; i++) {
      const curve = clean[i];
      while (at[i] + 1 < curve.x.length && curve.x[at[i] + 1] <= x) at[i]++;
      const value = interpolate(curve, at[i], x);
      if (value === undefined) continue;
      sum += value;
      low = Math.min(low, value);
      high = Math.max(high, value);
      count++;
    }
    if (count === 0) continue;
    out.x.push(x);
    out.mean.push(sum / count);
    out.low.push(low);
    out.high.push(high);
    out.count.push(count);
  }
  return out;
}

/** Round steps, so that the axes of other groups share their points. */
function commonAxis(curves: readonly Clean[], most: number): number[] {
  const total = curves.reduce((sum, { x }) => sum + x.length, 0);
  if (total <= 4 * most) {
    const all = [...new Set(curves.flatMap(({ x }) => x))];
    if (all.length <= most) return all.sort((a, b) => a - b);
  }
  const from = Math.min(...curves.map(({ x }) => x[0]));
  const to = Math.max(...curves.map(({ x }) => x[x.length - 1]));
  const step = 2 ** Math.ceil(Math.log2((to - from) / (most - 2)));
  const axis = [from];
  for (let k = Math.floor(from / step) + 1; k * step < to; k++) axis.push(k * step);
  return [...axis, to];
}

interface Clean {
  readonly x: number[];
  readonly y: number[];
}

function withoutGaps(points: Points): Clean {
  const clean: Clean = { x: [], y: [] };
  for (let i = 0; i < points.x.length; i++) {
    const value = points.y[i];
    if (value === null || points.x[i + 1] === points.x[i]) continue;
    clean.x.push(points.x[i]);
    clean.y.push(value);
  }
  return clean;
}

/** `i` is the last point at or before `x`. */
function interpolate({ x, y }: Clean, i: number, at: number): number | undefined {
  if (at < x[0] || at > x[x.length - 1]) return undefined;
  if (i + 1 >= x.length) return y[i];
  const share = (at - x[i]) / (x[i + 1] - x[i]);
  return y[i] + share * (y[i + 1] - y[i]);
}
