// Figures of a diagnosis: rank correlation, the normal distribution, and bands by the bootstrap over blocks.
import type { Random } from '../../random.js';
import { erf } from '../../runtime/plain/elementwise.js';

export interface Band {
  readonly value: number;
  /** The 5th and the 95th percentile of resampled values. */
  readonly low: number;
  readonly high: number;
}

export const normalCdf = (z: number): number => 0.5 * (1 + erf(z * Math.SQRT1_2));

/** Spearman's: Pearson's correlation of the ranks, ties sharing their mean rank; NaN where either is constant. */
export function rankCorrelation(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return correlation(ranks(one), ranks(other));
}

function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const found = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1]] === values[order[first]]) last++;
    for (let k = first; k <= last; k++) found[order[k]] = (first + last) / 2;
    first = last + 1;
  }
  return found;
}

function correlation(x: Float64Array, y: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) ** 2;
    yy += (y[i] - my) ** 2;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : Number.NaN;
}

const RESAMPLES = 200;

/**
 * Root of the mean of squares with its band (percentile bootstrap, Efron 1979). Neighbours in time are alike: all values of
 * a block are drawn together.
 */
export function rootMeanBand(squares: readonly number[], blocks: readonly number[], random: Random): Band {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [i, square] of squares.entries()) {
    const block = sums.get(blocks[i]) ?? { sum: 0, count: 0 };
    block.sum += square;
    block.count++;
    sums.set(blocks[i], block);
  }
  const all = [...sums.values()];
  const root = (some: readonly { sum: number; count: number }[]) =>
    Math.sqrt(some.reduce((t, { sum }) => t + sum, 0) / some.reduce((t, { count }) => t + count, 0));
  const drawn = Array.from({ length: RESAMPLES }, () => root(all.map(() => all[random.below(all.length)])));
  drawn.sort((a, b) => a - b);
  return { value: root(all), low: drawn[Math.floor(0.05 * RESAMPLES)], high: drawn[Math.ceil(0.95 * RESAMPLES) - 1] };
}
