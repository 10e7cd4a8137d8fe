// Smoothing of noisy curves.

/**
 * Exponential moving average without the bias of its start (Kingma and Ba 2015, section 3): `weight` from 0 (as it is)
 * to below 1. Gaps stay gaps.
 */
export function smooth(values: readonly (number | null)[], weight: number): readonly (number | null)[] {
  if (weight <= 0) return values;
  let sum = 0;
  let mass = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = weight * sum + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return sum / mass;
  });
}
