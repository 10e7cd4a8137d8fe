// Dropout whose masks come from few random numbers, as inputs of the program.
import type { Graph, Tensor } from '../tensor/index.js';
import { noiseInput } from './noise.js';

export interface Dropout {
  /** y [B, n] with each number 0 with probability `rate`, else divided by 1 - rate; every call draws a mask of its own. */
  apply(y: Tensor): Tensor;
}

/** Large against 1, so that the fractional parts of the products below are uniform. */
const SPREAD = 500;

/**
 * Dropout (Srivastava et al. 2014), with two masks' worth of numbers saved: B n normals per layer and critic would cost
 * more to draw than the layer to compute. The mask is frac(a_b w_j + v_j) >= rate from B + 2 n normals: uniform, and
 * independent in pairs for all that matters here, as the test measures.
 */
export function createDropout(rate: number): Dropout {
  const calls = new WeakMap<Graph, number>();
  return {
    apply(y) {
      if (rate === 0) return y;
      const { graph } = y;
      const call = (calls.get(graph) ?? 0) + 1;
      calls.set(graph, call);
      const [rows, n] = y.shape;
      const normals = noiseInput(graph, `dropoutNoise${call}`, [rows + 2 * n], 'share');
      const [a, w, v] = normals.split([rows, n, n], 0);
      const u = a.mul(SPREAD).reshape([rows, 1]).mul(w).add(v);
      const kept = u.sub(u.floor()).greaterEqual(rate).cast(y.dtype);
      return y.mul(kept.mul(1 / (1 - rate)).stopGradient());
    },
  };
}
