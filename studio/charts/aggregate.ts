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
 * At every x of any curve (thinned evenly to `most`), over the curves that span it, interpolated linearly: a curve says
 * nothing before its first and after its last point.
 */
export function aggregate(curves: readonly Points[], most = 1000): Aggregate {
  const clean = curves.map(withoutGaps).filter(({ x }) => x.length > 0);
  const all = [...new Set(clean.flatMap(({ x }) => x))].sort((a, b) => a - b);
  const thinned =
    all.length <= most
      ? all
      : Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]);
  const out: Aggregate = { x: [], mean: [], low: [], high: [], count: [] };
  const at = clean.map(() => 0);
  for (const x of thinned) {
    const values: number[] = [];
    for (const [i, curve] of clean.entries()) {
      while (at[i] + 1 < curve.x.length && curve.x[at[i] + 1] <= x) at[i]++;
      const value = interpolate(curve, at[i], x);
      if (value !== undefined) values.push(value);
    }
    if (values.length === 0) continue;
    out.x.push(x);
    out.mean.push(values.reduce((sum, value) => sum + value, 0) / values.length);
    out.low.push(Math.min(...values));
    out.high.push(Math.max(...values));
    out.count.push(values.length);
  }
  return out;
}

interface Clean {
  readonly x: number[];
  readonly y: number[];
}

function withoutGaps({ x, y }: Points): Clean {
  const kept = y.flatMap((value, i) => (value === null || (i + 1 < x.length && x[i + 1] === x[i]) ? [] : [i]));
  return { x: kept.map((i) => x[i]), y: kept.map((i) => y[i] as number) };
}

/** `i` is the last point at or before `x`. */
function interpolate({ x, y }: Clean, i: number, at: number): number | undefined {
  if (at < x[0] || at > x[x.length - 1]) return undefined;
  if (i + 1 >= x.length) return y[i];
  const share = (at - x[i]) / (x[i + 1] - x[i]);
  return y[i] + share * (y[i + 1] - y[i]);
}
