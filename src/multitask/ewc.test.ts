// EWC against closed forms: the Fisher information of linear Gaussian policies, and where two quadratic tasks settle.
import { expect, it } from 'vitest';
import { nodeRuntime } from '../runtime/node.js';
import { grad, program } from '../tensor/index.js';
import { ewcPenalty, fisherOf, fisherProgram, LEAST_FISHER } from './ewc.js';

/** mu = W x [2], log sigma = b [2]; parameters [W row by row (x has 2 numbers), b, one that nothing reads]. */
const linear = fisherProgram(7, (g, parameters) => {
  const [w, b] = parameters.split([4, 2, 1], 0);
  return { mean: g.input('x', [1, 2]).matmul(w.reshape([2, 2])), logStd: b.reshape([1, 2]) };
});
const parameters = Float32Array.of(0.3, -1, 2, 0.5, Math.log(0.5), Math.log(2), 9);
const states = [
  [1, 2],
  [-1, 2],
  [3, -4],
].map((x) => ({ x: Float32Array.from(x) }));

it('of a linear Gaussian policy is E[x x] / sigma^2 for the mean and 2 for log sigma', async () => {
  const fisher = await fisherOf(nodeRuntime, linear, parameters, states);
  const squares = [(1 + 1 + 9) / 3, (4 + 4 + 16) / 3];
  const wanted = [squares[0] / 0.25, squares[0] / 4, squares[1] / 0.25, squares[1] / 4, 2, 2, LEAST_FISHER];
  wanted.forEach((value, i) => {
    expect(fisher[i]).toBeCloseTo(value, 4);
  });
});

it('squares the gradients of every state, not their mean', async () => {
  // States 1 and -1 in the first number: their mean gradient is 0, their squares are not.
  const fisher = await fisherOf(nodeRuntime, linear, parameters, states.slice(0, 2));
  expect(fisher[0]).toBeCloseTo(1 / 0.25, 4);
});

it('agrees with the curvature of the divergence, which it is', async () => {
  // KL(pi_theta || pi_(theta + d)) = d F d / 2, by differences, along single parameters.
  const [x] = states;
  const fisher = await fisherOf(nodeRuntime, linear, parameters, [x]);
  const gaussian = (p: ArrayLike<number>) =>
    [0, 1].map((a) => ({ mean: x.x[0] * p[a] + x.x[1] * p[2 + a], std: Math.exp(p[4 + a]) }));
  const divergence = (p: ArrayLike<number>, q: ArrayLike<number>) =>
    gaussian(p).reduce((sum, from, a) => {
      const to = gaussian(q)[a];
      return sum + Math.log(to.std / from.std) + (from.std ** 2 + (from.mean - to.mean) ** 2) / (2 * to.std ** 2) - 0.5;
    }, 0);
  const here = Float64Array.from(parameters);
  for (let i = 0; i < 6; i++) {
    const step = 1e-3;
    const [up, down] = [step, -step].map((by) => here.map((value, j) => (j === i ? value + by : value)));
    expect((divergence(here, up) + divergence(here, down)) / step ** 2).toBeCloseTo(fisher[i], 2);
  }
});

it('holds nothing outside the shared parts', async () => {
  const fisher = await fisherOf(nodeRuntime, linear, parameters, states, [[0, 4]]);
  expect([...fisher.subarray(4)]).toEqual([0, 0, 0]);
  expect(fisher[0]).toBeGreaterThan(1);
});

it('a second quadratic task settles where both pulls are in balance', async () => {
  // sum (theta - b)^2 + lambda F (theta - a)^2 is least at (b + lambda F a) / (1 + lambda F).
  const [a, b, fisher, strength] = [[1, -2, 3], [0, 4, 0], [0, 0.5, 10], 2];
  const built = program('penalty', (g) => {
    const theta = g.input('theta', [3]);
    const loss = theta
      .sub(g.constant(b))
      .square()
      .sum()
      .add(ewcPenalty(theta, g.constant(a), g.constant(fisher), strength));
    return { gradient: grad(loss, [theta])[0] };
  });
  const executable = await nodeRuntime.compile(built);
  const theta = Float32Array.from(a);
  for (let step = 0; step < 400; step++) {
    const { gradient } = await executable.run({ theta });
    for (let i = 0; i < 3; i++) theta[i] -= 0.02 * Number(gradient[i]);
  }
  await executable.dispose();
  theta.forEach((value, i) => {
    const held = strength * fisher[i];
    expect(value).toBeCloseTo((b[i] + held * a[i]) / (1 + held), 4);
  });
});
