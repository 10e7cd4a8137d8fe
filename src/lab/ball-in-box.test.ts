// The share of a ball inside a box: closed forms, symmetries, and random points in many dimensions.
import { expect, test } from 'vitest';
import { createRandom, type Random } from '../random.js';
import { ballShareInBox, log10UnitBall } from './ball-in-box.js';

test('volumes of unit balls', () => {
  const known = [2, Math.PI, (4 / 3) * Math.PI, Math.PI ** 2 / 2, (8 / 15) * Math.PI ** 2];
  for (const [i, volume] of known.entries()) expect(10 ** log10UnitBall(i + 1)).toBeCloseTo(volume, 12);
  expect(10 ** log10UnitBall(14)).toBeCloseTo(Math.PI ** 7 / 5040, 12);
});

test('a ball far from all faces is whole; at n faces it is cut to 2^-n', () => {
  expect(ballShareInBox([5, 5, 5], [5, 5, 5])).toBe(1);
  for (const n of [1, 2, 14]) {
    const below = Array.from({ length: 14 }, (_, i) => (i < n ? 0 : 3));
    expect(ballShareInBox(below, new Array(14).fill(3))).toBe(2 ** -n);
  }
});

/** Area of the quarter disc of radius 1 inside [0, a] x [0, b]. */
function quarterDisc(a: number, b: number): number {
  const [x, y] = [Math.min(a, 1), Math.min(b, 1)];
  if (x * x + y * y <= 1) return x * y;
  const under = (t: number) => (t * Math.sqrt(1 - t * t) + Math.asin(t)) / 2;
  const flat = Math.sqrt(1 - y * y);
  return flat * y + under(x) - under(flat);
}

test('agrees with the closed form in the plane, for random rectangles', () => {
  const random = createRandom(1);
  let checked = 0;
  while (checked < 300) {
    const [left, right, down, up] = Array.from({ length: 4 }, () => Math.max(0, random.uniform() * 1.4 - 0.1));
    let area = 0;
    for (const x of [left, right]) for (const y of [down, up]) area += quarterDisc(x, y);
    if (area === 0) continue;
    checked++;
    expect(Math.abs(ballShareInBox([left, down], [right, up]) / (area / Math.PI) - 1)).toBeLessThan(5e-6);
  }
});

test('a cap of a ball in three dimensions has volume pi h^2 (3 - h) / 3', () => {
  for (const cut of [0, 0.1, 0.5, 0.99]) {
    const height = 1 - cut;
    const cap = (Math.PI * height ** 2 * (3 - height)) / 3 / ((4 / 3) * Math.PI);
    expect(ballShareInBox([2, 2, cut], [2, 2, 2])).toBeCloseTo(1 - cap, 7);
  }
});

test('a box inside the ball: its volume', () => {
  expect(ballShareInBox([0.1, 0.2, 0.3], [0.4, 0, 0.1])).toBeCloseTo((0.5 * 0.2 * 0.4) / ((4 / 3) * Math.PI), 14);
});

/** Uniform in the unit ball: a normal direction and a radius of u^(1/d). */
function shareOfRandomPoints(random: Random, below: readonly number[], above: readonly number[], count: number) {
  const point = new Float64Array(below.length);
  let inside = 0;
  for (let n = 0; n < count; n++) {
    random.fillNormal(point);
    const scale = random.uniform() ** (1 / point.length) / Math.hypot(...point);
    inside += point.every((x, i) => x * scale > -below[i] && x * scale < above[i]) ? 1 : 0;
  }
  return inside / count;
}

test.each([
  { dimensions: 3, low: 0.05 },
  { dimensions: 5, low: 0.1 },
  { dimensions: 14, low: 0.2 },
])('agrees with random points in $dimensions dimensions', ({ dimensions, low }) => {
  const below = Array.from({ length: dimensions }, (_, i) => low + 0.03 * i);
  const above = Array.from({ length: dimensions }, (_, i) => (i % 3 === 0 ? 0.45 : 2));
  const exact = ballShareInBox(below, above);
  const count = 100_000;
  const drawn = shareOfRandomPoints(createRandom(7), below, above, count);
  expect(exact).toBeGreaterThan(0.01);
  expect(Math.abs(drawn - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / count));
});

test('cutting more never leaves more, and both sides of an axis are alike', () => {
  const share = (cut: number) => ballShareInBox([cut, 0.3, 2, 0.7], [2, 2, 0.4, 2]);
  const cuts = [0, 0.01, 0.2, 0.5, 0.9, 1].map(share);
  for (let i = 1; i < cuts.length; i++) expect(cuts[i]).toBeGreaterThan(cuts[i - 1]);
  expect(ballShareInBox([2, 2, 0.4, 2], [0.2, 0.3, 2, 0.7])).toBeCloseTo(share(0.2), 6);
});
