// Actor and critics at once: every gradient is taken at the parameters before the update, in one thread or two.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import type { Agent } from './index.js';
import {
  bandit,
  banditAgent,
  banditMiss,
  banditRows,
  banditSpec,
  banditUpdater,
  testBatch,
  testUpdater,
} from './testing.js';

type Vectors = Record<string, Float32Array>;

/** Next values of the vectors, and metrics, of one update of the agent from these inputs. */
async function updated(agent: Agent, update: number, inputs: Vectors): Promise<Vectors> {
  const results: Vectors = {};
  for (const name of agent.updateNames(update)) {
    const executable = await nodeRuntime.compile(agent.updates[name].program);
    const given = Object.fromEntries(executable.inputs.map((input) => [input.name, inputs[input.name]]));
    const { metrics, ...vectors } = (await executable.run(given)) as Vectors;
    Object.assign(results, vectors);
    for (const [i, metric] of agent.updates[name].metricNames.entries()) results[metric] = metrics.slice(i, i + 1);
    await executable.dispose();
  }
  return results;
}

/** A state of the agent after some updates, a batch, noise, and the scalars that both agents need. */
async function inputsOf(agent: Agent, other: Agent): Promise<Vectors> {
  const batch = testBatch(banditSpec, banditRows);
  const updater = await testUpdater(agent, batch, bandit(2));
  await updater.update(5);
  const random = createRandom(3);
  const inputs: Vectors = { ...batch };
  for (const name of updater.names) inputs[name] = updater.vector(name).slice();
  for (const [name, size] of Object.entries(agent.noise)) {
    inputs[name] = new Float32Array(size);
    random.fillNormal(inputs[name]);
  }
  for (const [name, { size, fill }] of Object.entries({ ...agent.scalars, ...other.scalars })) {
    inputs[name] = new Float32Array(size);
    fill(6, inputs[name]);
  }
  await updater.dispose();
  return inputs;
}

describe.each(['sac', 'tqc', 'td3'])('%s', (name) => {
  it('is the critics step of the other order, and its actor step where the critics stand still', async () => {
    const [inOrder, atOnce] = [false, true].map((simultaneous) => banditAgent(name, { simultaneous }));
    const inputs = await inputsOf(inOrder, atOnce);
    const got = await updated(atOnce, 6, inputs);
    const usual = await updated(inOrder, 6, inputs);
    // A learning rate of zero leaves the critics as they were when the actor's turn comes.
    const still = await updated(inOrder, 6, { ...inputs, 'critics.rate': Float32Array.of(0, 1) });
    expect(still.critics).toEqual(inputs.critics);
    expect(Object.keys(got).sort()).toEqual(Object.keys(usual).sort());
    const ofCritics = ['critics', 'critics.m', 'critics.v', 'targetCritics', 'critic_loss', 'q_mean'];
    for (const key of Object.keys(got)) {
      const wanted = ofCritics.includes(key) ? usual[key] : still[key];
      const scale = wanted.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      const worst = wanted.reduce((most, v, i) => Math.max(most, Math.abs(got[key][i] - v)), 0);
      expect(worst / scale, key).toBeLessThan(1e-6);
    }
    // The order matters here: otherwise the comparison would prove nothing.
    expect(got.actor).not.toEqual(usual.actor);
  });

  it('learns the bandit whose best action is the goal', async () => {
    const agent = banditAgent(name, { learningRate: 3e-3, simultaneous: true });
    expect(await banditMiss(agent)).toBeLessThan(0.2);
  });

  it('delays the actor: the critics learn in every update', async () => {
    const agent = banditAgent(name, { simultaneous: true, policyDelay: 3 });
    const updater = await banditUpdater(agent, bandit(2));
    const read = () => ['actor', 'critics'].map((vector) => updater.vector(vector).slice());
    for (let update = 1; update <= 6; update++) {
      const [actor, critics] = read();
      await updater.update(1);
      const [nextActor, nextCritics] = read();
      expect(nextCritics).not.toEqual(critics);
      if (update % 3 === 0) expect(nextActor).not.toEqual(actor);
      else expect(nextActor).toEqual(actor);
    }
    await updater.dispose();
  });
});
