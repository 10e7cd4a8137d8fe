import { describe, expect, it } from 'vitest';
import { box, discrete } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { program, type Tensor } from '../tensor/index.js';
import { distribution } from './distributions.js';

/** Runs a program of B rows on named inputs. */
async function run(
  build: Parameters<typeof program>[1],
  inputs: Record<string, Float32Array>,
): Promise<Record<string, number[]>> {
  const executable = await nodeRuntime.compile(program('test', build));
  const outputs = await executable.run(inputs);
  await executable.dispose();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, values]) => [name, Array.from(values as Float32Array)]),
  );
}

describe('gaussian', () => {
  const space = { ...box(2), low: [-1, 0], high: [3, 10] };
  const pi = distribution(space);

  it('has the density of a normal in unit actions, and its entropy', async () => {
    const [mean, logStd, action] = [
      [0.5, -0.5],
      [-1, 0.5],
      [2, 9],
    ];
    const { logProbability, entropy } = await run(
      (g) => {
        const actions = pi.of(g, g.input('mean', [1, 2]), [g.input('logStd', [2])]);
        return { logProbability: actions.logProbability(g.input('action', [1, 2])), entropy: actions.entropy() };
      },
      { mean: Float32Array.from(mean), logStd: Float32Array.from(logStd), action: Float32Array.from(action) },
    );
    const unit = [(action[0] - 1) / 2, (action[1] - 5) / 5];
    let expected = 0;
    for (let j = 0; j < 2; j++) {
      const std = Math.exp(logStd[j]);
      expected += Math.log(Math.exp(-((unit[j] - mean[j]) ** 2) / (2 * std * std)) / (std * Math.sqrt(2 * Math.PI)));
    }
    expect(logProbability[0]).toBeCloseTo(expected, 4);
    expect(entropy[0]).toBeCloseTo(logStd[0] + logStd[1] + Math.log(2 * Math.PI * Math.E), 5);
  });

  it('samples beyond the bounds as it falls, but acts within them', async () => {
    const { sample, mode } = await run(
      (g) => {
        const actions = pi.of(g, g.input('mean', [1, 2]), [g.input('logStd', [2])]);
        return { sample: actions.sample(g.input('noise', [1, 2])), mode: actions.mode() };
      },
      { mean: Float32Array.of(0.5, -3), logStd: Float32Array.of(0, 0), noise: Float32Array.of(2, 1) },
    );
    expect(sample).toEqual([6, -5]); // 1 + 2 (0.5 + 2), 5 + 5 (-3 + 1)
    expect(mode).toEqual([2, 0]);
  });
});

describe('categorical', () => {
  const logits = [0, 1, -1, 0.5];
  const probabilities = logits.map((x) => Math.exp(x) / logits.reduce((sum, y) => sum + Math.exp(y), 0));
  const pi = distribution(discrete(4));

  it('samples with the probabilities of the softmax', async () => {
    const rows = 20_000;
    const noise = new Float32Array(rows * pi.noise);
    createRandom(2).fillNormal(noise);
    const all = (g: { constant(values: number[], shape: number[]): Tensor }) =>
      g.constant(logits, [1, 4]).expand([rows, 4]);
    const { action } = await run((g) => ({ action: pi.of(g, all(g), []).sample(g.input('noise', [rows, pi.noise])) }), {
      noise,
    });
    let deviation = 0;
    probabilities.forEach((p, a) => {
      const count = action.filter((chosen) => chosen === a).length;
      deviation += (count - p * rows) ** 2 / (p * rows);
    });
    expect(deviation).toBeLessThan(22.6); // chi-square, 3 degrees of freedom: beyond with probability 5e-5
  });

  it('knows log probabilities, entropy and the best choice', async () => {
    const outputs = await run(
      (g) => {
        const actions = pi.of(g, g.input('logits', [1, 4]), []);
        const logProbability = actions.logProbability(g.input('action', [1, 1]));
        return { logProbability, entropy: actions.entropy(), mode: actions.mode() };
      },
      { logits: Float32Array.from(logits), action: Float32Array.of(3) },
    );
    expect(outputs.logProbability[0]).toBeCloseTo(Math.log(probabilities[3]), 5);
    expect(outputs.entropy[0]).toBeCloseTo(
      probabilities.reduce((sum, p) => sum - p * Math.log(p), 0),
      5,
    );
    expect(outputs.mode).toEqual([1]);
  });
});
