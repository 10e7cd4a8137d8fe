// The hand-written reference computes what the compiled SAC step computes.
import { expect, test } from 'vitest';
import { ADAM, sacReference } from './sac-reference.js';
import { openStep, sacAgent, sacInputs } from './step.js';

test.each([
  { observation: 10, goal: 3, action: 4, batch: 256, hidden: [64, 64] },
  { observation: 5, goal: 2, action: 1, batch: 16, hidden: [24, 8, 16] },
])('one update from the same state and batch, hidden $hidden', async (size) => {
  const agent = sacAgent(size);
  const inputs = sacInputs(agent, 3);
  const { bytes, metricNames } = sacReference(size);
  const compiled = await openStep(agent.updates.all.program, inputs.compiled, 1);
  const reference = await openStep(bytes, inputs.reference, 1);
  await Promise.all([compiled.run(), reference.run()]);

  expect(metricNames).toEqual(agent.updates.all.metricNames);
  for (const name of [...Object.keys(agent.state), 'metrics']) {
    const share = name.endsWith('.m') ? 1 - ADAM.beta1 : name.endsWith('.v') ? 1 - ADAM.beta2 : 1;
    const [got, wanted] = [compiled.read(name), reference.read(name)];
    expect(got.length).toBe(wanted.length);
    // Rounding, relative to the largest value of a vector: sums over the batch are taken in another order.
    const scale = wanted.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    const worst = wanted.reduce((most, v, i) => Math.max(most, Math.abs(got[i] * share - v)), 0);
    expect(worst / scale, name).toBeLessThan(1e-5);
    // It moved: equal because both stood still would prove nothing.
    if (name in inputs.reference) expect(wanted).not.toEqual(inputs.reference[name]);
  }
  await Promise.all([compiled.dispose(), reference.dispose()]);
});
