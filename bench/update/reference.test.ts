// The hand-written references compute what the compiled steps compute.
import { expect, test } from 'vitest';
import { agentOf, referenceOf, type UpdateCase } from './cases.js';
import { ADAM } from './hand-nets.js';
import { openSteps } from './step.js';

const small = { observation: 5, goal: 2, action: 2, batch: 16, hidden: [24, 8, 16] };
const checked: readonly UpdateCase[] = [
  { name: 'SAC', agent: 'sac', observation: 10, goal: 3, action: 4, batch: 256, hidden: [64, 64] },
  { name: 'SAC, other sizes', agent: 'sac', ...small },
  { name: 'SAC with five critics', agent: 'sac', ...small, critics: 5 },
  { name: 'TD3', agent: 'td3', ...small },
  { name: 'DDPG', agent: 'ddpg', ...small },
  { name: 'DQN', agent: 'dqn', ...small },
];

test.each(checked)('one update from the same state and batch: $name', async (of) => {
  const agent = agentOf(of);
  const references = await openSteps(of, 'reference', 1);
  for (const [i, compiled] of (await openSteps(of, 'compiled', 1)).entries()) {
    const { update } = compiled;
    const reference = references[i];
    const before = new Map(Object.keys(agent.state).map((name) => [name, reference.read(name)?.slice()]));
    await Promise.all([compiled.run(), reference.run()]);
    expect([...compiled.outputs].sort()).toEqual([...reference.outputs].sort());
    expect(referenceOf(of, update).metricNames).toEqual(agent.updates[update].metricNames);
    for (const name of reference.outputs) {
      const share = name.endsWith('.m') ? 1 - ADAM.beta1 : name.endsWith('.v') ? 1 - ADAM.beta2 : 1;
      const [got, wanted] = [compiled.read(name), reference.read(name)];
      expect(got.length).toBe(wanted.length);
      // Rounding, relative to the largest value of a vector: sums over the batch are taken in another order.
      const scale = wanted.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      const worst = wanted.reduce((most, v, i) => Math.max(most, Math.abs(got[i] * share - v)), 0);
      expect(worst / scale, `${update}: ${name}`).toBeLessThan(1e-5);
      // It moved: equal because both stood still would prove nothing.
      expect(wanted, `${update}: ${name}`).not.toEqual(before.get(name));
    }
    await Promise.all([compiled.dispose(), reference.dispose()]);
  }
});
