// Truncated quantile critics against their closed forms: the quantile Huber loss, the truncation, a distribution's quantiles.
import { describe, expect, it } from 'vitest';
import { box } from '../envs/space.js';
import { createRandom } from '../random.js';
import { evaluate } from '../tensor/testing.js';
import { findAgent, vectorSpec } from './index.js';
import { type TestBatch, testBatch, testUpdater } from './testing.js';
import { quantileHuber, truncated } from './tqc.js';

const spec = vectorSpec({ observation: 2, goal: 1, action: box(1, -2, 2), rewardRange: [-4, 0] });
const rows = 64;
const random = createRandom(4);
const normals = (n: number) => Array.from({ length: n }, () => 2 * random.normal());

function createAgent(options: Record<string, unknown>) {
  const { config, create } = findAgent('tqc');
  return create(spec, config.parse({ hidden: [32], ...options }), { normalize: true });
}

describe('quantileHuber', () => {
  it('is the formula', async () => {
    const [b, m, k] = [3, 4, 5];
    const [theta, y] = [normals(b * m), normals(b * k)];
    const { loss } = await evaluate(
      (_g, [t, target]) => ({ loss: quantileHuber(t, target).reshape([1]) }),
      [
        { shape: [b, m], data: theta },
        { shape: [b, k], data: y },
      ],
    );
    let expected = 0;
    for (let row = 0; row < b; row++) {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < k; j++) {
          const u = y[row * k + j] - theta[row * m + i];
          const huber = Math.abs(u) <= 1 ? u ** 2 / 2 : Math.abs(u) - 0.5;
          expected += Math.abs((2 * i + 1) / (2 * m) - (u < 0 ? 1 : 0)) * huber;
        }
      }
    }
    expect(loss[0]).toBeCloseTo(expected / (b * m * k), 12);
  });
});

it('truncation keeps the smallest atoms of all critics together', async () => {
  const atoms = [normals(8), normals(8)];
  const { kept } = await evaluate(
    (_g, both) => ({ kept: truncated(both, 5) }),
    atoms.map((data) => ({ shape: [2, 4], data })),
  );
  for (const row of [0, 1]) {
    const all = atoms.flatMap((data) => data.slice(4 * row, 4 * row + 4)).sort((a, b) => a - b);
    expect([...kept].slice(5 * row, 5 * row + 5).sort((a, b) => a - b)).toEqual(all.slice(0, 5));
  }
});

/** A coin decides a one-step episode's reward: -4 or 0. Nothing else matters. */
function coin(seed: number) {
  const coins = createRandom(seed);
  return (batch: TestBatch) => {
    for (const name of ['observation', 'goal', 'action']) coins.fillUniform(batch[name], -1, 1);
    for (let i = 0; i < rows; i++) batch.reward[i] = coins.uniform() < 0.5 ? -4 : 0;
    batch.terminated.fill(1);
  };
}

describe('tqc', () => {
  it("learns the quantiles of a coin's reward", async () => {
    // With M = 2 the fractions are 1/4 and 3/4: quantiles -4 and 0, up to what the square part near 0 rounds off:
    // u = y - theta has weights 1/4 and 3/4, so theta_1 + 4 = 1/3 of 1 where the other side is in the linear part.
    const updater = await testUpdater(
      createAgent({ critics: 1, quantiles: 2, dropped: 0, entropyBackup: false, learningRate: 3e-3 }),
      testBatch(spec, rows),
      coin(1),
    );
    await updater.update(1500);
    updater.takeMetrics();
    await updater.update(100);
    const metrics = updater.takeMetrics();
    // Minimum of the expected loss: theta_1 = -4 + 1/3, theta_2 = -1/3, each row's loss (3/4 u^2/2 + 1/4 (4 - u - 1/2)) / 2.
    const u = 1 / 3;
    const least = (0.75 * 0.5 * u ** 2 + 0.25 * (4 - u - 0.5)) / 2;
    expect(metrics.q_mean).toBeCloseTo(-2, 1);
    expect(Math.abs(metrics.critic_loss - least)).toBeLessThan(0.03);
    await updater.dispose();
  });

  it('values less where it drops atoms', async () => {
    const bootstrapped = async (dropped: number) => {
      const fill = coin(2);
      const updater = await testUpdater(
        createAgent({
          critics: 2,
          quantiles: 5,
          dropped,
          entropyBackup: false,
          discount: 0.5,
          tau: 0.1,
          learningRate: 3e-3,
        }),
        testBatch(spec, rows),
        (batch) => {
          fill(batch);
          batch.terminated.fill(0);
        },
      );
      await updater.update(600);
      updater.takeMetrics();
      await updater.update(50);
      const { q_mean } = updater.takeMetrics();
      await updater.dispose();
      return q_mean;
    };
    const [all, less] = [await bootstrapped(0), await bootstrapped(2)];
    expect(less).toBeLessThan(all - 0.1);
  });

  it('must keep an atom', () => {
    expect(() => createAgent({ quantiles: 4, dropped: 4 })).toThrow(/dropped=4 of agent.quantiles=4/);
  });
});
