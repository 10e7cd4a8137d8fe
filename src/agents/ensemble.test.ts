// Ensembles of critics: the minimum over a random subset, the delayed actor that improves their mean, the averaged policy.
import { describe, expect, it } from 'vitest';
import { box } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { program, toOnnx } from '../tensor/index.js';
import { type Agent, findAgent, vectorSpec } from './index.js';
import * as parts from './parts.js';
import { bestAction, type TestBatch, testBatch, testUpdater } from './testing.js';

const spec = vectorSpec({ observation: 2, goal: 1, action: box(1, -2, 2), rewardRange: [-4, 0] });
const rows = 16;

function createAgent(name: string, options: Record<string, unknown>): Agent {
  const { config, create } = findAgent(name);
  return create(spec, config.parse({ hidden: [16], ...options }), { normalize: true });
}

function noisy(seed: number) {
  const random = createRandom(seed);
  return (batch: TestBatch) => {
    for (const name of ['observation', 'next.observation', 'goal', 'action']) random.fillUniform(batch[name], -1, 1);
    random.fillUniform(batch.reward, -4, 0);
  };
}

/** State vectors and metrics after some updates. */
async function stateAfter(name: string, options: Record<string, unknown>, updates: number) {
  const updater = await testUpdater(createAgent(name, options), testBatch(spec, rows), noisy(3));
  await updater.update(updates);
  const vectors = Object.fromEntries(updater.names.map((vector) => [vector, [...updater.vector(vector)]]));
  const metrics = updater.takeMetrics();
  await updater.dispose();
  return { vectors, metrics };
}

describe('a draw of critics', () => {
  const critics = 4;
  const of = 2;
  const q = parts.critics(
    critics,
    { inputs: spec.inputs, action: 1 },
    { hidden: [8], goalForm: 'concat', encoder: [4] },
  );
  const values = () =>
    program('values', (g) => {
      const flat = g.input('flat', [q.layout.size]);
      const inputs = [
        { observation: g.input('s', [rows, 2]), goal: g.input('g', [rows, 1]) },
        g.input('a', [rows, 1]),
      ] as const;
      const draw = { of, noise: g.input('noise', [critics]) };
      const all = q.values(flat, ...inputs);
      return {
        drawn: parts.smallest(q.values(flat, ...inputs, draw)),
        ...Object.fromEntries(all.map((value, i) => [`q${i}`, value])),
      };
    });
  const random = createRandom(1);
  const uniform = (n: number) => {
    const array = new Float32Array(n);
    random.fillUniform(array, -1, 1);
    return array;
  };
  const inputs = { flat: uniform(q.layout.size), s: uniform(2 * rows), g: uniform(rows), a: uniform(rows) };

  it('is the minimum over the critics with the largest noise', async () => {
    const executable = await nodeRuntime.compile(values());
    const results = await executable.run({ ...inputs, noise: Float32Array.of(0.3, -1, 2, 0.1) });
    const [first, third] = [results.q0, results.q2] as Float32Array[];
    const expected = first.map((value, i) => Math.min(value, third[i]));
    expect([...(results.drawn as Float32Array)]).toEqual([...expected]);
    await executable.dispose();
  });

  it('takes every subset equally often', async () => {
    const executable = await nodeRuntime.compile(values());
    const noise = new Float32Array(critics);
    const counts = new Map<string, number>();
    const draws = 1200;
    for (let i = 0; i < draws; i++) {
      random.fillNormal(noise);
      const results = await executable.run({ ...inputs, noise });
      const drawn = results.drawn as Float32Array;
      const all = Array.from({ length: critics }, (_, c) => results[`q${c}`] as Float32Array);
      const pairs = [
        [0, 1],
        [0, 2],
        [0, 3],
        [1, 2],
        [1, 3],
        [2, 3],
      ];
      const pair = pairs.find(([a, b]) => drawn.every((value, row) => value === Math.min(all[a][row], all[b][row])));
      counts.set(String(pair), (counts.get(String(pair)) ?? 0) + 1);
    }
    // Chi-squared with 5 degrees of freedom stays below 20.5 with probability 0.999.
    const chi = [...counts.values()].reduce((sum, n) => sum + (n - draws / 6) ** 2 / (draws / 6), 0);
    expect(counts.size).toBe(6);
    expect(chi).toBeLessThan(20.5);
    await executable.dispose();
  });
});

describe.each(['sac', 'td3'])('%s', (name) => {
  it('with all critics drawn is the plain minimum, to the bit', async () => {
    expect(await stateAfter(name, { critics: 2, targetCritics: 2 }, 6)).toEqual(
      await stateAfter(name, { critics: 2 }, 6),
    );
  });

  it('draws anew for each update: others than with all critics, the same for the same seed', async () => {
    const options = { critics: 5, targetCritics: 2 };
    const drawn = await stateAfter(name, options, 6);
    expect(drawn).toEqual(await stateAfter(name, options, 6));
    expect(drawn.vectors.critics).not.toEqual((await stateAfter(name, { critics: 5 }, 6)).vectors.critics);
  });

  it('refuses to draw more critics than there are', () => {
    expect(() => createAgent(name, { critics: 2, targetCritics: 3 })).toThrow(/targetCritics=3 of agent.critics=2/);
  });
});

