// Round numbers along an axis.
import type { Place } from './plane.js';

/** About so many steps between them. */
const STEPS = 4;

/** Multiples of 1, 2, 2.5 or 5 times a power of ten, from the least to the largest within the range. */
export function ticks([low, high]: Place): number[] {
  const wanted = (high - low) / STEPS;
  const power = 10 ** Math.floor(Math.log10(wanted));
  // A step may be a little shorter than wanted: 25 rather than 50 for 26.
  const step = power * ([1, 2, 2.5, 5].find((factor) => factor * power > 0.81 * wanted) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
