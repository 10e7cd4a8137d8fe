// Each agent's update against what its paper says: targets, delays, averaging, temperature, and a bandit with a known answer.
import { describe, expect, it } from 'vitest';
import { box } from '../envs/space.js';
import { findAgent, listAgents } from './index.js';
import { bandit, banditAgent, banditMiss, banditRows, banditSpec, banditUpdater } from './testing.js';

describe.each(['sac', 'td3', 'ddpg', 'tqc'])('%s', (name) => {
  it("learns the bandit whose best action is the goal, in the environment's own action bounds", async () => {
    const agent = banditAgent(name, { learningRate: 3e-3 });
    expect(await banditMiss(agent)).toBeLessThan(0.2);
  });

  // A network's form is the same for every agent that has it.
  it.each(name === 'sac' ? ['encoders', 'bilinear', 'bvn'] : ['bilinear'])(
    'learns it with inputs in the form "%s"',
    async (goalForm) => {
      const agent = banditAgent(name, { learningRate: 3e-3, goalForm, encoder: [32, 16] });
      expect(await banditMiss(agent)).toBeLessThan(0.2);
    },
  );

  it('gives the same bytes for the same seed and others for another', async () => {
    const run = async (seed: number) => {
      const agent = banditAgent(name, {});
      const updater = await banditUpdater(agent, bandit(5), seed);
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
      const agent = banditAgent(name, options);
      const fill = bandit(3);
      const updater = await banditUpdater(agent, (batch) => {
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

  it('asks for returns over several steps only if told to, and reads what they count', () => {
    const inputs = (options: Record<string, unknown>) => {
      const agent = banditAgent(name, options);
      const [step] = Object.values(agent.steps(4));
      return {
        batch: agent.batch,
        read: step.program.inputs.filter(({ unused }) => !unused).map((input) => input.name),
      };
    };
    expect(inputs({}).batch).toBeUndefined();
    expect(inputs({}).read).not.toContain('discount');
    expect(inputs({ nStep: 5, discount: 0.5 }).batch).toEqual({ nStep: { steps: 5, discount: 0.5 } });
    expect(inputs({ nStep: 5 }).read).toContain('discount');
  });

  it('moves its target networks by tau towards the updated ones', async () => {
    const agent = banditAgent(name, { tau: 0.25 });
    const updater = await banditUpdater(agent, bandit(7));
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
    const agent = banditAgent(name, {
      discount,
      tau: 1,
      learningRate: 1e-2,
      ...((name === 'sac' || name === 'tqc') && { entropyBackup: false }),
    });
    const fill = bandit(11);
    // Rewards that lie: far below the declared range. Unbounded targets would follow them down.
    const updater = await banditUpdater(agent, (batch) => {
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
    const updater = await banditUpdater(banditAgent(name, {}), (batch) => {
      bandit(1)(batch);
      batch.observation[0] = Number.NaN;
    });
    await expect(updater.update(3)).rejects.toThrow(/diverged at update 1: critic_loss is NaN.*learningRate/);
    await updater.dispose();
  });
});

describe('td3', () => {
  it('lets the learning rate of actor and critics fall together, by updates', () => {
    const updates = banditAgent('td3', { learningRateDecay: 100 }).steps(banditRows);
    for (const [name, { optimizerSteps }] of Object.entries(updates)) {
      const at = (update: number) => {
        const out = new Float32Array(2);
        optimizerSteps[0].fill(update, out);
        return out[0];
      };
      expect(at(50), name).not.toBe(0);
      expect(at(101), name).toBe(0);
    }
  });

  it('updates actor and targets every second time only', async () => {
    const updater = await banditUpdater(banditAgent('td3', {}), bandit(1));
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
      const updater = await banditUpdater(banditAgent('sac', { targetEntropy }), bandit(1));
      const before = updater.vector('logTemperature')[0];
      await updater.update(20);
      expect(Math.sign(updater.vector('logTemperature')[0] - before)).toBe(direction);
      await updater.dispose();
    }
  });

  it('keeps a fixed temperature', async () => {
    const updater = await banditUpdater(banditAgent('sac', { temperature: 0.2 }), bandit(1));
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
    expect(() => banditAgent('sac', {}, { ...banditSpec, action: { kind: 'discrete', n: 3 } })).toThrow(/discrete/);
    expect(() => banditAgent('td3', {}, { ...banditSpec, action: box(1) })).toThrow(/finite bounds/);
  });
});
