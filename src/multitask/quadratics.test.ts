// What gradient surgery does to tasks whose losses are quadratics, where the answers are known in closed form.
import { describe, expect, it } from 'vitest';
import { cagrad, gradNorm, gradNormMemory, initGradNorm, inverseNorm, pcgrad } from './index.js';
import { coefficientsOf, combined, cosine, dot, miss, norm, type Vector } from './testing.js';

const orders = (K: number): Record<string, Vector> => ({ order: Array.from({ length: K * K }, (_, i) => Math.sin(i)) });
const mean = (gradients: Vector[]): number[] =>
  gradients[0].map((_, n) => gradients.reduce((sum, g) => sum + g[n], 0) / gradients.length);

/** Gradient of |A (x - target)|^2 / 2 at x, A diagonal. */
const quadratic = (scale: Vector, target: Vector) => (x: Vector) =>
  x.map((value, i) => scale[i] ** 2 * (value - target[i]));

describe('PCGrad', () => {
  it('of two tasks in conflict is the mean of (1 - c |a| / |b|) terms in closed form', async () => {
    const [a, b] = [
      [1, 2, 0],
      [-2, 0.5, 1],
    ];
    const product = dot(a, b);
    expect(product).toBeLessThan(0);
    const wanted = a.map((_, i) => (a[i] - (product / dot(b, b)) * b[i] + b[i] - (product / dot(a, a)) * a[i]) / 2);
    expect(miss(await combined([a, b], pcgrad, orders(2)), wanted)).toBeLessThan(1e-6);
    // Neither task loses by it.
    const step = await combined([a, b], pcgrad, orders(2));
    expect(dot(step, a)).toBeGreaterThanOrEqual(0);
    expect(dot(step, b)).toBeGreaterThanOrEqual(0);
  });

  it('without conflict is the mean, whatever the lengths', async () => {
    const gradients = [
      [1, 0, 0.1],
      [0.5, 30, 0],
      [0, 2, 5],
    ];
    expect(miss(await combined(gradients, pcgrad, orders(3)), mean(gradients))).toBeLessThan(1e-6);
  });

  it('stays where two tasks pull exactly against each other, and a gradient of 0 takes nothing', async () => {
    const opposite = await combined(
      [
        [1, 2],
        [-2, -4],
      ],
      pcgrad,
      orders(2),
    );
    expect(norm(opposite)).toBeLessThan(1e-6);
    const idle = await combined(
      [
        [1, 2],
        [0, 0],
      ],
      pcgrad,
      orders(2),
    );
    expect(idle).toEqual([0.5, 1]);
  });

  it('projects onto the gradients as they were: the order matters, and both orders are plain arithmetic', async () => {
    const gradients = [
      [1, 0.2],
      [-1, 1],
      [-0.3, -1],
    ];
    const project = (own: Vector, other: Vector) =>
      own.map((value, n) => value - (Math.min(0, dot(own, other)) / dot(other, other)) * other[n]);
    for (const [first, second] of [
      [1, 2],
      [2, 1],
    ]) {
      // Task 0's others in this order; those of tasks 1 and 2 rising.
      const noise = [0, 0, 0, 2, 0, 1, 2, 1, 0];
      noise[first] = 2;
      noise[second] = 1;
      const own = [
        project(project(gradients[0], gradients[first]), gradients[second]),
        project(project(gradients[1], gradients[0]), gradients[2]),
        project(project(gradients[2], gradients[0]), gradients[1]),
      ];
      expect(miss(await combined(gradients, pcgrad, { order: noise }), mean(own))).toBeLessThan(1e-5);
    }
  });

  it('is the plain gradient of a single task', async () => {
    expect(await combined([[3, -1]], pcgrad)).toEqual([3, -1]);
  });
});

describe('inverse norms', () => {
  it('let tasks pull equally hard: with losses a hundred times apart the step halves the angle', async () => {
    const [a, b] = [quadratic([1, 1], [1, 0])([0, 0]), quadratic([10, 10], [0, 1])([0, 0])];
    expect(norm(b) / norm(a)).toBe(100);
    const step = await combined([a, b], inverseNorm);
    expect(cosine(step, a)).toBeCloseTo(Math.SQRT1_2, 5);
    expect(cosine(step, b)).toBeCloseTo(Math.SQRT1_2, 5);
  });
});

