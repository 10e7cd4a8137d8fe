// The point mazes without Python: their data policies, ways, that each task is solved; that evaluations and data fit together.
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../random.js';
import { recordData } from '../../training/index.js';
import { makeEnv } from '../registry.js';
import { dataPolicies, solver } from './controllers.js';
import { cellAt, mazeOf, middleOf, ogbenchMazes } from './mazes.js';
import { pointmazeOptions } from './rules.js';
import { waysOf } from './ways.js';

const mazes = ogbenchMazes.filter((maze) => maze !== 'teleport');

test('cells: free ones, and those that are no corridor, as OGBench counts them', () => {
  const counts = mazes.map((maze) => [mazeOf(maze).free.length, mazeOf(maze).vertices.length]);
  expect(counts).toEqual([
    [26, 21],
    [46, 22],
    [86, 46],
  ]);
});

test.each(ogbenchMazes)('%s: ways are as long as their cells are many, and each next cell is one nearer', (name) => {
  const maze = mazeOf(name);
  const ways = waysOf(maze);
  for (const goal of maze.free) {
    const steps = ways.to(goal);
    for (const cell of maze.free) {
      if (steps[cell] < 0) continue; // behind teleports
      const next = ways.next(cell, goal);
      expect(steps[next]).toBe(cell === goal ? 0 : steps[cell] - 1);
      expect(ways.to(cell)[goal]).toBe(steps[cell]);
    }
  }
});

test.each(mazes)('%s: the scripted controller solves every evaluation task, and training goals', async (name) => {
  const env = await makeEnv(`ogbench/pointmaze-${name}`);
  const act = solver(mazeOf(name));
  try {
    for (let episode = 0; episode < 25; episode++) {
      let now = env.reset({ seed: episode, ...(episode < 15 && { evaluationTask: episode % 5 }) });
      let done = false;
      while (!done) {
        const step = env.step(act(now.observation, now.goal));
        done = step.terminated || step.truncated;
        if (done) expect(step.isSuccess, `episode ${episode}`).toBe(true);
        now = step;
      }
    }
  } finally {
    env.dispose?.();
  }
});

test('a teleport leads to one of the exits, each with equal chance', async () => {
  const maze = mazeOf('teleport');
  const env = await makeEnv('ogbench/pointmaze-teleport', { successEndsEpisode: false });
  const counts = new Map(maze.exits.map((exit) => [exit, 0]));
  const act = solver(maze);
  const [entry] = maze.entries;
  const goal = [middleOf(entry % maze.width), middleOf(Math.floor(entry / maze.width))];
  try {
    for (let seed = 0; seed < 300; seed++) {
      let now = env.reset({ seed, goal });
      const there = () => maze.exits.includes(cellAt(maze, now.observation[0], now.observation[1]));
      const centred = () => now.observation.every((value) => value % 4 === 0);
      for (let t = 0; t < 900 && !(t > 0 && there() && centred()); t++) now = env.step(act(now.observation, now.goal));
      const exit = cellAt(maze, now.observation[0], now.observation[1]);
      counts.set(exit, (counts.get(exit) ?? 0) + 1);
    }
  } finally {
    env.dispose?.();
  }
  expect([...counts.keys()].sort()).toEqual([...maze.exits].sort());
  // 300 draws of one in three: within 4 standard deviations.
  for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(4 * Math.sqrt((300 * 2) / 9));
});

describe('data policies', () => {
  test('navigate: goals are drawn from cells that are no corridor, a new one once the last is reached', () => {
    const maze = mazeOf('large');
    const asked: number[] = [];
    const numbers = createRandom(5);
    const below = (n: number) => {
      asked.push(n);
      return numbers.below(n);
    };
    const { begin, act } = dataPolicies(maze, 1000).navigate.create(pointmazeOptions.parse({}), { ...numbers, below });
    const place = Float32Array.of(0, 0);
    begin();
    for (let t = 0; t < 1000; t++) {
      const [dx, dy] = Array.from(act(place, new Float32Array(2)));
      // Shaken, or it rests where a goal is too far in a corner.
      place[0] += 0.2 * dx + 0.1 * numbers.normal();
      place[1] += 0.2 * dy + 0.1 * numbers.normal();
    }
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.every((n) => n === 22)).toBe(true);
  });

  test('stitch: goals are exactly four cells away, or at the start where there are none so far', () => {
    const maze = mazeOf('giant');
    const policies = dataPolicies(maze, 2000);
    const random = createRandom(3);
    const options = pointmazeOptions.parse({});
    const { begin, act } = policies.stitch.create(options, random);
    const ways = waysOf(maze);
    for (let episode = 0; episode < 60; episode++) {
      begin();
      const start = maze.free[random.below(maze.free.length)];
      // Followed without noise it ends in the goal's cell.
      const place = Float32Array.of(middleOf(start % maze.width), middleOf(Math.floor(start / maze.width)));
      const none = new Float32Array(2);
      for (let t = 0; t < 200; t++) {
        const [dx, dy] = Array.from(act(place, none));
        place[0] += 0.2 * dx;
        place[1] += 0.2 * dy;
      }
      expect(ways.to(start)[cellAt(maze, place[0], place[1])]).toBe(4);
    }
  });

  test('recordings have their own settings unless others are given, and the same bytes each time', async () => {
    const options = { env: 'ogbench/pointmaze-medium', policy: 'stitch', episodes: 3, seed: 4 };
    const recorded = await recordData(options);
    expect([recorded.episodes, recorded.transitions, recorded.successRate]).toEqual([3, 600, Number.NaN]);
    expect((await recordData(options)).bytes).toEqual(recorded.bytes);
    const short = await recordData({ ...options, envOptions: { episodeSteps: 20 } });
    expect(short.transitions).toBe(60);
    expect((await recordData({ ...options, noise: 0 })).bytes).not.toEqual(recorded.bytes);
  });
});
