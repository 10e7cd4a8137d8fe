// Gymnasium's MuJoCo tasks do what the Python environments do, within 1e-9, over recorded episodes.
import { describe, expect, test } from 'vitest';
import { loadGymnasiumAssets } from '../../src/envs/gymnasium/assets.js';
import { gymnasiumRules } from '../../src/envs/gymnasium/rules.js';
import { createGymnasium } from '../../src/envs/gymnasium/simulation.js';
import { type GymnasiumTask, gymnasiumTasks, taskSetups } from '../../src/envs/gymnasium/tasks.js';
import { areHere } from '../../src/envs/testing.js';
import { loadMujoco } from '../../src/physics/engine.js';
import { difference, readRecording } from '../recordings.js';

/** One episode; see record.py. */
interface Trace {
  readonly task: GymnasiumTask;
  readonly qpos: readonly number[];
  readonly qvel: readonly number[];
  readonly start: readonly number[];
  readonly actions: readonly (readonly number[])[];
  readonly observations: readonly (readonly number[])[];
  readonly rewards: readonly number[];
  readonly ends: readonly number[];
}

const recording = readRecording<Trace>(new URL('./traces.ndjson', import.meta.url));
const here = await areHere(loadGymnasiumAssets);
if (!here) {
  console.log('Gymnasium parity skipped: the models are not here (docs/environments/gymnasium.md).');
}

/** Ant's contacts amplify the engine's last digits, as the cheetah's do, whose episode is the shorter; the others stay far below. */
const tolerances: Readonly<Partial<Record<GymnasiumTask, number>>> = { ant: 1e-6 };

test('they are of the right versions, of every task, and episodes end in them', () => {
  expect(recording.versions).toMatchObject({ mujoco: '3.14.0', gymnasium: '1.4.0' });
  expect(recording.traces.map(({ task }) => task)).toEqual(gymnasiumTasks);
  for (const { task, actions, ends, start } of recording.traces) {
    const { spec } = gymnasiumRules(task, {});
    expect(start.length).toBe(spec.observation.size);
    expect(actions.flat().some((number) => Math.abs(number) > taskSetups[task].actionBound)).toBe(true);
    expect([ends[0], ends.includes(1)]).toEqual([0, taskSetups[task].ends !== undefined]);
  }
});

describe.skipIf(!here)('ours is the same episode', () => {
  test.each(recording.traces)('$task', async (trace) => {
    const tolerance = tolerances[trace.task] ?? 1e-9;
    const env = createGymnasium(await loadMujoco(), trace.task, {}, await loadGymnasiumAssets());
    const { core } = env;
    core.begin(trace.qpos, trace.qvel);
    expect(difference(core.observation, trace.start)).toBeLessThan(1e-12);
    trace.actions.forEach((action, i) => {
      expect(Math.abs(core.step(action) - trace.rewards[i]), `reward of step ${i + 1}`).toBeLessThan(tolerance);
      expect(Number(core.ends()), `end after step ${i + 1}`).toBe(trace.ends[i]);
      if ((i + 1) % recording.every > 0) return;
      const theirs = trace.observations[(i + 1) / recording.every - 1];
      expect(difference(core.observation, theirs), `step ${i + 1}`).toBeLessThan(tolerance);
    });
    env.dispose?.();
  });
});
