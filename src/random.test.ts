// The generator against known properties: moments, tails and the Kolmogorov-Smirnov distance, and exact restoring.
import { describe, expect, it } from 'vitest';
import { createRandom, mixSeed } from './random.js';

/** Standard normal distribution function by integrating the density from 0 with Simpson's rule. */
function normalCdf(x: number): number {
  const n = 400;
  const h = x / n;
  let sum = 1 + Math.exp(-0.5 * x * x);
  for (let i = 1; i < n; i++) sum += (i % 2 ? 4 : 2) * Math.exp(-0.5 * (i * h) ** 2);
  return 0.5 + ((h / 3) * sum) / Math.sqrt(2 * Math.PI);
}

describe('random', () => {
  it('repeats for a seed, differs between seeds and labels', () => {
    const draw = (seed: number) => Array.from({ length: 8 }, createRandom(seed).uint32);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1)).not.toEqual(draw(1 + 2 ** 32));
    expect(mixSeed(1, 'env', 0)).not.toBe(mixSeed(1, 'env', 1));
    expect(mixSeed(1, 'a')).not.toBe(mixSeed(1, 'b'));
  });

  it('continues exactly from a saved state', () => {
    const random = createRandom(7);
    random.normal();
    const state = random.save();
    const next = Array.from({ length: 100 }, random.normal);
    const other = createRandom(8);
    other.restore(state);
    expect(Array.from({ length: 100 }, other.normal)).toEqual(next);
  });

  it('is uniform: chi-squared over 64 cells', () => {
    const random = createRandom(3);
    const cells = new Float64Array(64);
    const n = 640_000;
    for (let i = 0; i < n; i++) cells[random.below(64)]++;
    const chi = cells.reduce((sum, count) => sum + (count - n / 64) ** 2 / (n / 64), 0);
    expect(chi).toBeLessThan(113); // 63 degrees of freedom: 99.99% below 113.5
  });

  it('fills with what as many single normals are', () => {
    const [one, many] = [createRandom(5), createRandom(5)];
    const x = new Float64Array(10_000); // long enough for the tail
    many.fillNormal(x);
    expect(Array.from(x, () => one.normal())).toEqual(Array.from(x));
    expect(many.save()).toEqual(one.save());
  });

  it('draws normals: moments and the Kolmogorov-Smirnov distance', () => {
    const n = 200_000;
    const x = new Float64Array(n);
    createRandom(5).fillNormal(x);
    const moment = (k: number) => x.reduce((sum, value) => sum + value ** k, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
    x.sort();
    let distance = 0;
    for (let i = 0; i < n; i += 97) distance = Math.max(distance, Math.abs((i + 0.5) / n - normalCdf(x[i])));
    expect(distance).toBeLessThan(1.95 / Math.sqrt(n)); // about 0.1% significance
    expect(x.filter((value) => Math.abs(value) > 3.442619855899).length / n).toBeGreaterThan(3e-4); // the tail, 5.8e-4
  });
});
