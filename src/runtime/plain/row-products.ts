// Rows times a matrix w [k, n]: in WebAssembly where w lies in a workspace, in plain loops elsewhere, with the same bits.
import type { Numbers } from './values.js';
import type { Workspace } from './workspace.js';

/** Both leave out the numbers of x that are zero, half of them behind a ReLU, and sum in float64 in the same order. */
export interface RowProducts {
  /** The numbers of a row other than zero. */
  readonly factors: Float64Array;
  /** Where the rows of w that they are factors of begin: `first + step * index`, `index` counted in numbers of w. */
  readonly rows: Int32Array;
  readonly first: number;
  readonly step: number;
  /** Fills the result [n] from the first `count` factors and rows. */
  run(count: number): void;
  readonly result: Float32Array | Float64Array;
}

export const rowProducts = (w: Numbers, k: number, n: number, workspace?: Workspace): RowProducts =>
  workspace && w.buffer === workspace.buffer ? inWebAssembly(w, n, workspace) : inLoops(w, k, n);

function inWebAssembly(w: Numbers, n: number, { factors, rows, result, product }: Workspace): RowProducts {
  const sums = result.subarray(0, n);
  return {
    factors,
    rows,
    first: w.byteOffset,
    step: w.BYTES_PER_ELEMENT,
    run(count) {
      if (count === 0) sums.fill(0);
      else product(factors.byteOffset, rows.byteOffset, result.byteOffset, 4 * n, 4 * count);
    },
    result: sums,
  };
}

/** Eight rows of w at a time go over the sums, so that these are read and written an eighth as often. */
function inLoops(w: Numbers, k: number, n: number): RowProducts {
  const factors = new Float64Array(k);
  const rows = new Int32Array(k);
  const sums = new Float64Array(n);
  const run = (count: number) => {
    sums.fill(0);
    let i = 0;
    for (; i + 8 <= count; i += 8) {
      const [a, b, c, d] = [factors[i], factors[i + 1], factors[i + 2], factors[i + 3]];
      const [e, f, g, h] = [factors[i + 4], factors[i + 5], factors[i + 6], factors[i + 7]];
      const [rowA, rowB, rowC, rowD] = [rows[i], rows[i + 1], rows[i + 2], rows[i + 3]];
      const [rowE, rowF, rowG, rowH] = [rows[i + 4], rows[i + 5], rows[i + 6], rows[i + 7]];
      for (let j = 0; j < n; j++) {
        // From left to right, which is the order of the rows.
        sums[j] =
          sums[j] +
          a * w[rowA + j] +
          b * w[rowB + j] +
          c * w[rowC + j] +
          d * w[rowD + j] +
          e * w[rowE + j] +
          f * w[rowF + j] +
          g * w[rowG + j] +
          h * w[rowH + j];
      }
    }
    for (; i < count; i++) {
      const [a, row] = [factors[i], rows[i]];
      for (let j = 0; j < n; j++) sums[j] += a * w[row + j];
    }
  };
  return { factors, rows, first: 0, step: 1, run, result: sums };
}
