// Dropout's masks: the share left out, the mean kept, independence of rows, columns and calls, the gradient.
import { expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { grad, program } from '../tensor/index.js';
import { createDropout, declaredNoise, type Noise } from './index.js';

const [rows, n, rate] = [64, 32, 0.25];

async function masks(draws: number): Promise<Float32Array[][]> {
  const dropout = createDropout(rate);
  let declared: Noise = {};
  const built = program('dropout', (g) => {
    const x = g.input('x', [rows, n]);
    const [first, second, third] = [dropout.apply(x), dropout.apply(x), dropout.apply(x)];
    declared = declaredNoise(g);
    return { first, second, dx: grad(third.square().sum(), [x])[0] };
  });
  const executable = await nodeRuntime.compile(built);
  const random = createRandom(2);
  const x = new Float32Array(rows * n).fill(1);
  const results: Float32Array[][] = [];
  for (let i = 0; i < draws; i++) {
    const noise = Object.entries(declared).map(([name, { shape }]) => {
      const normals = new Float32Array(shape[0]);
      random.fillNormal(normals);
      return [name, normals];
    });
    const { first, second, dx } = await executable.run({ x, ...Object.fromEntries(noise) });
    results.push([first, second, dx] as Float32Array[]);
  }
  await executable.dispose();
  return results;
}

it('leaves out its share of numbers, scales the others, and passes gradients through them alone', async () => {
  const results = await masks(20);
  const all = results.flatMap(([first, second]) => [...first, ...second]);
  expect(new Set(all)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]));
  const share = all.filter((value) => value === 0).length / all.length;
  // 20 x 2 x 2048 draws: a standard deviation of 0.0015.
  expect(Math.abs(share - rate)).toBeLessThan(0.006);
  for (const [, , dx] of results) {
    for (const value of dx) if (value !== 0) expect(value).toBeCloseTo(2 / (1 - rate) ** 2, 5);
    expect(dx.filter((value) => value === 0).length / dx.length).toBeCloseTo(rate, 1);
  }
});

it('draws rows, columns and calls independently of one another', async () => {
  const results = await masks(20);
  const p = 1 - rate;
  /** Correlation of pairs of kept flags over all draws. */
  const correlation = (pairs: (result: Float32Array[]) => [number, number][]) => {
    const flags = results.flatMap(pairs).map(([a, b]) => (Number(a > 0) - p) * (Number(b > 0) - p));
    return flags.reduce((sum, value) => sum + value, 0) / flags.length / (p * (1 - p));
  };
  const index = Array.from({ length: rows * n - n }, (_, i) => i);
  // 40,000 pairs: a standard deviation of 0.005.
  expect(Math.abs(correlation(([first]) => index.map((i) => [first[i], first[i + n]])))).toBeLessThan(0.02);
  expect(Math.abs(correlation(([first]) => index.map((i) => [first[i], first[i + 1]])))).toBeLessThan(0.02);
  expect(Math.abs(correlation(([first, second]) => index.map((i) => [first[i], second[i]])))).toBeLessThan(0.02);
  // Numbers kept per row and per column scatter as they would with independent flags: variance n p (1 - p).
  const scatter = (count: number, length: number, at: (line: number, i: number) => number) => {
    const sums = results.flatMap(([first]) =>
      Array.from({ length: count }, (_, line) => {
        let kept = 0;
        for (let i = 0; i < length; i++) if (first[at(line, i)] > 0) kept++;
        return (kept - length * p) ** 2;
      }),
    );
    return sums.reduce((a, b) => a + b) / sums.length / (length * p * (1 - p));
  };
  expect(scatter(rows, n, (row, i) => row * n + i)).toBeGreaterThan(0.8);
  expect(scatter(rows, n, (row, i) => row * n + i)).toBeLessThan(1.2);
  expect(scatter(n, rows, (column, i) => i * n + column)).toBeGreaterThan(0.8);
  expect(scatter(n, rows, (column, i) => i * n + column)).toBeLessThan(1.2);
});
