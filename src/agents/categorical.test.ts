// Categorical values against closed forms: bins, means, projections, cross-entropy.
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../runtime/node.js';
import { program } from '../tensor/index.js';
import { binsOf, crossEntropy, meanOf, project } from './categorical.js';

describe('categorical values', () => {
  const support = { bins: 5, limit: 2 };
  async function run(
    build: (g: Parameters<Parameters<typeof program>[1]>[0]) => Record<string, ReturnType<typeof meanOf>>,
  ) {
    const executable = await nodeRuntime.compile(program('categorical', build));
    const out = await executable.run({});
    await executable.dispose();
    return Object.fromEntries(Object.entries(out).map(([name, values]) => [name, Array.from(values, Number)]));
  }

  it('have bins at equal distances, and a uniform distribution has mean 0', async () => {
    const { bins, mean } = await run((g) => ({
      bins: binsOf(g, support),
      mean: meanOf(g.constant(new Array(10).fill(0.7), [2, 5]), support),
    }));
    expect(bins).toEqual([-2, -1, 0, 1, 2]);
    for (const value of mean) expect(value).toBeCloseTo(0, 6);
  });

  it('project returns on their neighbours, keeping sum and mean, and the ends take what lies beyond', async () => {
    const { p } = await run((g) => ({
      p: project(
        g.constant([0, 0, 1, 0, 0, 0.5, 0, 0, 0, 0.5, 0.2, 0.2, 0.2, 0.2, 0.2], [3, 5]),
        g.constant([9, 9, 0.25, 9, 9, -7, 0, 0, 0, 7, -0.9, -0.5, 0, 0.5, 1.9], [3, 5]),
        support,
      ),
    }));
    expect(p.slice(0, 5)).toEqual([0, 0, 0.75, 0.25, 0]);
    expect(p.slice(5, 10)).toEqual([0.5, 0, 0, 0, 0.5]);
    const last = p.slice(10);
    expect(last.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    expect(last.reduce((sum, value, i) => sum + value * (i - 2), 0)).toBeCloseTo(0.2 * (-0.9 + 1.9), 6);
  });

  it('have the cross-entropy of closed form', async () => {
    const { loss } = await run((g) => ({
      loss: crossEntropy(g.constant([0, Math.log(3)], [1, 2]), g.constant([0.4, 0.6], [1, 2])),
    }));
    expect(loss[0]).toBeCloseTo(-(0.4 * Math.log(0.25) + 0.6 * Math.log(0.75)), 6);
  });
});
