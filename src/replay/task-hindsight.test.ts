// Episodes passed between tasks: what comes from which, rewards by the other task's rules, limits, groups, and no chance in it.
import { describe, expect, it } from 'vitest';
import type { EnvSpec, GoalRules } from '../envs/env.js';
import { box } from '../envs/space.js';
import { createReplay, type Replay } from './replay.js';
import { createTaskHindsight } from './task-hindsight.js';

/** Task 0 is to meet its goal, task 1 to be above it, task 2 below; what was achieved ends with the task. */
const spec: EnvSpec = {
  name: 'test/three',
  observation: box(1),
  achieved: box(2),
  goal: box(1),
  action: box(1),
  tasks: ['meet', 'above', 'below'],
  taskSteps: [4, 2, 4],
  maxEpisodeSteps: 4,
  rewardRange: [-1, 0],
  successEndsEpisode: false,
  info: ['speed', 'task'],
  columns: { words: { shape: [2], dtype: 'uint8', per: 'episode' } },
};
const isSuccess = (x: number, goal: number, task: number) =>
  task === 0 ? x === goal : task === 1 ? x > goal : x < goal;
const rules: GoalRules & { spec: EnvSpec } = {
  spec,
  computeReward(achieved, desired, info, out) {
    for (let i = 0; i < out.length; i++) out[i] = isSuccess(achieved[2 * i], desired[i], info[2 * i + 1]) ? 0 : -1;
  },
  computeSuccess(achieved, desired, info, out) {
    for (let i = 0; i < out.length; i++) out[i] = isSuccess(achieved[2 * i], desired[i], info[2 * i + 1]) ? 1 : 0;
  },
};

/** x goes through these places. */
function add(replay: Replay, task: number, goal: number, places: number[], failed = false): void {
  replay.addEpisode({
    columns: {
      observation: places.map((x) => 10 * x),
      achieved: places.flatMap((x) => [x, task]),
      goal: [goal],
      action: places.slice(1),
      info: places.slice(1).flatMap((x) => [x / 2, task]),
      reward: places.slice(1).map((x) => (isSuccess(x, goal, task) ? 0 : -1)),
      task: [task],
      words: [task + 1, goal],
    },
    failed,
  });
}

/** Stored episodes from number `from` on. */
function episodes({ ring }: Replay, from = 0) {
  const { layout, rows, bytes, capacity } = ring;
  const out = [];
  let row = ring.rowOf(from);
  for (let serial = from; serial < ring.nextSerial; serial++) {
    const steps = rows[row * layout.width + layout.remaining];
    const get = (name: string, t: number) => {
      const { offset, size } = layout.column(name);
      const at = ((row + t) % capacity) * layout.width + offset;
      return Array.from(rows.subarray(at, at + size));
    };
    const words = layout.column('words').offset;
    const at = (step: number) => 4 * (((row + step) % capacity) * layout.width + words);
    out.push({
      steps,
      task: get('task', 0)[0],
      goal: get('goal', 0)[0],
      words: [...bytes.subarray(at(0), at(0) + 2)],
      tasks: Array.from({ length: steps + 1 }, (_, t) => get('achieved', t)[1]),
      places: Array.from({ length: steps + 1 }, (_, t) => get('achieved', t)[0]),
      seen: Array.from({ length: steps + 1 }, (_, t) => get('observation', t)[0]),
      info: Array.from({ length: steps }, (_, t) => get('info', t)),
      reward: Array.from({ length: steps }, (_, t) => get('reward', t)[0]),
    });
    row = (row + steps + 1) % capacity;
  }
  return out;
}

const all = [[0, 1, 2]];

describe('an episode as one of another task', () => {
  it('keeps its steps, and has goal, task and columns of that task, its rewards and its step limit', () => {
    const replay = createReplay(spec, 100);
    add(replay, 1, 5, [0, 6, 7]);
    add(replay, 0, 3, [1, 2, 3, 9]);
    const hindsight = createTaskHindsight(replay, rules, { groups: [[0, 1]], copies: 1, seed: 1 });
    expect(hindsight.relabel(1)).toBe(1);
    const [copy] = episodes(replay, 2);
    expect(copy).toEqual({
      steps: 2, // the limit of `above`
      task: 1,
      goal: 5,
      words: [2, 5],
      tasks: [1, 1, 1],
      places: [1, 2, 3],
      seen: [10, 20, 30],
      info: [
        [1, 1],
        [1.5, 1],
      ],
      reward: [-1, -1], // a failure is passed on too
    });
  });

  it('succeeds where the other task would', () => {
    const replay = createReplay(spec, 100);
    add(replay, 2, 8, [9, 9]);
    add(replay, 0, 3, [1, 9, 3, 2]);
    createTaskHindsight(replay, rules, { groups: [[0, 2]], copies: 1, seed: 1 }).relabel(1);
    const [copy] = episodes(replay, 2);
    expect([copy.task, copy.reward]).toEqual([2, [-1, 0, 0]]);
  });
});

it('is made for as many other tasks of the group as asked, and none of other groups', () => {
  for (const [groups, copies, wanted] of [
    [all, 1, 1],
    [all, 2, 2],
    [all, 9, 2],
    [[[1, 2]], 2, 0],
    [[[0, 2], [1]], 2, 1],
  ] as const) {
    const replay = createReplay(spec, 100);
    add(replay, 1, 5, [0, 6]);
    add(replay, 2, 5, [0, 6]);
    add(replay, 0, 5, [0, 6]);
    expect(createTaskHindsight(replay, rules, { groups, copies, seed: 3 }).relabel(2)).toBe(wanted);
    const made = episodes(replay, 3).map(({ task }) => task);
    expect(new Set(made).size).toBe(wanted);
    expect(made).not.toContain(0);
  }
});

it('is not made while the other task has no episode of its own', () => {
  const replay = createReplay(spec, 100);
  add(replay, 0, 5, [0, 6]);
  expect(createTaskHindsight(replay, rules, { groups: all, copies: 2, seed: 3 }).relabel(0)).toBe(0);
});

it('takes what is of the newest episode of the other task, across the end of the ring', () => {
  const replay = createReplay(spec, 20);
  for (let i = 0; i < 40; i++) add(replay, i % 2, i, [i, i + 1, i + 2]);
  const before = replay.ring.nextSerial;
  add(replay, 0, 3, [7, 8, 9, 10]);
  createTaskHindsight(replay, rules, { groups: [[0, 1]], copies: 1, seed: 2 }).relabel(before);
  const [copy] = episodes(replay, before + 1);
  expect([copy.task, copy.goal, copy.places]).toEqual([1, 39, [7, 8, 9]]);
});

it('depends on seed and number of the episode only, so that a resumed run goes on with the same', () => {
  const run = (seed: number, pause: boolean) => {
    let replay = createReplay(spec, 200);
    let hindsight = createTaskHindsight(replay, rules, { groups: all, copies: 1, seed });
    for (let i = 0; i < 20; i++) {
      if (pause && i === 11) {
        const [segment, staging] = [replay.exportEpisodes(0), replay.saveStaging()];
        replay = createReplay(spec, 200);
        replay.importEpisodes(segment);
        replay.restoreStaging(staging);
        hindsight = createTaskHindsight(replay, rules, { groups: all, copies: 1, seed });
      }
      const first = replay.ring.nextSerial;
      add(replay, i % 3, i, [i, i + 1]);
      hindsight.relabel(first);
    }
    return episodes(replay);
  };
  expect(run(1, true)).toEqual(run(1, false));
  expect(run(2, false)).not.toEqual(run(1, false));
});
