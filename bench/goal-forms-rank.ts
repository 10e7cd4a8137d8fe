// How large the common space of f(s, a)^T psi(g) must be: exact values on a lattice, cut to their best products of r numbers.
// npx tsx bench/goal-forms-rank.ts
import { record, table } from './record.js';

/** Positions along a side of the square, one step of point/reach apart. */
const side = 21;
const n = side * side;
const discount = 0.95;
const ranks = [2, 4, 8, 16, 32, 64, 128];
const episodeSteps = 50;

/** Steps between positions: both coordinates move at once. */
const steps = (a: number, b: number) =>
  Math.max(Math.abs((a % side) - (b % side)), Math.abs(Math.floor(a / side) - Math.floor(b / side)));

/** Eigenvalues and rows of eigenvectors of a symmetric matrix, by Jacobi's rotations (Golub and Van Loan, section 8.5). */
function eigen(matrix: Float64Array) {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  const rotate = (rows: Float64Array, p: number, q: number, c: number, s: number) => {
    for (let k = 0; k < n; k++) {
      const [x, y] = [rows[p * n + k], rows[q * n + k]];
      rows[p * n + k] = c * x - s * y;
      rows[q * n + k] = s * x + c * y;
    }
  };
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = a[p * n + q];
        if (Math.abs(off) < 1e-12) continue;
        const theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        rotate(a, p, q, c, s);
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[k * n + p], a[k * n + q]];
          a[k * n + p] = c * x - s * y;
          a[k * n + q] = s * x + c * y;
        }
        rotate(vectors, p, q, c, s);
      }
    }
  }
  const values = Float64Array.from({ length: n }, (_, i) => a[i * n + i]);
  return { values, vectors };
}

/** Share of all pairs whose episode ends at the goal when the move with the greatest Q is made. */
function successOf(q: Float64Array): number {
  let successes = 0;
  for (let goal = 0; goal < n; goal++) {
    const best = new Int32Array(n);
    for (let from = 0; from < n; from++) {
      let most = -Infinity;
      for (let move = 0; move < 9; move++) {
        const x = Math.min(Math.max((from % side) + (move % 3) - 1, 0), side - 1);
        const y = Math.min(Math.max(Math.floor(from / side) + Math.floor(move / 3) - 1, 0), side - 1);
        const to = y * side + x;
        const value = q[to * n + goal];
        if (value > most) [most, best[from]] = [value, to];
      }
    }
    for (let start = 0; start < n; start++) {
      let now = start;
      for (let t = 0; t < episodeSteps; t++) now = best[now];
      if (now === goal) successes++;
    }
  }
  return successes / (n * n);
}

// Q(s, a, g) depends on the place s' that a leads to from s: with d steps to go from there it is
// -(1 + discount + ... + discount^(d - 1)). As a matrix over places and goals it is symmetric, so its best products come from its eigenvectors.
const exact = Float64Array.from({ length: n * n }, (_, i) => {
  const d = steps(Math.floor(i / n), i % n);
  return -(1 - discount ** d) / (1 - discount);
});
const { values, vectors } = eigen(exact);
const order = Array.from(values.keys()).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]));
const results = ranks.map((rank) => {
  const cut = new Float64Array(n * n);
  for (const e of order.slice(0, rank)) {
    for (let i = 0; i < n; i++) {
      const f = values[e] * vectors[e * n + i];
      for (let j = 0; j < n; j++) cut[i * n + j] += f * vectors[e * n + j];
    }
  }
  const errors = cut.map((value, i) => Math.abs(value - exact[i]));
  const largestError = Number(errors.reduce((a, b) => Math.max(a, b)).toFixed(3));
  return { rank, largestError, success: Number(successOf(cut).toFixed(4)) };
});
console.log(
  table([['rank', 'largest error of Q', 'success'], ...results.map((r) => [r.rank, r.largestError, r.success])]),
);
record('goal-forms-rank', { side, discount, results });
