// The Fetch tasks do what the Python environments do, within 1e-9: against recorded episodes, and against live ones.
import { describe, expect, test } from 'vitest';
import { writeObservation } from '../../src/envs/fetch/observation.js';
import { fetchOptions, fetchRules } from '../../src/envs/fetch/rules.js';
import { fetchTasks } from '../../src/envs/fetch/tasks.js';
import type { Mujoco } from '../../src/physics/index.js';
import { nativeEngine } from '../../src/physics/testing.js';
import { difference } from '../recordings.js';
import { compare, findFetchPython, firstTouch, haveAssets, readTraces, record, robotOf, type Trace } from './traces.js';

const tolerance = 1e-9;
const recording = readTraces();
const titled = recording.traces.map((trace) => ({ title: `${trace.task}, ${trace.kind} actions`, trace }));
const assets = await haveAssets();
const native = await nativeEngine('Fetch parity');
const python = findFetchPython();
if (!assets)
  console.log('Fetch parity with recorded episodes skipped: the models are not here (docs/environments/fetch.md).');
if (!python.python) console.log(`Live Fetch parity skipped: ${python.problem}.`);

/**
 * What may differ after a step. Robot and puck meet in MuJoCo's general convex collision, which answers a change in the
 * last place with one of a millionth or more: from then on no build agrees with another, nor with itself shifted by 2e-16 m.
 */
function allowed({ task, sensitivity }: Trace, step: number, touch: number): number {
  return task === 'slide' && step >= touch ? Math.max(tolerance, 10 * sensitivity[step - 1]) : tolerance;
}

async function expectParity(trace: Trace, every: number, mujoco?: Mujoco): Promise<void> {
  const robot = await robotOf(trace.task, mujoco);
  try {
    const { start, observations, rewards } = compare(robot, trace, every);
    const touch = firstTouch(trace);
    expect(start).toBeLessThan(tolerance);
    expect(observations.length).toBe(Math.floor(50 / every));
    for (const { step, difference: d } of observations) {
      expect(d, `${trace.task} seed ${trace.seed}, step ${step}`).toBeLessThan(allowed(trace, step, touch));
    }
    const certain = trace.task === 'slide' ? touch - 1 : 50;
    for (const d of rewards.slice(0, certain)) expect(d).toBeLessThan(tolerance);
  } finally {
    robot.physics.dispose();
  }
}

describe('recorded episodes', () => {
  test('they are of the right versions, and much happens in them', () => {
    expect(recording.versions).toMatchObject({ mujoco: '3.14.0', 'gymnasium-robotics': '1.4.2' });
    for (const task of fetchTasks) {
      const traces = recording.traces.filter((trace) => trace.task === task);
      expect(traces.map(({ kind }) => kind)).toEqual(['purposeful', 'random']);
      const successes = traces[0].successes.reduce((sum, value) => sum + value, 0);
      expect(successes).toBeGreaterThan(0);
      expect(successes).toBeLessThan(50);
      if (task !== 'reach') expect(traces[0].touching).toContain(1);
    }
  });

  // These two need nothing but the recording.
  test.each(titled)('$title: the observation is made of the same quantities', ({ trace }) => {
    const observation = new Float64Array(trace.last.length);
    writeObservation(trace.quantities, observation);
    expect(difference(observation, trace.last)).toBeLessThan(1e-14);
  });

  test.each(titled)('$title: rewards and success', ({ trace }) => {
    const achieved = trace.observations.map((o) => (trace.task === 'reach' ? o.slice(0, 3) : o.slice(3, 6)));
    const n = achieved.length;
    const desired = Float32Array.from(achieved.flatMap(() => trace.goal));
    const at = <T>(values: readonly T[]) => achieved.map((_, i) => values[(i + 1) * recording.every - 1]);
    const reward = new Float32Array(n);
    const success = new Uint8Array(n);
    const none = new Float32Array(0);
    const sparse = fetchRules(trace.task, fetchOptions.parse({}));
    sparse.computeReward(Float32Array.from(achieved.flat()), desired, none, reward);
    sparse.computeSuccess(Float32Array.from(achieved.flat()), desired, none, success);
    expect([...reward]).toEqual(at(trace.rewards).map((r) => r + 0)); // theirs is -0 at the goal
    expect([...success]).toEqual(at(trace.successes));
    const dense = fetchRules(trace.task, fetchOptions.parse({ reward: 'dense' }));
    dense.computeReward(Float32Array.from(achieved.flat()), desired, none, reward);
    expect(difference(reward, at(trace.dense))).toBeLessThan(1e-6); // goals are stored in float32
  });

  test.skipIf(!assets).each(titled)('$title: ours is the same episode', ({ trace }) =>
    expectParity(trace, recording.every),
  );

  test.skipIf(!assets || !native).each(titled)('$title: with native physics too', ({ trace }) =>
    expectParity(trace, recording.every, native),
  );
});

describe.skipIf(!assets || !python.python)('live episodes', () => {
  const live =
    python.python && assets ? record(python.python, ['--every', '1', '--seeds', '3', '--states']) : undefined;
  const cases = (live?.traces ?? []).map((trace) => ({
    title: `${trace.task}, ${trace.kind}, seed ${trace.seed}`,
    trace,
  }));

  test.skipIf(cases.length === 0).each(cases)('$title: every step of it', ({ trace }) => expectParity(trace, 1));

  test.skipIf(cases.length === 0).each(cases)('$title: each step from their state', async ({ trace }) => {
    const robot = await robotOf(trace.task);
    try {
      robot.reset(trace.place);
      const apart = trace.actions.map((action, i) => {
        robot.physics.restore(new Uint8Array(Float64Array.from(trace.states[i]).buffer));
        robot.step(action);
        return difference(robot.observation, trace.observations[i]);
      });
      const far = apart.filter((d) => !(d < tolerance));
      // A step in which robot and puck meet may differ (see `allowed`), no other.
      expect(far.length).toBeLessThanOrEqual(trace.task === 'slide' ? 2 : 0);
    } finally {
      robot.physics.dispose();
    }
  });
});
