// The numbers that the lab's programs compute: closed forms, the lecture's figures where they are right, the library's own.
import { expect, test } from 'vitest';
import { backUp } from '../../examples/lab/backups.js';
import { flip } from '../../examples/lab/coin-flip.js';
import { rank } from '../../examples/lab/comparison.js';
import { activate, change, layersOf, learn as learnTwoTasks } from '../../examples/lab/conditioning.js';
import { descend } from '../../examples/lab/descent.js';
import { combine } from '../../examples/lab/gradients.js';
import { calculate } from '../../examples/lab/hand-calculation.js';
import { relabel } from '../../examples/lab/hindsight.js';
import { heldOut, sentencesOf, things } from '../../examples/lab/instructions.js';
import { derive } from '../../examples/lab/positive-ratio.js';
import { explore } from '../../examples/lab/random-exploration.js';
import { weigh } from '../../examples/lab/remedies.js';
import { choose } from '../../examples/lab/same-state.js';
import { compare } from '../../examples/lab/specialists.js';
import { follow } from '../../examples/lab/wall.js';
import { loadPolicy } from '../../src/index.js';
import { settings as backups } from './pages/backups.js';
import { calculated, settings as hand } from './pages/hand-calculation.js';
import { settings as wall } from './pages/wall.js';
import { initialValues } from './settings.js';

test('random exploration: the lecture’s cube, and counted hits within four standard deviations', () => {
  const cube = explore({ goal: [0.5, 0.5, 0.5], eps: 0.02, trials: 100, seed: 0 });
  expect(10 ** cube.log10Probability).toBeCloseTo(3.351e-5, 8);
  expect(cube.expected).toBeCloseTo(0.00335, 5);
  const { hits, expected } = explore({ goal: [0, 0.5], eps: 0.2, trials: 20_000, seed: 1 });
  expect(expected).toBeCloseTo(20_000 * 0.5 * Math.PI * 0.04, 6); // half of the disc is outside
  expect(Math.abs(hits - expected)).toBeLessThan(4 * Math.sqrt(expected));
});

test('backups: sweep n knows the goal n steps away, many sweeps the exact values', () => {
  const first = initialValues(backups);
  const known = (sweeps: number) => backUp({ ...first, sweeps }).v.filter((value) => value > 0).length;
  expect([0, 1, 2, 3].map(known)).toEqual([0, 3, 5, 7]);
  const { v, exactV } = backUp({ ...first, sweeps: 80 });
  for (const [cell, value] of v.entries()) expect(value).toBeCloseTo(exactV[cell], 9);
  expect(Math.max(...backUp({ ...first, ends: false, discount: 0.98 }).exactV)).toBeCloseTo(50, 6);
});

test('the same state: the value of each goal is gamma to the power of the steps before the last one', () => {
  const map = '...../.....';
  const [far, near] = choose({ map, goals: [4, 1], state: 0, discount: 0.9 });
  expect(far.here.right).toBeCloseTo(0.9 ** 3, 9);
  expect(far.here.stay).toBeCloseTo(0.9 ** 4, 9);
  expect([near.here.right, near.here.down].map((q) => Number(q.toFixed(9)))).toEqual([1, 0.81]);
});

test('the wall: the dense reward ends in the pocket for small gamma only, the sparse one in 13 steps', () => {
  const first = initialValues(wall);
  for (const discount of [0.5, 0.8, 0.9]) {
    const { dense, sparse } = follow({ ...first, discount });
    expect([dense.arrives, sparse.arrives, sparse.path.length - 1], String(discount)).toEqual([false, true, 13]);
  }
  expect(follow({ ...first, discount: 0.98 }).dense.arrives).toBe(true);
});

test('hindsight on a straight path: the count is the formula, the sampler agrees', () => {
  const path = Array.from({ length: 51 }, (_, i) => [i * 0.02, 0]);
  for (const [strategy, share] of [
    ['future', 0.072],
    ['final', 0.016],
    ['episode', 0.016],
  ] as const) {
    const found = relabel({ path, goal: [1, 1], strategy, k: 4, eps: 0.015, seed: 0 });
    expect(found.counted).toBeCloseTo(found.formula, 12);
    expect(found.counted).toBeCloseTo(share, 4);
    expect(Math.abs(found.sampled - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 10_000));
  }
});

test('the positive ratio’s steps multiply', () => {
  const { relabelled, hitOfStep, meanHit, future, final, withOriginals } = derive({
    steps: 50,
    k: 4,
    step: 45,
    solved: 0.1,
  });
  expect([relabelled, hitOfStep, final]).toEqual([0.8, 0.2, 0.016]);
  expect(future).toBeCloseTo(relabelled * meanHit, 15);
  expect(withOriginals).toBeCloseTo(future + 0.1 / 5, 15);
});

test('the hand calculation: 0.1, 0.0098, 0.0009604', () => {
  const learned = calculate(calculated(initialValues(hand))).filter((update) => update.relabelled);
  expect(learned.map(({ after }) => Number(after.toPrecision(12)))).toEqual([0.1, 0.0098, 0.0009604]);
});

test('the coin flip: hindsight learns 0.9 for 0.5, the remedies 0.5', () => {
  const learned = flip({ chance: 0.5, k: 4, wanted: 0.5, seed: 0 });
  expect(learned.map(({ method, expected }) => [method, expected])).toContainEqual(['future', 0.9]);
  for (const { method, expected, simulated } of learned)
    expect(Math.abs(simulated - expected), method).toBeLessThan(0.1);
});

