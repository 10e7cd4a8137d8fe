// The point mazes do what OGBench's do, to the bit: walls, corners, teleports, successes and ends of recorded episodes.
import { afterAll, describe, expect, test } from 'vitest';
import { createGoalEnv } from '../../src/envs/goal-env.js';
import { mazeOf, type OgbenchMaze, ogbenchMazes } from '../../src/envs/ogbench/mazes.js';
import { pointmazeOptions } from '../../src/envs/ogbench/rules.js';
import { createPointmaze } from '../../src/envs/ogbench/simulation.js';
import { createTimeStep } from '../../src/envs/time-step.js';
import { loadMujoco } from '../../src/physics/engine.js';
import { createRandom, type Random } from '../../src/random.js';
import { findPython, type Recording, readRecording, recordWith } from '../recordings.js';

interface Layout {
  readonly maze: OgbenchMaze;
  readonly kind: 'layout';
  readonly map: readonly string[];
  readonly tasks: readonly { readonly start: readonly number[]; readonly goal: readonly number[] }[];
}
interface Episode {
  readonly maze: OgbenchMaze;
  readonly kind: 'walls' | 'task';
  readonly task: number;
  readonly start: readonly number[];
  readonly goal: readonly number[];
  readonly actions: readonly (readonly number[])[];
  /** After each step, in float64. */
  readonly places: readonly (readonly number[])[];
  readonly successes: readonly number[];
  readonly terminated: boolean;
}

const recording: Recording<Layout | Episode> = readRecording(new URL('traces.ndjson', import.meta.url));
const versions = { ogbench: '1.2.2', mujoco: '3.14.0' };
const live = findPython(versions);
if (!live.python) console.log(`Live OGBench parity skipped: ${live.problem}.`);

const mujoco = await loadMujoco();
const options = pointmazeOptions.parse({});
const simulations = Object.fromEntries(ogbenchMazes.map((maze) => [maze, createPointmaze(mujoco, maze, options)]));
afterAll(() => {
  for (const simulation of Object.values(simulations)) simulation.dispose?.();
});

const stateOf = (bytes: Uint8Array) => new Float64Array(bytes.slice().buffer);

/** Plays the actions from the recorded start; teleports lead where they led there. Expects the same at every step. */
function expectSame({ maze, start, goal, actions, places, successes, terminated }: Episode): number {
  const simulation = simulations[maze];
  const { width, exits } = mazeOf(maze);
  const { now } = createTimeStep(simulation.spec);
  const inside = { ...now, reward: new Float32Array(1) };
  now.goal.set(goal);
  simulation.restoreState(new Uint8Array(Float64Array.of(...start, 0, 0).buffer));
  const success = new Uint8Array(1);
  let pushed = 0;
  let before = start;
  for (const [t, action] of actions.entries()) {
    const place = places[t];
    const exit = exits.findIndex(
      (cell) => place.join() === [4 * (cell % width) - 4, 4 * Math.floor(cell / width) - 4].join(),
    );
    const random: Random = { ...createRandom(0), below: () => exit };
    simulation.step(Float32Array.from(action), inside, random);
    expect([...stateOf(simulation.saveState()).subarray(0, 2)], `${maze}, step ${t + 1}`).toEqual(place);
    if (exit < 0) {
      simulation.computeSuccess(now.achieved, now.goal, now.info, success);
      expect(success[0], `${maze}, step ${t + 1}`).toBe(successes[t]);
    }
    const free = action.map((value, i) => before[i] + Math.fround(Math.fround(0.2) * Math.fround(value)));
    if (free.join() !== place.join()) pushed++;
    before = place;
  }
  expect(terminated).toBe(successes.at(-1) === 1 && successes.length < 300);
  return pushed;
}

describe('recorded episodes', () => {
  const layouts = recording.traces.filter((trace) => trace.kind === 'layout');
  const episodes = recording.traces.filter((trace) => trace.kind !== 'layout');

  test('they are of the right versions, and much happens in them', () => {
    expect(recording.versions).toMatchObject(versions);
    expect(layouts.map(({ maze }) => maze)).toEqual(ogbenchMazes);
    expect(episodes.length).toBe(24);
    expect(episodes.filter(({ terminated }) => terminated).length).toBe(2);
    const jumps = episodes.flatMap(({ places }) =>
      places.filter((place, t) => t > 0 && Math.abs(place[0] - places[t - 1][0]) > 1),
    );
    expect(jumps.length).toBeGreaterThan(2);
  });

  test.each(layouts)('$maze: walls and tasks', ({ maze, map, tasks }) => {
    const { width, height, walls, tasks: ours } = mazeOf(maze);
    expect([width, height, [...walls].join('')]).toEqual([map[0].length, map.length, map.join('')]);
    const cells = (number: number) => [Math.floor(number / width), number % width];
    expect(ours.map(({ start, goal }) => ({ start: cells(start), goal: cells(goal) }))).toEqual(tasks);
  });

  test.each(episodes.map((episode) => ({ title: `${episode.maze}, ${episode.kind} ${episode.task}`, episode })))(
    '$title: equal at every step',
    ({ episode }) => {
      const pushed = expectSame(episode);
      if (episode.kind === 'walls') expect(pushed).toBeGreaterThan(30);
    },
  );

  test.each(layouts)(
    '$maze: evaluation tasks begin and end within a metre of the middles of their cells',
    ({ maze, tasks }) => {
      const env = createGoalEnv(simulations[maze]);
      const middle = ([row, column]: readonly number[]) => [4 * column - 4, 4 * row - 4];
      for (const [number, task] of tasks.entries()) {
        const offsets: number[] = [];
        for (let seed = 0; seed < 40; seed++) {
          const now = env.reset({ seed, evaluationTask: `task-${number + 1}` });
          offsets.push(...middle(task.start).map((value, i) => now.observation[i] - value));
          offsets.push(...middle(task.goal).map((value, i) => now.goal[i] - value));
        }
        expect(Math.max(...offsets.map(Math.abs))).toBeLessThanOrEqual(1);
        expect(Math.max(...offsets)).toBeGreaterThan(0.9);
        expect(Math.min(...offsets)).toBeLessThan(-0.9);
      }
    },
  );
});

test.skipIf(!live.python)('live: twenty episodes along walls in every maze are equal at every step', () => {
  const { traces } = recordWith<Layout | Episode>(live.python ?? '', new URL('record.py', import.meta.url), [
    '--seeds',
    '20',
  ]);
  let pushed = 0;
  for (const trace of traces) if (trace.kind !== 'layout') pushed += expectSame(trace);
  expect(pushed).toBeGreaterThan(2000);
});
