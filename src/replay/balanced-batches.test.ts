// Batches in which tasks count alike: equal numbers of rows, blocks of them, or weights.
import { describe, expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { type Batch, createBatch } from './batch.js';
import { parseRelabel } from './relabel.js';
import { createReplay } from './replay.js';
import { createSampler } from './sampler.js';
import { codedEpisode, codedRules, episodeOf, taskReplay, tasksSpec } from './testing.js';

const none = parseRelabel('none');

const countsOf = ({ columns, size }: Batch) => {
  const counts = new Map<number, number>();
  for (let i = 0; i < size; i++) counts.set(columns.task[i], (counts.get(columns.task[i]) ?? 0) + 1);
  return counts;
};

test('balanced draws take every value equally often, in rotation where there are more values than rows', () => {
  for (const [tasks, size] of [
    [3, 12],
    [5, 7],
    [9, 4],
  ]) {
    const replay = taskReplay(tasks);
    const batch = createBatch(replay.spec, size, ['task', 'observation'], { balance: 'task' });
    const make = () => createSampler(replay, codedRules, parseRelabel('future:4'));
    const sampler = make();
    const random = createRandom(2);
    const totals = new Map<number, number>();
    for (let n = 0; n < tasks; n++) {
      sampler.sample(random, batch);
      for (const [task, count] of countsOf(batch)) {
        expect(Math.abs(count - size / tasks)).toBeLessThan(1);
        totals.set(task, (totals.get(task) ?? 0) + count);
      }
      for (let i = 0; i < size; i++)
        expect(Math.floor(batch.columns.observation[2 * i] / 10)).toBe(batch.columns.task[i]);
    }
    expect([...totals.values()]).toEqual(new Array(tasks).fill(size));
    // It goes on after saving as if it had not stopped.
    const [words, position] = [random.save(), sampler.save()];
    sampler.sample(random, batch);
    const expected = structuredClone(batch.columns);
    const [other, again] = [make(), createRandom(0)];
    other.restore(position);
    again.restore(words);
    other.sample(again, batch);
    expect(batch.columns).toEqual(expected);
  }
});

test('blocks have one value each: the same ones where there are as many, else in turn', () => {
  const blocksOf = (tasks: number, blocks: number) => {
    const replay = taskReplay(tasks);
    const batch = createBatch(replay.spec, 12, ['task', 'observation'], { balance: 'task', blocks });
    const sampler = createSampler(replay, codedRules, { strategy: 'future', k: 4, unmetGoals: 1 });
    const random = createRandom(3);
    return Array.from({ length: 3 }, () => {
      sampler.sample(random, batch);
      const { task, observation } = batch.columns;
      task.forEach((value, i) => {
        expect(Math.floor(observation[2 * i] / 10)).toBe(value);
      });
      const rows = 12 / blocks;
      return Array.from({ length: blocks }, (_, block) => {
        const values = new Set(task.slice(block * rows, (block + 1) * rows));
        expect(values.size).toBe(1);
        return [...values][0];
      });
    });
  };
  expect(blocksOf(3, 3)).toEqual(new Array(3).fill([0, 1, 2]));
  expect(blocksOf(2, 4)).toEqual(new Array(3).fill([0, 1, 0, 1]));
  expect(blocksOf(3, 2)).toEqual([
    [0, 1],
    [2, 0],
    [1, 2],
  ]);
});

test('balanced draws know only episodes that are still there, as a replay that was loaded does', () => {
  const replay = createReplay(tasksSpec(3), 60);
  const batch = createBatch(replay.spec, 30, ['task', 'observation'], { balance: 'task' });
  const sampler = createSampler(replay, codedRules, none);
  const random = createRandom(5);
  const draw = createRandom(6);
  for (let episode = 0; episode < 200; episode++) {
    const { columns, failed } = codedEpisode(episode, 1 + draw.below(6));
    replay.addEpisode({ columns: { ...columns, task: [draw.below(3)] }, failed });
    if (episode % 7 !== 0) continue;
    sampler.sample(random, batch);
    const oldest = replay.ring.nextSerial - replay.ring.episodes;
    for (let i = 0; i < 30; i++) expect(batch.columns.observation[2 * i]).toBeGreaterThanOrEqual(oldest);
  }
  const loaded = createReplay(tasksSpec(3), 60);
  loaded.importEpisodes(replay.exportEpisodes(0));
  const [words, position] = [random.save(), sampler.save()];
  sampler.sample(random, batch);
  const expected = structuredClone(batch.columns);
  const other = createSampler(loaded, codedRules, none);
  other.restore(position);
  random.restore(words);
  other.sample(random, batch);
  expect(batch.columns).toEqual(expected);
});

test('weights make means over rows means over tasks', () => {
  const replay = taskReplay(4);
  const batch = createBatch(replay.spec, 64, ['task', 'weight'], { weights: 'task' });
  createSampler(replay, codedRules, none).sample(createRandom(1), batch);
  const { task, weight } = batch.columns;
  const counts = countsOf(batch);
  expect(counts.size).toBe(4);
  expect(new Set(counts.values()).size).toBeGreaterThan(1);
  for (const value of counts.keys()) {
    const sum = Array.from(weight).reduce((total, w, i) => (task[i] === value ? total + w : total), 0);
    expect(sum / 64).toBeCloseTo(1 / 4, 6);
  }
});

describe('successes', () => {
  /** Episodes of 5 steps: those with an even number succeed; of task 2 none does. Observations tell the episode's number. */
  const rules = {
    ...codedRules,
    computeSuccess(achieved: Float32Array, _goal: Float32Array, _info: Float32Array, out: Uint8Array) {
      for (let i = 0; i < out.length; i++) out[i] = successful(episodeOf(achieved[i])) ? 1 : 0;
    },
  };
  const successful = (episode: number) => episode % 2 === 0 && episode % 3 !== 2;
  const stored = () => {
    const replay = createReplay(tasksSpec(3), 2000);
    for (let episode = 0; episode < 90; episode++) {
      const { columns, failed } = codedEpisode(episode, 5);
      replay.addEpisode({ columns: { ...columns, task: [episode % 3] }, failed });
    }
    return replay;
  };
  const shareOf = (batch: Batch, task: number) => {
    const rows = Array.from({ length: batch.size }, (_, i) => i).filter((i) => batch.columns.task[i] === task);
    return rows.filter((i) => successful(batch.columns.observation[2 * i])).length / rows.length;
  };

  test.each([
    [{ balance: 'task', successes: 0.25 }, 24],
    [{ balance: 'task', blocks: 3, successes: 0.25 }, 24],
    [{ balance: 'task', successes: 0.75 }, 48],
  ])('%j: this share of each task’s rows is of successful episodes, where there are any', (request, size) => {
    const replay = stored();
    const sampler = createSampler(replay, rules, none);
    const random = createRandom(4);
    for (let n = 0; n < 3; n++) {
      const batch = createBatch(replay.spec, size, ['task', 'observation'], request);
      sampler.sample(random, batch);
      expect([0, 1, 2].map((task) => shareOf(batch, task))).toEqual([request.successes, request.successes, 0]);
    }
  });

  test('without values it is the share of all rows; without the request successes are as they come', () => {
    const replay = stored();
    const sampler = createSampler(replay, rules, none);
    const all = createBatch(replay.spec, 40, ['task', 'observation'], { successes: 0.9 });
    sampler.sample(createRandom(4), all);
    const successes = Array.from({ length: 40 }, (_, i) => successful(all.columns.observation[2 * i]));
    expect(successes.filter(Boolean)).toHaveLength(36);
    const plain = createBatch(replay.spec, 3000, ['task', 'observation'], { balance: 'task' });
    sampler.sample(createRandom(4), plain);
    expect(Math.abs(shareOf(plain, 0) - 0.5)).toBeLessThan(0.06); // 1,000 rows: a deviation of 0.016
  });

  test('is refused without goals, and where it is no share', () => {
    const spec = tasksSpec(3);
    expect(() => createBatch(spec, 8, ['task'], { successes: 2 })).toThrow('successes is 2; it is a share');
    const without = { ...spec, goal: { ...spec.goal, size: 0 } };
    expect(() => createBatch(without, 8, ['task'], { successes: 0.5 })).toThrow('has no goals');
  });
});

test('with a focus the first rows are of its value, the rest takes turns in the others; none of it: nothing to draw', () => {
  const replay = taskReplay(4);
  const batch = createBatch(replay.spec, 16, ['task', 'observation'], { balance: 'task' });
  const sampler = createSampler(replay, codedRules, parseRelabel('future:4'));
  const random = createRandom(2);
  sampler.focus({ value: 2, share: 0.625 });
  const totals = [0, 0, 0, 0];
  for (let n = 0; n < 3; n++) {
    sampler.sample(random, batch);
    expect([...batch.columns.task.subarray(0, 10)]).toEqual(new Array(10).fill(2));
    for (const task of batch.columns.task) totals[task]++;
    for (let i = 0; i < 16; i++) expect(Math.floor(batch.columns.observation[2 * i] / 10)).toBe(batch.columns.task[i]);
  }
  expect(totals).toEqual([6, 6, 30, 6]);
  sampler.focus({ value: 2, share: 1 });
  sampler.sample(random, batch);
  expect(countsOf(batch)).toEqual(new Map([[2, 16]]));
  sampler.focus({ value: 7, share: 1 });
  expect(sampler.starts(batch)).toBe(0);
  expect(() => sampler.sample(random, batch)).toThrow('no whole episode of the value in focus');
  sampler.focus(undefined);
  sampler.sample(random, batch);
  expect([...countsOf(batch).values()]).toEqual([4, 4, 4, 4]);
});

test('with a focus on the only value there is, all rows are of it', () => {
  const replay = createReplay(tasksSpec(2), 100);
  const { columns, failed } = codedEpisode(1, 4);
  replay.addEpisode({ columns: { ...columns, task: [1] }, failed });
  const batch = createBatch(replay.spec, 8, ['task'], { balance: 'task' });
  const sampler = createSampler(replay, codedRules, none);
  sampler.focus({ value: 1, share: 0.5 });
  sampler.sample(createRandom(1), batch);
  expect(countsOf(batch)).toEqual(new Map([[1, 8]]));
});