test('specialists: 23 instead of 100, from 3% or 2.02% on', () => {
  const first = { tasks: 100, shared: 0.8, overhead: 3 };
  expect(compare({ ...first, model: 'added' })).toMatchObject({ winsForSharedAbove: 0.03, winsForTasksAbove: 3.75 });
  expect(compare({ ...first, model: 'added' }).gain).toBeCloseTo(100 / 23, 12);
  expect(compare({ ...first, model: 'contained' }).winsForSharedAbove).toBeCloseTo(2 / 99, 12);
});

test('gradients: PCGrad by hand, CAGrad’s c = 0 is the sum, GradNorm ends at equal lengths', async () => {
  const dot = (a: readonly number[], b: readonly number[]) => a[0] * b[0] + a[1] * b[1];
  const [a, b] = [
    [0.9, 0.5],
    [-0.7, 0.35],
  ];
  const found = await combine({ gradients: [a, b], radius: 0, steps: 200, seed: 0 });
  const wanted = a.map((_, i) => a[i] - (dot(a, b) / dot(b, b)) * b[i] + b[i] - (dot(a, b) / dot(a, a)) * a[i]);
  for (const i of [0, 1]) {
    expect(found.pcgrad[i]).toBeCloseTo(wanted[i], 5);
    expect(found.cagrad[i]).toBeCloseTo(found.sum[i], 5);
    expect(found.sum[i]).toBeCloseTo(a[i] + b[i], 6);
  }
  // A sum of gradients of equal length halves the angle between them.
  const cosine = (g: readonly number[]) => dot(found.gradnorm, g) / Math.hypot(...g);
  expect(cosine(a)).toBeCloseTo(cosine(b), 1);
  const opposite = await combine({ gradients: [a, a.map((x) => -x)], radius: 0.5, steps: 0, seed: 0 });
  expect(Math.hypot(...opposite.pcgrad)).toBeLessThan(1e-6);
  // Two at once are each by itself, though arrays are used again.
  const [once, other] = [
    { gradients: [a, b], radius: 0, steps: 200, seed: 0 },
    { gradients: [b, b], radius: 0, steps: 50, seed: 1 },
  ];
  const [first, second] = await Promise.all([combine(once), combine(other)]);
  expect([first, second]).toEqual([found, await combine(other)]);
});

test('descents: the sum and CAGrad end at the minimum of the sum, PCGrad where the gradients oppose each other', async () => {
  const targets = [
    [-0.6, 0.7],
    [0.8, 0.2],
  ];
  const steepness = 3;
  const found = await descend({ start: [-0.8, -0.9], targets, steepness, rate: 0.1, steps: 300 });
  const minimum = [0, 1].map((i) => (targets[0][i] + steepness ** 2 * targets[1][i]) / (1 + steepness ** 2));
  for (const method of ['sum', 'cagrad']) {
    const end = found[method].path[300];
    for (const i of [0, 1]) expect(end[i], method).toBeCloseTo(minimum[i], 3);
  }
  const [x, y] = found.pcgrad.path[300];
  const [a, b] = targets.map(([tx, ty]) => [x - tx, y - ty]);
  expect((a[0] * b[0] + a[1] * b[1]) / Math.hypot(...a) / Math.hypot(...b)).toBeCloseTo(-1, 3);
  expect(Math.abs(x - minimum[0])).toBeGreaterThan(0.1);
  // The flatter task fell behind: it gets more weight than in the sum.
  expect(found.gradnorm.losses[0]).toBeLessThan(found.sum.losses[0]);
});

test.each(['shared', 'multi-head'] as const)(
  'conditioning, %s: the layers give the policy’s own actions',
  async (network) => {
    const source = await learnTwoTasks({ network, steps: 520, seed: 0 });
    const [layers, policy] = [await layersOf(source), await loadPolicy(source)];
    const [state, goal] = [
      [0.3, -0.8],
      [-0.4, 0.1],
    ];
    for (const task of [0, 1]) {
      const action = await policy.act({ observation: state, goal, task });
      const last = activate(layers, { state, goal, task }).at(-1) ?? [];
      for (const i of [0, 1]) expect(last[i]).toBeCloseTo(action[i], 5);
    }
    // Heads are chosen behind everything that tasks share.
    const moved = change(layers, state, goal).map((by) => by > 0);
    expect(moved).toEqual(network === 'shared' ? [true, true, true, true] : [false, false, false, true]);
  },
);

test('instructions: what is held out has one of each colour and of each shape, and no sentence of training', () => {
  for (const part of [0, 1]) expect(new Set(heldOut.map((one) => one[part])).size).toBe(4);
  expect([things.length, sentencesOf(false).length, sentencesOf(true).length]).toEqual([16, 128, 96]);
  expect(sentencesOf(true).filter((sentence) => heldOut.some(([c, s]) => sentence.endsWith(`${c} ${s}`)))).toEqual([]);
});

test('remedies and ways: means, and how often chance does as much', () => {
  expect(weigh({ without: [0, 0.2, 0.2], remedied: [0.8, 1, 1], better: 'more' })).toMatchObject({ chance: 1 / 20 });
  expect(weigh({ without: [3000, 7000, 3500], remedied: [1000, 1500, 1000], better: 'less' }).chance).toBe(1 / 20);
  const ways = rank({ runs: { slow: [4, 6], quick: [1, 2] }, better: 'less' });
  expect(ways.map(({ name, mean, chance }) => [name, mean, chance])).toEqual([
    ['quick', 1.5, 1],
    ['slow', 5, 1 / 6],
  ]);
});
