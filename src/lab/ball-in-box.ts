// How much of a ball lies inside a box, in any number of dimensions: what cuts the chance of a random success near a wall.

/** Common logarithm of the volume of the unit ball, pi^(d/2) / Gamma(d/2 + 1); from the one two dimensions lower times 2 pi / d. */
export function log10UnitBall(dimensions: number): number {
  let log = dimensions % 2 === 0 ? 0 : Math.log10(2);
  for (let d = dimensions % 2 === 0 ? 2 : 3; d <= dimensions; d += 2) log += Math.log10((2 * Math.PI) / d);
  return log;
}

/** Points of the grid of radii over [0, 1]. */
const CELLS = 2048;
/** In so few dimensions the edge of a cut is sharp enough to spoil a quadrature across it; above, it is smooth. */
const SHARP_DIMENSIONS = 4;

/**
 * Share of a ball of radius 1 that lies inside a box, whose faces are `below[i]` and `above[i]` radii (0 or more) away
 * from the centre along axis i.
 *
 * Axis after axis: let q(r) be the share for radius r in the axes taken so far. A ball of radius r in d dimensions is a
 * stack of balls of radius r cos(t) in d - 1, at heights r sin(t), so
 *   q_d(r) = sum over both sides e of  integral from 0 to asin(min(e / r, 1)) of cos(t)^d q_{d-1}(r cos t) dt  /  W_d,
 * where W_d is the same integral over an uncut ball. Axes that cut nothing, or exactly half, are exact and come first;
 * only the others are integrated (Gauss-Legendre, q kept on a grid of radii). The relative error is below 5e-6; the tests compare
 * with the closed form in the plane and with random points in up to fourteen dimensions.
 */
export function ballShareInBox(below: readonly number[], above: readonly number[]): number {
  const dimensions = below.length;
  const farthest = below.reduce((sum, _, i) => sum + Math.max(below[i], above[i]) ** 2, 0);
  if (farthest <= 1) {
    const log10Box = below.reduce((sum, _, i) => sum + Math.log10(below[i] + above[i]), 0);
    return 10 ** (log10Box - log10UnitBall(dimensions));
  }
  const sides = below.map((low, i) => [Math.min(low, 1), Math.min(above[i], 1)] as const);
  const halves = sides.filter(([low, high]) => low + high === 1 && low * high === 0).length;
  const cuts = sides.filter(([low, high]) => low + high < 2 && !(low + high === 1 && low * high === 0));

  let taken = dimensions - cuts.length;
  let share = new Float64Array(CELLS + 1).fill(2 ** -halves);
  const edges = new Set<number>();
  for (const [i, cut] of cuts.entries()) {
    taken++;
    const next = new Float64Array(CELLS + 1);
    const sharp = taken <= SHARP_DIMENSIONS + 1 ? [...edges] : [];
    const last = i === cuts.length - 1;
    for (let cell = last ? CELLS : 0; cell <= CELLS; cell++) next[cell] = stack(share, cell / CELLS, cut, taken, sharp);
    share = next;
    for (const edge of cut) if (edge > 0 && edge < 1) edges.add(edge);
  }
  return share[CELLS];
}

/** q_d(r) from q_{d-1} on the grid; the quadrature is split where an earlier axis begins to cut. */
function stack(
  share: Float64Array,
  radius: number,
  sides: readonly number[],
  dimensions: number,
  edges: readonly number[],
): number {
  // A cut that is the same on both sides is integrated once.
  const [low, high] = sides;
  const distinct = low === high ? [low] : sides;
  let sum = 0;
  for (const side of distinct) {
    if (side === 0) continue;
    // cos(t)^d is nothing beyond nine standard deviations.
    const top = Math.min(side >= radius ? Math.PI / 2 : Math.asin(side / radius), 9 / Math.sqrt(dimensions));
    const breaks = edges.filter((edge) => edge < radius).map((edge) => Math.acos(edge / radius));
    const ends = [0, ...breaks.filter((angle) => angle < top).sort((a, b) => a - b), top];
    for (let i = 1; i < ends.length; i++) {
      const half = (ends[i] - ends[i - 1]) / 2;
      for (let j = 0; j < NODES.length; j++) {
        const cosine = Math.cos(ends[i - 1] + half * (1 + NODES[j]));
        sum += half * WEIGHTS[j] * cosine ** dimensions * interpolate(share, radius * cosine);
      }
    }
  }
  return ((sides.length / distinct.length) * sum) / wallis(dimensions);
}

/** Cubic through the four grid points around the radius. */
function interpolate(values: Float64Array, radius: number): number {
  const cell = Math.min(Math.max(Math.floor(radius * CELLS), 1), CELLS - 2);
  const x = radius * CELLS - cell;
  const [before, here, next, after] = [values[cell - 1], values[cell], values[cell + 1], values[cell + 2]];
  const bend = (x * (x - 1)) / 6;
  return here + x * (next - here) + bend * ((2 - x) * (before - 2 * here + next) + (1 + x) * (here - 2 * next + after));
}

/** Integral of cos(t)^d from -pi/2 to pi/2. */
function wallis(dimensions: number): number {
  let value = dimensions % 2 === 0 ? Math.PI : 2;
  for (let d = dimensions % 2 === 0 ? 2 : 3; d <= dimensions; d += 2) value *= (d - 1) / d;
  return value;
}

/** Gauss-Legendre nodes and weights on [-1, 1], by Newton's method on the Legendre polynomial. */
function gaussLegendre(count: number): [nodes: Float64Array, weights: Float64Array] {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 20; iteration++) {
      let [before, value] = [1, x];
      for (let n = 2; n <= count; n++) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
      slope = (count * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  return [nodes, weights];
}
const [NODES, WEIGHTS] = gaussLegendre(24);
