// PPO's losses against their closed forms and finite differences.
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../runtime/node.js';
import { grad, program, type Tensor } from '../tensor/index.js';
import { clippedObjective, valueLoss } from './ppo.js';

/** Value and gradient of a function of x [n, 1] with further constant columns. */
async function differentiate(f: (x: Tensor, others: Tensor[]) => Tensor, x: number[], others: number[][]) {
  const rows = x.length;
  const compiled = await nodeRuntime.compile(
    program(
      'test',
      (g) => {
        const input = g.input('x', [rows, 1]);
        const value = f(
          input,
          others.map((_, i) => g.input(`y${i}`, [rows, 1])),
        );
        return { value, gradient: grad(value, [input])[0] };
      },
      { dtype: 'float64' },
    ),
  );
  const rest = Object.fromEntries(others.map((values, i) => [`y${i}`, Float64Array.from(values)]));
  const at = async (point: number[]) => {
    const { value, gradient } = await compiled.run({ x: Float64Array.from(point), ...rest });
    return { value: Number(value[0]), gradient: Array.from(gradient as Float64Array) };
  };
  const here = await at(x);
  const numeric: number[] = [];
  for (let i = 0; i < rows; i++) {
    const [up, down] = [1e-6, -1e-6].map((h) => x.map((value, j) => (j === i ? value + h : value)));
    numeric.push(((await at(up)).value - (await at(down)).value) / 2e-6);
  }
  await compiled.dispose();
  return { ...here, numeric };
}

describe('clipped objective', () => {
  // Ratios 0.5, 1, 1.5 with advantages of both signs: only moves that go on improving beyond the range are cut off.
  const ratios = [0.5, 0.5, 1.05, 1.05, 1.5, 1.5];
  const advantage = [2, -2, 3, -3, 4, -4];

  it('is the mean of the smaller one, and moves only what is inside or going back', async () => {
    const { value, gradient, numeric } = await differentiate(
      (x, [a]) => clippedObjective(x, a, 0.2),
      ratios.map(Math.log),
      [advantage],
    );
    const terms = [0.5 * 2, 0.8 * -2, 1.05 * 3, 1.05 * -3, 1.2 * 4, 1.5 * -4];
    expect(value).toBeCloseTo(terms.reduce((a, b) => a + b) / 6, 10);
    // d/d log r of r A is r A; nothing where the ratio has left the range in the direction that the advantage asks for.
    const expected = [1, 0, 3.15, -3.15, 0, -6].map((x) => x / 6);
    gradient.forEach((x, i) => {
      expect(x).toBeCloseTo(expected[i], 8);
      expect(x).toBeCloseTo(numeric[i], 5);
    });
  });

  it('begins as the policy gradient: at the old policy the gradient is A / n', async () => {
    const { gradient } = await differentiate((x, [a]) => clippedObjective(x, a, 0.2), [0, 0, 0], [[1, -2, 3]]);
    gradient.forEach((x, i) => {
      expect(x).toBeCloseTo([1, -2, 3][i] / 3, 10);
    });
  });
});

describe('value loss', () => {
  const [value, returns, old] = [
    [1, 1, 1],
    [2, 3, -1],
    [0.9, 0, 2],
  ];

  it('without a range is the mean squared error', async () => {
    const { value: loss, gradient } = await differentiate((v, [r, o]) => valueLoss(v, r, o, 0), value, [returns, old]);
    expect(loss).toBeCloseTo((1 + 4 + 4) / 3, 10);
    gradient.forEach((x, i) => {
      expect(x).toBeCloseTo((2 * (value[i] - returns[i])) / 3, 10);
    });
  });

  it('with a range stops where V has moved further than that towards the return', async () => {
    const {
      value: loss,
      gradient,
      numeric,
    } = await differentiate((v, [r, o]) => valueLoss(v, r, o, 0.5), value, [returns, old]);
    // Moved 0.1: as ever. Moved 1 towards 3, counted as 0.5: larger error, no gradient. Moved -1 towards -1: the same.
    expect(loss).toBeCloseTo((1 + 2.5 ** 2 + 2.5 ** 2) / 3, 10);
    [-2 / 3, 0, 0].forEach((x, i) => {
      expect(gradient[i]).toBeCloseTo(x, 10);
      expect(gradient[i]).toBeCloseTo(numeric[i], 5);
    });
  });
});