describe.each(['sac', 'td3'])('%s with layer normalisation', (name) => {
  it('has critics of the same parameters with values of their own, and the same actor', async () => {
    const [plain, normed] = [createAgent(name, {}), createAgent(name, { criticLayerNorm: true })];
    expect(normed.state.critics.layout).toEqual(plain.state.critics.layout);
    expect((await stateAfter(name, { criticLayerNorm: true }, 1)).metrics.q_mean).not.toBe(
      (await stateAfter(name, {}, 1)).metrics.q_mean,
    );
    const policy = (agent: Agent) => toOnnx(agent.act(1, { deterministic: true }));
    expect(policy(normed)).toEqual(policy(plain));
  });
});

describe.each(['sac', 'td3', 'tqc'])('%s with dropout', (name) => {
  it('leaves out other units in every update, the same for the same seed, and none at rate 0', async () => {
    const few = name === 'tqc' ? { quantiles: 3, dropped: 1 } : {};
    const options = { criticDropout: 0.2, criticLayerNorm: true, ...few };
    const dropped = await stateAfter(name, options, 4);
    expect(dropped).toEqual(await stateAfter(name, options, 4));
    const plain = await stateAfter(name, { ...options, criticDropout: 0 }, 4);
    expect(dropped.vectors.critics).not.toEqual(plain.vectors.critics);
    expect(createAgent(name, { ...options, criticDropout: 0 }).steps(rows).critics.noise).toEqual(
      createAgent(name, { ...few, criticLayerNorm: true }).steps(rows).critics.noise,
    );
  });
});

describe('sac', () => {
  it('updates actor and temperature every policyDelay updates, critics and their targets every time', async () => {
    const agent = createAgent('sac', { critics: 3, targetCritics: 2, actorValue: 'mean', policyDelay: 3 });
    const updater = await testUpdater(agent, testBatch(spec, rows), noisy(5));
    let before = Object.fromEntries(updater.names.map((vector) => [vector, updater.vector(vector).slice()]));
    for (let update = 1; update <= 6; update++) {
      await updater.update(1);
      for (const vector of ['critics', 'targetCritics', 'actor', 'logTemperature']) {
        const moves = vector.endsWith('ritics') || update % 3 === 0;
        expect(
          updater.vector(vector).every((value, i) => value === before[vector][i]),
          `${vector} ${update}`,
        ).toBe(!moves);
      }
      before = Object.fromEntries(updater.names.map((vector) => [vector, updater.vector(vector).slice()]));
    }
    await updater.dispose();
  });

  it('improves the mean of the critics or their minimum', async () => {
    const { metrics: mean } = await stateAfter('sac', { critics: 5, actorValue: 'mean' }, 1);
    const { metrics: least } = await stateAfter('sac', { critics: 5 }, 1);
    expect(mean.critic_loss).toBe(least.critic_loss);
    expect(mean.actor_loss).toBeLessThan(least.actor_loss);
  });

  it('plays by the running average of its policy where nothing is explored', async () => {
    const share = 0.25;
    const agent = createAgent('sac', { policyAverage: share, learningRate: 0.05 });
    const updater = await testUpdater(agent, testBatch(spec, rows), noisy(5));
    const expected = updater.vector('averageActor').slice();
    expect([...expected]).toEqual([...updater.vector('actor')]);
    for (let update = 0; update < 5; update++) {
      await updater.update(1);
      const actor = updater.vector('actor');
      for (let i = 0; i < expected.length; i++) expected[i] = (1 - share) * expected[i] + share * actor[i];
    }
    updater.vector('averageActor').forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5);
    });
    const ofAverage = await bestAction(agent, spec, updater, [0.5, -0.5], [0.2]);
    updater.setVector('averageActor', updater.vector('actor').slice());
    expect(await bestAction(agent, spec, updater, [0.5, -0.5], [0.2])).not.toEqual(ofAverage);
    await updater.dispose();
  });
});

it('random actions become rarer over their steps', () => {
  const { randomActionProbability } = createAgent('sac', {
    randomActionProbability: 0.5,
    randomActionEnd: 0.1,
    randomActionSteps: 1000,
  });
  expect([0, 500, 1000, 5000].map(randomActionProbability)).toEqual([0.5, 0.3, 0.1, 0.1].map((p) => expect.closeTo(p)));
  expect(createAgent('sac', { randomActionProbability: 0.3 }).randomActionProbability(1e6)).toBe(0.3);
});
