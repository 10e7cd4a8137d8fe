// Row weights that make means over a batch means over the values of a column.
import type { Values } from '../envs/columns.js';

/** Writes n / (K n_v) for rows of value v: K values in the batch, n_v of its n rows with this one. Absent values: 1. */
export function meanWeights(values: Values | undefined, out: Float32Array): void {
  if (!values) {
    out.fill(1);
    return;
  }
  const counts = new Map<number, number>();
  for (let i = 0; i < out.length; i++) counts.set(values[i], (counts.get(values[i]) ?? 0) + 1);
  for (let i = 0; i < out.length; i++) out[i] = out.length / (counts.size * (counts.get(values[i]) ?? 1));
}
