// The hand-written references compute what the compiled steps compute.
import { expect, test } from 'vitest';
import type { UpdateCase } from './cases.js';
import { openCompiled, openReferences } from './step.js';

const small = { observation: 5, goal: 2, action: 2, batch: 16, hidden: [24, 8, 16] };
const checked: readonly (UpdateCase & { label: string })[] = [
  { label: 'SAC', name: 'sac', agent: 'sac', observation: 10, goal: 3, action: 4, batch: 256, hidden: [64, 64] },
  { label: 'SAC with large layers', name: 'sac', agent: 'sac', ...small, hidden: [96, 96] },
  { label: 'SAC, other sizes', name: 'sac', agent: 'sac', ...small },
  { label: 'SAC with five critics', name: 'sac', agent: 'sac', ...small, critics: 5 },
  { label: 'TD3', name: 'td3', agent: 'td3', ...small },
  { label: 'DDPG', name: 'ddpg', agent: 'ddpg', ...small },
  { label: 'DQN', name: 'dqn', agent: 'dqn', ...small },
];

/** Rounding, relative to the largest value of a vector: sums over the batch are taken in another order. */
function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, what: string): void {
  expect(got.length).toBe(wanted.length);
  const scale = Math.max(...Array.from(wanted, Math.abs));
  const worst = Math.max(...Array.from(wanted, (v, i) => Math.abs(got[i] - v)));
  expect(worst / scale, what).toBeLessThan(1e-5);
}

test.each(checked)('one update from the same state and batch: $label', async (of) => {
  for (const [turn, reference] of (await openReferences(of, 1)).entries()) {
    const { updater } = await openCompiled(of, 1);
    const initial = Object.fromEntries(updater.names.map((name) => [name, updater.vector(name).slice()]));
    // The update before this one is another turn: its place is taken, what it does is undone.
    await updater.update(turn);
    for (const [name, values] of Object.entries(initial)) updater.setVector(name, values);
    updater.takeMetrics();
    await Promise.all([updater.update(1), reference.run()]);
    const changed = updater.names.filter((name) => updater.vector(name).some((v, i) => v !== initial[name][i]));
    expect(changed.sort()).toEqual([...reference.vectors].sort());
    for (const name of changed) expectClose(updater.vector(name), reference.read(name), `turn ${turn}: ${name}`);
    const metrics = updater.takeMetrics();
    expect(Object.keys(metrics)).toEqual(reference.metricNames);
    expectClose(Object.values(metrics), reference.read('metrics'), `turn ${turn}: metrics`);
    await Promise.all([updater.dispose(), reference.dispose()]);
  }
});
