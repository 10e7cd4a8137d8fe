// Heads against closed forms: densities, most likely actions, and samples that come as often as they should.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { program } from '../tensor/index.js';
import { type ActionHead, binsHead, gaussianHead, laplaceHead, mixtureHead } from './action-heads.js';

/** Log density of actions, the likeliest action, and a sample for each row of outputs. */
async function results(
  head: ActionHead,
  output: readonly number[][],
  action: readonly number[][],
  noise?: Float32Array,
) {
  const rows = output.length;
  const size = action[0].length;
  const executable = await nodeRuntime.compile(
    program('head', (g) => {
      const y = g.input('output', [rows, head.outputs]);
      return {
        density: head.logProbability(y, g.input('action', [rows, size])),
        mode: head.mode(y),
        sample: head.sample(y, g.input('noise', [rows, head.noise])),
      };
    }),
  );
  const outputs = await executable.run({
    output: Float32Array.from(output.flat()),
    action: Float32Array.from(action.flat()),
    noise: noise ?? new Float32Array(rows * head.noise),
  });
  await executable.dispose();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, values]) => [name, Array.from(values as Float32Array)]),
  );
}

const normal = (x: number, mean: number, std: number) =>
  Math.exp(-((x - mean) ** 2) / (2 * std * std)) / (std * Math.sqrt(2 * Math.PI));

describe('gaussian', () => {
  it('has the density of its deviation, by state or fixed', async () => {
    const free = await results(gaussianHead(2, 'state'), [[0.5, -1, Math.log(0.2), Math.log(2)]], [[0.4, 1]]);
    expect(free.density[0]).toBeCloseTo(Math.log(normal(0.4, 0.5, 0.2) * normal(1, -1, 2)), 4);
    expect(free.mode).toEqual([0.5, -1]);
    const fixed = await results(gaussianHead(2, 0.5), [[0.5, -1]], [[0.4, 1]], Float32Array.of(2, -1));
    expect(fixed.density[0]).toBeCloseTo(Math.log(normal(0.4, 0.5, 0.5) * normal(1, -1, 0.5)), 4);
    expect(fixed.sample).toEqual([1.5, -1.5]);
  });

  it('is never narrower than its floor, however exactly a demonstrator repeats itself', async () => {
    const { density } = await results(gaussianHead(1, 'state'), [[0, -50]], [[0]]);
    expect(density[0]).toBeCloseTo(Math.log(normal(0, 0, 0.03)), 3);
  });
});

describe('laplace', () => {
  it('has its density, and samples as far away as its scale says', async () => {
    const head = laplaceHead(1, 0.5);
    const { density, mode } = await results(head, [[0.2]], [[-0.4]]);
    expect(density[0]).toBeCloseTo(Math.log(Math.exp(-0.6 / 0.5) / (2 * 0.5)), 5);
    expect(mode[0]).toBeCloseTo(0.2, 6);
    const rows = 4000;
    const noise = new Float32Array(rows * head.noise);
    createRandom(6).fillNormal(noise);
    const { sample } = await results(head, new Array(rows).fill([0.2]), new Array(rows).fill([0]), noise);
    const away = sample.map((x) => x - 0.2);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / rows;
    expect(Math.abs(mean(away))).toBeLessThan(0.045); // four deviations
    expect(Math.abs(mean(away.map(Math.abs)) - 0.5)).toBeLessThan(0.032);
  });
});

describe('mixture', () => {
  const output = [Math.log(0.2), Math.log(0.8), -1, -1, 1, 0.5, ...new Array(4).fill(Math.log(0.1))];

  it('sums the densities of whole actions, not of their numbers', async () => {
    const { density, mode } = await results(mixtureHead(2, 2, 'state'), [output], [[0.9, 0.5]]);
    const each = [normal(0.9, -1, 0.1) * normal(0.5, -1, 0.1), normal(0.9, 1, 0.1) * normal(0.5, 0.5, 0.1)];
    expect(density[0]).toBeCloseTo(Math.log(0.2 * each[0] + 0.8 * each[1]), 3);
    expect(mode).toEqual([1, 0.5]);
  });

  it('may have one deviation for all', async () => {
    const { density } = await results(mixtureHead(1, 2, 0.5), [[0, 0, -1, 1]], [[0.5]]);
    expect(density[0]).toBeCloseTo(Math.log((normal(0.5, -1, 0.5) + normal(0.5, 1, 0.5)) / 2), 4);
  });

  it('samples its components by their weights', async () => {
    const rows = 4000;
    const head = mixtureHead(2, 2, 'state');
    const noise = new Float32Array(rows * head.noise);
    createRandom(3).fillNormal(noise);
    const { sample } = await results(head, new Array(rows).fill(output), new Array(rows).fill([0, 0]), noise);
    const first = sample.filter((x, i) => i % 2 === 0 && x < 0).length;
    expect(Math.abs(first / rows - 0.2)).toBeLessThan(0.025); // four deviations
    // Both numbers of an action come from the same component.
    for (let i = 0; i < rows; i++) expect(sample[2 * i] < 0).toBe(sample[2 * i + 1] < -0.3);
  });
});

describe('bins', () => {
  it('has both bounds among its values and the cross-entropy of the nearest', async () => {
    const logits = [0, 0, 1, 0, 3, 0];
    const { density, mode } = await results(binsHead(2, 3), [logits], [[1, -0.4]]);
    const probability = (i: number, of: number[]) => Math.exp(of[i]) / of.reduce((sum, x) => sum + Math.exp(x), 0);
    expect(density[0]).toBeCloseTo(Math.log(probability(2, [0, 0, 1]) * probability(1, [0, 3, 0])), 5);
    expect(mode).toEqual([1, 0]);
  });

  it('samples each number by its probabilities', async () => {
    const rows = 4000;
    const head = binsHead(2, 3);
    const noise = new Float32Array(rows * head.noise);
    createRandom(4).fillNormal(noise);
    const logits = [Math.log(0.5), Math.log(0.2), Math.log(0.3), 0, -50, -50];
    const { sample } = await results(head, new Array(rows).fill(logits), new Array(rows).fill([0, 0]), noise);
    for (const [value, share] of [
      [-1, 0.5],
      [0, 0.2],
      [1, 0.3],
    ]) {
      const count = sample.filter((x, i) => i % 2 === 0 && Math.abs(x - value) < 1e-6).length;
      expect(Math.abs(count / rows - share)).toBeLessThan(0.032); // four deviations
    }
    expect(sample.every((x, i) => i % 2 === 0 || x === -1)).toBe(true);
  });
});
