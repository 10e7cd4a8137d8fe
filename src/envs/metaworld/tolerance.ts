// What Meta-World's rewards are made of: how near a number is to a range, as 0 to 1, and how two such numbers are joined.
// Python computes parts of them in float32, where an action, which is float32, meets a number of Python's own; those are
// rounded here too (`Math.fround`).

/** 1 from `low` to `high`; outside 1 / (1 + 9 (d / margin)^2), d being the distance from there: a tenth at the margin. */
export function longTail(x: number, low: number, high: number, margin: number): number {
  if (x >= low && x <= high) return 1;
  if (margin === 0) return 0;
  const d = ((x < low ? low - x : x - high) / margin) * 3;
  return 1 / (d * d + 1);
}

const gaussianScale = Math.sqrt(-2 * Math.log(0.1));

/** The same with a Gaussian outside, which too is a tenth at the margin. */
export function gaussian(x: number, low: number, high: number, margin: number): number {
  if (x >= low && x <= high) return 1;
  if (margin === 0) return 0;
  const d = ((x < low ? low - x : x - high) / margin) * gaussianScale;
  return Math.exp(-0.5 * (d * d));
}

/** The Hamacher product of two numbers from 0 to 1: ab / (a + b - ab), and 0 of two zeros. */
export function hamacher(a: number, b: number): number {
  const sum = a + b - a * b;
  return sum > 0 ? (a * b) / sum : 0;
}

/** The same in float32. */
export function hamacherSingle(first: number, second: number): number {
  const a = Math.fround(first);
  const b = Math.fround(second);
  const product = Math.fround(a * b);
  const sum = Math.fround(Math.fround(a + b) - product);
  return sum > 0 ? Math.fround(product / sum) : 0;
}

/** Whether a place lies in the box between two corners. */
export function isBetween(place: ArrayLike<number>, one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  for (let i = 0; i < 3; i++) {
    if (place[i] < Math.min(one[i], other[i]) || place[i] > Math.max(one[i], other[i])) return false;
  }
  return true;
}

/** In a box the share of the way from `zero` to `one` along each axis, multiplied; 1 outside. */
export function shareInBox(place: ArrayLike<number>, zero: ArrayLike<number>, one: ArrayLike<number>): number {
  if (!isBetween(place, zero, one)) return 1;
  let share = 1;
  for (let i = 0; i < 3; i++) share *= (place[i] - zero[i]) / (one[i] - zero[i]);
  return share;
}

/** Euclidean distance, each axis weighted. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>, x = 1, y = 1, z = 1): number {
  const dx = x * (a[0] - b[0]);
  const dy = y * (a[1] - b[1]);
  const dz = z * (a[2] - b[2]);
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}
