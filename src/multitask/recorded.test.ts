// Gradients put together as a recorded reference does it on the gradients themselves (test/multitask/record.py).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cagrad, gradNorm, gradNormMemory, initGradNorm, inverseNorm, pcgrad } from './index.js';
import { coefficientsOf, combined, miss, type Vector, weighted } from './testing.js';

interface Case {
  readonly name: string;
  readonly gradients: Vector[];
  readonly noise: Vector[];
  readonly losses: Vector[];
  readonly negative: Vector[];
  readonly pcgrad: Vector;
  readonly inverseNorm: Vector;
  readonly cagrad: Vector;
  readonly gradNorm: Vector[];
  readonly gradNormOfNegative: Vector[];
}

const file = new URL('../../test/multitask/gradients.ndjson', import.meta.url);
const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
const cases = lines.map((line) => JSON.parse(line) as Case);

describe.each(cases)('$name', (of) => {
  const { gradients } = of;
  const K = gradients.length;

  it('PCGrad, with the same orders', async () => {
    expect(miss(await combined(gradients, pcgrad, { order: of.noise.flat() }), of.pcgrad)).toBeLessThan(2e-5);
  });

  it('inverse norms', async () => {
    expect(miss(await combined(gradients, inverseNorm), of.inverseNorm)).toBeLessThan(1e-5);
  });

  it('CAGrad', async () => {
    expect(miss(await combined(gradients, (gram) => cagrad(gram, 0.5)), of.cagrad)).toBeLessThan(1e-3);
  });

  it.each(['losses', 'negative'] as const)('three steps of GradNorm with %s', async (sort) => {
    let memory: Vector = [...initGradNorm(K)];
    const wanted = sort === 'losses' ? of.gradNorm : of.gradNormOfNegative;
    for (const [step, losses] of of[sort].entries()) {
      const out = await coefficientsOf(
        gradients,
        (gram, input) => ({
          ...gradNorm(gram, input('losses', K), input('memory', gradNormMemory(K)), {
            restoringForce: 1.5,
            weightRate: 0.025,
          }),
        }),
        { losses, memory },
      );
      expect(miss(weighted(out.coefficients, gradients), wanted[step]), `step ${step}`).toBeLessThan(1e-4);
      memory = [...out.memory];
    }
    const weights = memory.slice(0, K);
    expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(K, 4);
  });
});
