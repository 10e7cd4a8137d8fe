// Gradients of tasks put together, against plain arithmetic: the mean, PCGrad's projections, parts that are not shared.
import { describe, expect, it } from 'vitest';
import type { Agent, Combination, OptimizerStep } from '../agents/agent.js';
import { vectorSpec } from '../agents/agent-spec.js';
import { type Combined, combination, updateStep } from '../agents/update-step.js';
import { box } from '../envs/space.js';
import { pcgrad } from '../multitask/index.js';
import { noiseInput } from '../nets/index.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { createUpdater } from './updater.js';

const N = 3000; // more than a chunk
const rows = 6;
const fixed: OptimizerStep = { vector: 'w', fill: (_, out) => out.set([0, 1]) };
const zeros = { size: N, layout: [], init: () => new Float32Array(N) };

/** An agent whose gradient is the mean of its rows of the batch's `pull` [rows, N]: w.m is it after the first update. */
function agentOf(tasks?: { readonly count: number; readonly combine?: Combination }, gradientClip = 0): Agent {
  const { count = 1, combine } = tasks ?? {};
  const step = updateStep(
    'pulls',
    (g) => {
      const pull = g.input('pull', [rows / count, N]).mean([0]);
      return { gradients: { w: pull.add(g.input('w', [N]).mul(0)) }, metrics: { first: pull.slice(0, 0, 1).sum() } };
    },
    {
      divisible: false,
      gradientClip,
      optimizerSteps: [fixed],
      ...(tasks && { tasks: { count, combine: combine ? { w: combine } : {} } }),
    },
  );
  return {
    spec: vectorSpec({ observation: 1, action: box(1, -1, 1), rewardRange: [-1, 0] }),
    state: { w: zeros, 'w.m': zeros, 'w.v': zeros },
    steps: () => ({ step }),
    updateNames: () => ['step'],
    policyVectors: [],
    actionNoise: 0,
    act: () => step.program,
    randomActionProbability: () => 0,
    learner: { kind: 'updates' },
  };
}

const random = createRandom(5);
const pull = new Float32Array(rows * N);
random.fillNormal(pull);

/** The gradient that w descends along, and the metric. */
async function descended(agent: Agent, given: Float32Array = pull) {
  const updater = await createUpdater({
    agent,
    rows,
    runtime: nodeRuntime,
    threads: 1,
    random: createRandom(1),
    batch: { pull: given },
    nextBatch: () => undefined,
  });
  await updater.update(1);
  const gradient = Float64Array.from(updater.vector('w.m'));
  const { first } = updater.takeMetrics();
  await updater.dispose();
  return { gradient, first };
}

/** The tasks' gradients: means of their rows. */
const gradientsOf = (count: number): Float64Array[] =>
  Array.from({ length: count }, (_, task) => {
    const each = rows / count;
    return Float64Array.from({ length: N }, (_, i) => {
      let sum = 0;
      for (let row = task * each; row < (task + 1) * each; row++) sum += pull[row * N + i];
      return sum / each;
    });
  });

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

function expectNear(got: Float64Array, wanted: Float64Array, tolerance = 1e-5): void {
  const scale = Math.max(...wanted.map(Math.abs));
  expect(Math.max(...wanted.map((value, i) => Math.abs(got[i] - value))) / scale).toBeLessThan(tolerance);
}

const mean = (K: number) =>
  combination('mean', K, ({ gram }) =>
    gram
      .sum([1])
      .mul(0)
      .add(1 / K),
  );

describe.each([2, 3, 6])('%i tasks', (K) => {
  it('by coefficients 1/K, or without any, are the ordinary step', async () => {
    const ordinary = await descended(agentOf());
    for (const tasks of [{ count: K, combine: mean(K) }, { count: K }]) {
      const { gradient, first } = await descended(agentOf(tasks));
      expectNear(gradient, ordinary.gradient, 1e-6);
      expect(first).toBeCloseTo(ordinary.first, 5);
    }
  });

  it('have the Gram matrix of their gradients', async () => {
    // The coefficients are one row of it, so that the gradient tells them.
    const gradients = gradientsOf(K);
    for (let row = 0; row < K; row++) {
      const combine = combination('row', K, ({ gram }) => gram.slice(0, row, row + 1).reshape([K]));
      const { gradient } = await descended(agentOf({ count: K, combine }));
      const weights = gradients.map((g) => dot(gradients[row], g));
      const wanted = Float64Array.from({ length: N }, (_, i) =>
        gradients.reduce((sum, g, k) => sum + weights[k] * g[i], 0),
      );
      expectNear(gradient, wanted);
    }
  });
});

