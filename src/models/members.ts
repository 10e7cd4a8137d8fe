// One member among the parameters of an ensemble, whose tensors lie beside those of the others.
import type { Layout } from '../nets/index.js';

/** Copies member `m` of an ensemble of `count` members to be member `k` of another one with the same networks. */
export function copyMember(
  from: Layout,
  count: number,
  values: Float32Array,
  m: number,
  to: Layout,
  out: Float32Array,
  k: number,
): void {
  from.entries.forEach(({ offset, shape }, i) => {
    const size = shape.reduce((product, n) => product * n, 1) / count;
    const target = to.entries[i].offset + k * size;
    out.set(values.subarray(offset + m * size, offset + (m + 1) * size), target);
  });
}
