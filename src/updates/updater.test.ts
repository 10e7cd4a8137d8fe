// What an update does to its vectors, on gradients that are known.
import { expect, it } from 'vitest';
import type { Agent } from '../agents/agent.js';
import { vectorSpec } from '../agents/agent-spec.js';
import { box } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { concat, program } from '../tensor/index.js';
import { createUpdater } from './updater.js';

/** Two vectors whose gradients are the inputs `a` and `b`, and an average that follows the first. */
function agentOf(gradientClip: number): Agent {
  const step = program('given', (g) => {
    const [a, b] = ['a', 'b'].map((name) => g.input(name, [2]));
    const moved = g.input('first', [2]).mul(0).add(a);
    return { 'first.gradient': moved, 'second.gradient': b, metrics: concat([a.sum().reshape([1])], 0) };
  });
  const vector = (init: number) => ({ size: 2, layout: [], init: () => new Float32Array(2).fill(init) });
  const fill = (_: number, out: Float32Array) => out.set([0.5, 1]);
  const names = ['first', 'second'];
  return {
    spec: vectorSpec({ observation: 1, action: box(1, -1, 1), rewardRange: [-1, 0] }),
    state: {
      ...Object.fromEntries(
        names.flatMap((name) => ['', '.m', '.v'].map((part) => [`${name}${part}`, vector(part ? 0 : 1)])),
      ),
      average: { ...vector(0), copyOf: 'first' },
    },
    steps: () => ({
      all: {
        program: step,
        metricNames: ['sum'],
        noise: {},
        divisible: true,
        optimizerSteps: names.map((name) => ({ vector: name, fill })),
        gradientClip,
        averages: [{ vector: 'average', of: 'first', tau: 0.25 }],
      },
    }),
    updateNames: () => ['all'],
    policyVectors: [],
    actionNoise: 0,
    act: () => step,
    randomActionProbability: () => 0,
    learner: { kind: 'updates' },
  };
}

async function updated(gradientClip: number, a: number[], b: number[]) {
  const batch = { a: Float32Array.from(a), b: Float32Array.from(b) };
  const options = { rows: 1, runtime: nodeRuntime, threads: 1, random: createRandom(1), batch };
  const updater = await createUpdater({ agent: agentOf(gradientClip), ...options, nextBatch: () => undefined });
  await updater.update(1);
  const vectors = Object.fromEntries(updater.names.map((name) => [name, Array.from(updater.vector(name))]));
  expect(updater.takeMetrics()).toEqual({ sum: a[0] + a[1] });
  await updater.dispose();
  return vectors;
}

const near = (values: number[]) => values.map((value) => expect.closeTo(value, 6));

it('moves vectors by Adam, and then the average towards where they are', async () => {
  const { first, average, ...rest } = await updated(0, [3, 0], [-4, 0]);
  // p -= 0.5 M / (sqrt(V) + 1) with M = g, V = g^2
  expect(first).toEqual(near([1 - (0.5 * 3) / 4, 1]));
  expect(rest.second).toEqual(near([1 + (0.5 * 4) / 5, 1]));
  expect(average).toEqual(near([0.75 + 0.25 * (1 - 0.375), 1]));
  expect([rest['first.m'], rest['first.v']]).toEqual([near([3, 0]), near([9, 0])]);
});

it('scales gradients down together: their common length is what is bounded', async () => {
  const long = await updated(1, [3, 0], [0, -4]);
  expect([long['first.m'], long['second.m']]).toEqual([near([0.6, 0]), near([0, -0.8])]);
  const short = await updated(10, [3, 0], [0, -4]);
  expect([short['first.m'], short['second.m']]).toEqual([near([3, 0]), near([0, -4])]);
});

it('draws new noise for every update, and other noise for every row', async () => {
  const rows = 32;
  const noisy = program('noisy', (g) => ({
    'first.gradient': g
      .input('first', [2 * rows])
      .mul(0)
      .add(g.input('noise', [rows, 2]).reshape([2 * rows])),
    metrics: concat([g.input('draw', [1])], 0),
  }));
  const vector = { size: 2 * rows, layout: [], init: () => new Float32Array(2 * rows) };
  const agent: Agent = {
    ...agentOf(0),
    state: { first: vector, 'first.m': vector, 'first.v': vector },
    steps: () => ({
      all: {
        program: noisy,
        metricNames: ['draw'],
        noise: { noise: { shape: [rows, 2], per: 'row' }, draw: { shape: [1], per: 'update' } },
        divisible: true,
        optimizerSteps: [{ vector: 'first', fill: (_, out) => out.set([0.5, 1]) }],
        gradientClip: 0,
        averages: [],
      },
    }),
  };
  const options = { rows, runtime: nodeRuntime, threads: 1, random: createRandom(1), batch: {} };
  const updater = await createUpdater({ agent, ...options, nextBatch: () => undefined });
  const numbers: number[] = [];
  let moment = new Float32Array(2 * rows);
  for (let i = 0; i < 3; i++) {
    await updater.update(1);
    const now = updater.vector('first.m').slice();
    numbers.push(updater.takeMetrics().draw, ...now.map((m, j) => m - 0.9 * moment[j])); // M = 0.9 M + noise
    moment = now;
  }
  await updater.dispose();
  expect(new Set(numbers.map((x) => x.toFixed(5))).size).toBeGreaterThan(3 * (2 * rows + 1) - 3); // all but chance repeats
});