describe('CAGrad', () => {
  it('of two gradients of equal length is the mean, longer by 1 + c', async () => {
    const gradients = [
      [1, 0],
      [0, 1],
    ];
    expect(miss(await combined(gradients, (gram) => cagrad(gram, 0.4)), [0.7, 0.7])).toBeLessThan(1e-5);
  });

  it('with radius 0 is the mean', async () => {
    const gradients = [
      [1, 5],
      [-2, 1],
      [0.3, -1],
    ];
    expect(miss(await combined(gradients, (gram) => cagrad(gram, 0)), mean(gradients))).toBeLessThan(1e-5);
  });

  it('stays within c |g_0| of the mean and helps the worst-off task most', async () => {
    const gradients = [
      [4, 0, 0],
      [-1, 1, 0.5],
      [0.2, -1, 1],
    ];
    const g0 = mean(gradients);
    const step = await combined(gradients, (gram) => cagrad(gram, 0.5));
    const away = step.map((value, i) => value - g0[i]);
    expect(norm(away)).toBeCloseTo(0.5 * norm(g0), 4);
    const worst = (d: Vector) => Math.min(...gradients.map((g) => dot(g, d)));
    // No other point of that sphere is better: a fine grid of directions.
    let best = -Infinity;
    for (let i = 0; i <= 200; i++) {
      for (let j = 0; j < 400; j++) {
        const z = -1 + (2 * i) / 200;
        const angle = (2 * Math.PI * j) / 400;
        const r = Math.sqrt(1 - z * z);
        const u = [r * Math.cos(angle), r * Math.sin(angle), z];
        best = Math.max(best, worst(g0.map((value, n) => value + 0.5 * norm(g0) * u[n])));
      }
    }
    expect(worst(step)).toBeGreaterThan(best - 1e-4);
    expect(worst(step)).toBeGreaterThan(worst(g0));
  });

  it('of gradients that are all 0 is 0', async () => {
    const nothing = [
      [0, 0],
      [0, 0],
    ];
    expect(await combined(nothing, (gram) => cagrad(gram, 0.5))).toEqual([0, 0]);
  });
});

describe('GradNorm', () => {
  /** Weights after so many steps from fixed gradients, with losses that fall as told. */
  async function weightsAfter(steps: number, gradients: Vector[], losses: (step: number) => Vector, alpha: number) {
    const K = gradients.length;
    let memory: Vector = [...initGradNorm(K)];
    for (let step = 0; step < steps; step++) {
      const out = await coefficientsOf(
        gradients,
        (gram, input) => ({
          memory: gradNorm(gram, input('losses', K), input('memory', gradNormMemory(K)), {
            restoringForce: alpha,
            weightRate: 0.02,
          }).memory,
        }),
        { losses: losses(step), memory },
      );
      memory = [...out.memory];
    }
    return memory.slice(0, K);
  }

  it('with alpha 0 tends to weights by which all gradients are as long', async () => {
    const gradients = [
      [1, 0],
      [0, 3],
    ];
    const [a, b] = await weightsAfter(120, gradients, () => [1, 1], 0);
    // w_1 = 3 w_2 and w_1 + w_2 = 2.
    expect(a).toBeCloseTo(1.5, 1);
    expect(b).toBeCloseTo(0.5, 1);
  });

  it('gives more to the task that has fallen behind', async () => {
    const gradients = [
      [1, 0],
      [0, 1],
    ];
    // The second task keeps all of its loss, the first has a quarter: r = 0.4, 1.6; G_1 / G_2 tends to r_1 / r_2.
    const [a, b] = await weightsAfter(120, gradients, (step) => (step === 0 ? [4, 1] : [1, 1]), 1);
    expect(a).toBeCloseTo(0.4, 1);
    expect(b).toBeCloseTo(1.6, 1);
  });
});
