// Each agent's update against what its paper says: targets, delays, averaging, temperature, and a bandit with a known answer.
import { describe, expect, it } from 'vitest';
import { box } from '../envs/env.js';
import { createRandom } from '../random.js';
import { type Agent, type AgentSpec, findAgent, listAgents } from './index.js';
import { bestAction, type TestBatch, testBatch, testUpdater } from './testing.js';

const spec: AgentSpec = { observation: 2, goal: 1, action: box(1, -2, 2), rewardRange: [-4, 0] };
const batchSize = 64;

function createAgent(name: string, options: Record<string, unknown>, of: AgentSpec = spec): Agent {
  const { config, create } = findAgent(name);
  const few = name === 'tqc' && { critics: 2, quantiles: 4, dropped: 1 };
  return create(of, config.parse({ hidden: [32, 32], ...few, ...options }), { batchSize, normalize: true });
}

const updaterFor = (agent: Agent, fill: (batch: TestBatch) => void, seed?: number) =>
  testUpdater(agent, testBatch(spec, batchSize), fill, seed);

/** One-step episodes with reward -(a - g)^2: Q(s, g, a) is the reward, the best action is the goal. */
function bandit(seed: number) {
  const random = createRandom(seed);
  return (batch: TestBatch) => {
    random.fillUniform(batch.observation, -1, 1);
    random.fillUniform(batch.nextObservation, -1, 1);
    random.fillUniform(batch.goal, -1, 1);
    random.fillUniform(batch.action, -2, 2);
    for (let i = 0; i < batchSize; i++) batch.reward[i] = -((batch.action[i] - batch.goal[i]) ** 2);
    batch.terminated.fill(1);
  };
}

describe.each(['sac', 'td3', 'ddpg', 'tqc'])('%s', (name) => {
  it("learns the bandit whose best action is the goal, in the environment's own action bounds", async () => {
    const agent = createAgent(name, { learningRate: 3e-3 });
    const updater = await updaterFor(agent, bandit(2));
    await updater.update(1500);
    for (const goal of [-0.8, -0.2, 0.5, 0.9]) {
      const [action] = await bestAction(agent, spec, updater, [0.3, -0.4], [goal]);
      expect(Math.abs(action - goal)).toBeLessThan(0.2);
    }
    await updater.dispose();
  });

  it.each(['encoders', 'bilinear', 'bvn'])('learns it with inputs in the form "%s"', async (goalForm) => {
    const agent = createAgent(name, { learningRate: 3e-3, goalForm, encoder: [32, 16] });
    const updater = await updaterFor(agent, bandit(2));
    await updater.update(1500);
    for (const goal of [-0.8, -0.2, 0.5, 0.9]) {
      const [action] = await bestAction(agent, spec, updater, [0.3, -0.4], [goal]);
      expect(Math.abs(action - goal)).toBeLessThan(0.2);
    }
    await updater.dispose();
  });

  it('gives the same bytes for the same seed and others for another', async () => {
    const run = async (seed: number) => {
      const agent = createAgent(name, {});
      const updater = await updaterFor(agent, bandit(5), seed);
      await updater.update(10);
      const bytes = updater.names.map((vector) => [...updater.vector(vector)]);
      await updater.dispose();
      return bytes;
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(2)).not.toEqual(await run(1));
  });

  it('stops bootstrapping where the episode terminated, and only there', async () => {
    // With reward -1 everywhere: terminated gives Q = -1; never terminated gives -1 / (1 - gamma).
    for (const [terminated, value] of [
      [1, -1],
      [0, -2],
    ]) {
      const options = {
        discount: 0.5,
        tau: 0.05,
        learningRate: 3e-3,
        ...((name === 'sac' || name === 'tqc') && { entropyBackup: false }),
      };
      const agent = createAgent(name, options);
      const fill = bandit(3);
      const updater = await updaterFor(agent, (batch) => {
        fill(batch);
        batch.reward.fill(-1);
        batch.terminated.fill(terminated);
      });
      await updater.update(1000);
      updater.takeMetrics();
      await updater.update(50);
      expect(Math.abs(updater.takeMetrics().q_mean - value)).toBeLessThan(0.05);
      await updater.dispose();
    }
  });

  it('moves its target networks by tau towards the updated ones', async () => {
    const agent = createAgent(name, { tau: 0.25 });
    const updater = await updaterFor(agent, bandit(7));
    const critics = name === 'ddpg' ? ['critic', 'targetCritic'] : ['critics', 'targetCritics'];
    expect([...updater.vector(critics[1])]).toEqual([...updater.vector(critics[0])]);
    const before = updater.vector(critics[1]).slice();
    const steps = name === 'td3' ? 2 : 1;
    await updater.update(steps);
    const online = updater.vector(critics[0]);
    const target = updater.vector(critics[1]);
    for (let i = 0; i < target.length; i += 37) {
      expect(target[i]).toBeCloseTo(0.75 * before[i] + 0.25 * online[i], 6);
    }
    await updater.dispose();
  });

  it('keeps bounded targets within the possible returns', async () => {
    const discount = 0.9;
    const agent = createAgent(name, {
      discount,
      tau: 1,
      learningRate: 1e-2,
      ...((name === 'sac' || name === 'tqc') && { entropyBackup: false }),
    });
    const fill = bandit(11);
    // Rewards that lie: far below the declared range. Unbounded targets would follow them down.
    const updater = await updaterFor(agent, (batch) => {
      fill(batch);
      batch.reward.fill(-1000);
      batch.terminated.fill(0);
    });
    await updater.update(1500);
    updater.takeMetrics();
    await updater.update(20);
    expect(updater.takeMetrics().q_mean).toBeGreaterThan(-4 / (1 - discount) - 2);
    await updater.dispose();
  });

  it('reports divergence with the metric and the usual causes', async () => {
    const updater = await updaterFor(createAgent(name, {}), (batch) => {
      bandit(1)(batch);
      batch.observation[0] = Number.NaN;
    });
    await expect(updater.update(3)).rejects.toThrow(/diverged at update 1: critic_loss is NaN.*learningRate/);
    await updater.dispose();
  });
});

