// The Meta-World tasks do what the Python environments do, within 1e-9, over recorded episodes.
import { describe, expect, test } from 'vitest';
import { metaworldTasks } from '../../src/envs/metaworld/tasks.js';
import { compare, haveAssets, readTraces, sawyerOf } from './traces.js';

const tolerance = 1e-9;
const recording = readTraces();
const titled = recording.traces.map((trace) => ({ title: `${trace.task}, ${trace.kind} actions`, trace }));
const here = await haveAssets();
if (!here) {
  console.log('Meta-World parity skipped: the models are not here (docs/environments/metaworld.md).');
}

test('they are of the right versions, and much happens in them', () => {
  expect(recording.versions).toMatchObject({ mujoco: '3.14.0', metaworld: '3.1.1' });
  for (const task of metaworldTasks) {
    const traces = recording.traces.filter((trace) => trace.task === task);
    expect(traces.map(({ kind, actions }) => `${kind} ${actions.length}`)).toEqual(['random 50', 'scripted 100']);
    expect(traces[0].successes).not.toContain(1);
    expect(traces[1].successes).toContain(0);
    expect(traces[1].successes).toContain(1);
    expect(Math.max(...traces.flatMap(({ actions }) => actions.flat()))).toBeGreaterThan(1);
  }
});

describe.skipIf(!here)('ours is the same episode', () => {
  test.each(titled)('$title', async ({ trace }) => {
    const sawyer = await sawyerOf(trace.task);
    try {
      const { start, observations, rewards, wrongSuccesses } = compare(sawyer, trace, recording.every);
      expect(start).toBeLessThan(tolerance);
      expect(observations.length).toBe(trace.actions.length / recording.every);
      for (const { step, difference } of observations) expect(difference, `step ${step}`).toBeLessThan(tolerance);
      for (const [i, difference] of rewards.entries()) expect(difference, `step ${i + 1}`).toBeLessThan(tolerance);
      expect(wrongSuccesses).toBe(0);
    } finally {
      sawyer.physics.dispose();
    }
  });
});