describe('projections of conflicting gradients', () => {
  // Three tasks, of which every pair conflicts; the rows of a task are equal.
  const conflicting = (): Float32Array => {
    const base = [0, 1, 2].map(() => Float32Array.from({ length: N }, () => random.normal()));
    const all = new Float32Array(rows * N);
    for (let row = 0; row < rows; row++) {
      const task = Math.floor(row / 2);
      for (let i = 0; i < N; i++) {
        const mean = (base[0][i] + base[1][i] + base[2][i]) / 3;
        all[row * N + i] = (task + 1) * (base[task][i] - 1.2 * mean);
      }
    }
    return all;
  };

  it('are those of plain arithmetic on the gradients themselves', async () => {
    const given = conflicting();
    const gradients = [0, 1, 2].map((task) => Float64Array.from(given.subarray(2 * task * N, (2 * task + 1) * N)));
    expect(dot(gradients[0], gradients[1])).toBeLessThan(0);
    const wanted = new Float64Array(N);
    const normals = new Float32Array(9);
    createRandom(1).fillNormal(normals);
    for (const [i, gradient] of gradients.entries()) {
      const own = gradient.slice();
      const order = [0, 1, 2].filter((j) => j !== i).sort((a, b) => normals[3 * i + b] - normals[3 * i + a]);
      for (const other of order.map((j) => gradients[j])) {
        const conflict = Math.min(0, dot(own, other)) / dot(other, other);
        for (let n = 0; n < N; n++) own[n] -= conflict * other[n];
      }
      for (let n = 0; n < N; n++) wanted[n] += own[n] / 3;
    }
    const { gradient } = await descended(
      agentOf({ count: 3, combine: combination('pcgrad', 3, ({ gram }) => pcgrad(gram)) }),
      given,
    );
    expectNear(gradient, wanted);
  });

  it('leave alone what tasks do not share, and do not look at it', async () => {
    const shared: [number, number][] = [
      [10, 20],
      [2000, 2500],
    ];
    const row = ({ gram }: Combined) => gram.slice(0, 0, 1).reshape([2]);
    const { gradient } = await descended(agentOf({ count: 2, combine: combination('row', 2, row, { shared }) }));
    const gradients = gradientsOf(2);
    const isShared = (i: number) => shared.some(([from, to]) => from <= i && i < to);
    const inside = gradients.map((g) => g.map((value, i) => (isShared(i) ? value : 0)));
    const weights = inside.map((g) => dot(inside[0], g));
    expectNear(
      gradient,
      Float64Array.from({ length: N }, (_, i) =>
        isShared(i)
          ? weights[0] * gradients[0][i] + weights[1] * gradients[1][i]
          : (gradients[0][i] + gradients[1][i]) / 2,
      ),
    );
  });
});

it('clips the combined gradient, and draws noise for coefficients anew', async () => {
  const { gradient } = await descended(agentOf({ count: 2 }, 0.5));
  expect(Math.sqrt(dot(gradient, gradient))).toBeCloseTo(0.5, 5);
  const noise = combination('noise', 2, ({ gram }) =>
    gram
      .sum([1])
      .mul(0)
      .add(noiseInput(gram.graph, 'draw', [2], 'update')),
  );
  const drawn = (await descended(agentOf({ count: 2, combine: noise }))).gradient;
  const normals = new Float32Array(2);
  createRandom(1).fillNormal(normals);
  const [a, b] = gradientsOf(2);
  expectNear(
    drawn,
    a.map((value, i) => normals[0] * value + normals[1] * b[i]),
  );
});

it('gives coefficients the losses of the tasks, and what was remembered', async () => {
  // w.m = 0.9 w.m + gradient: the second update's gradient is known from it.
  const remembers = combination(
    'remembers',
    3,
    ({ losses, memory }) => ({ coefficients: losses.add(memory), memory: memory.add(losses).add(1) }),
    { loss: 'first', memory: { vector: 'memory', size: 3 } },
  );
  const agent = agentOf({ count: 3, combine: remembers });
  const state = { ...agent.state, memory: { size: 3, layout: [], init: () => Float32Array.of(0, 0, 5) } };
  const updater = await createUpdater({
    agent: { ...agent, state },
    rows,
    runtime: nodeRuntime,
    threads: 1,
    random: createRandom(1),
    batch: { pull },
    nextBatch: () => undefined,
  });
  const gradients = gradientsOf(3);
  const losses = gradients.map(([first]) => first);
  await updater.update(1);
  expectNear(
    Float64Array.from(updater.vector('memory')),
    Float64Array.from(losses, (loss, i) => loss + [1, 1, 6][i]),
  );
  const weighted = (c: number[]) =>
    gradients[0].map((_, n) => gradients.reduce((sum, gradient, k) => sum + c[k] * gradient[n], 0));
  const once = Float64Array.from(updater.vector('w.m'));
  expectNear(once, weighted(losses.map((loss, i) => loss + [0, 0, 5][i])));
  await updater.update(1);
  const twice = updater.vector('w.m');
  expectNear(
    once.map((value, n) => twice[n] - 0.9 * value),
    weighted(losses.map((loss, i) => 2 * loss + [1, 1, 6][i])),
  );
  await updater.dispose();
});

it('refuses batches that are not equal parts', async () => {
  await expect(descended(agentOf({ count: 4 }))).rejects.toThrow(/4 tasks .*batchSize is 6; make it a multiple of 4/);
});