describe('td3', () => {
  it('lets the learning rate of actor and critics fall together, by updates', () => {
    const { scalars } = createAgent('td3', { learningRateDecay: 100 });
    for (const name of ['actor.rate', 'critics.rate']) {
      const at = (update: number) => {
        const out = new Float32Array(scalars[name].size);
        scalars[name].fill(update, out);
        return out[0];
      };
      expect(at(50), name).not.toBe(0);
      expect(at(101), name).toBe(0);
    }
  });

  it('updates actor and targets every second time only', async () => {
    const updater = await updaterFor(createAgent('td3', {}), bandit(1));
    const actor = updater.vector('actor').slice();
    const critics = updater.vector('critics').slice();
    await updater.update(1);
    expect([...updater.vector('actor')]).toEqual([...actor]);
    expect([...updater.vector('critics')]).not.toEqual([...critics]);
    await updater.update(1);
    expect([...updater.vector('actor')]).not.toEqual([...actor]);
    await updater.dispose();
  });
});

describe('sac', () => {
  it('raises the temperature while entropy is too low and lowers it while it is too high', async () => {
    for (const [targetEntropy, direction] of [
      [5, 1],
      [-20, -1],
    ]) {
      const updater = await updaterFor(createAgent('sac', { targetEntropy }), bandit(1));
      const before = updater.vector('logTemperature')[0];
      await updater.update(20);
      expect(Math.sign(updater.vector('logTemperature')[0] - before)).toBe(direction);
      await updater.dispose();
    }
  });

  it('keeps a fixed temperature', async () => {
    const updater = await updaterFor(createAgent('sac', { temperature: 0.2 }), bandit(1));
    await updater.update(5);
    expect(updater.vector('logTemperature')[0]).toBe(Math.fround(Math.log(0.2)));
    await updater.dispose();
  });
});

describe('registry', () => {
  it('names the nearest agent', () => {
    expect(() => findAgent('sak')).toThrow(/unknown agent "sak"; did you mean "sac"\?/);
    expect(listAgents().map(({ name }) => name)).toContain('td3');
  });

  it('refuses discrete and unbounded actions with the reason', () => {
    expect(() => createAgent('sac', {}, { ...spec, action: { kind: 'discrete', n: 3 } })).toThrow(/discrete/);
    expect(() => createAgent('td3', {}, { ...spec, action: box(1) })).toThrow(/finite bounds/);
  });
});
