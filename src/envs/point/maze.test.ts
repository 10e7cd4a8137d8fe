import { expect, test } from 'vitest';
import { createRandom } from '../../random.js';
import { checkEnv } from '../check-env.js';
import { parseEnvOptions } from '../define-env.js';
import type { GoalEnv } from '../env.js';
import { fewestSteps, gridModel, parseMap } from '../grid/index.js';
import { loadEnv, makeEnv } from '../registry.js';
import { type MazeName, mazeBody, mazes } from './maze.js';

const names = Object.keys(mazes) as MazeName[];
const pairs = names.flatMap((maze) => (['displacement', 'velocity'] as const).map((action) => ({ maze, action })));
const makeMaze = (maze: MazeName, options: Record<string, unknown> = {}): Promise<GoalEnv> =>
  makeEnv(`point/maze-${maze}`, options);

test.each(
  pairs.flatMap(({ maze, action }, i) => [
    { maze, action, reward: ['sparse', 'zero-one', 'dense'][i % 3] },
    { maze, action, successEndsEpisode: true },
  ]),
)('keeps the contract with %o', async ({ maze, ...options }) => {
  const definition = await loadEnv(`point/maze-${maze}`);
  const env = await makeMaze(maze, options);
  expect(checkEnv(env, { rules: definition.rules(parseEnvOptions(definition, options)) }).findings).toEqual([]);
});

/** How deep a square body at (x, y), in cells from the middle, is inside walls: written without the simulation's shortcuts. */
function depth(maze: MazeName, x: number, y: number): number {
  let deepest = 0;
  for (const wall of walls[maze]) {
    const dx = mazeBody + 0.5 - Math.abs(x - wall.x);
    const dy = mazeBody + 0.5 - Math.abs(y - wall.y);
    deepest = Math.max(deepest, Math.min(dx, dy));
  }
  return deepest;
}

/** Middles of the walls' cells. */
function wallsOf(maze: MazeName) {
  const { width, height, cellAt } = parseMap(mazes[maze].map);
  return Array.from(cellAt, (cell, i) => ({
    cell,
    x: (i % width) + 0.5 - width / 2,
    y: height / 2 - Math.floor(i / width) - 0.5,
  })).filter(({ cell }) => cell < 0);
}
const walls = { umaze: wallsOf('umaze'), medium: wallsOf('medium'), large: wallsOf('large') };

test.each(pairs)(
  '%o: the point is never inside a wall and goes from cell to neighbouring cell',
  async ({ maze, action }) => {
    const env = await makeMaze(maze, { action });
    const { width, height, cellAt } = parseMap(mazes[maze].map);
    const cell = ([x, y]: Float32Array) => [Math.floor(x + width / 2), Math.floor(height / 2 - y)];
    const random = createRandom(1);
    const visited = new Set<number>();
    let [command, at] = [
      [0, 0],
      [0, 0],
    ];
    env.reset({ seed: 2 });
    for (let t = 0, left = 0; t < 15_000; t++, left--) {
      // Held for a while and often at the bounds, so that walls are met at full speed and at every angle.
      if (left <= 0) {
        left = 1 + random.below(15);
        command = [0, 1].map(() =>
          random.uniform() < 0.6 ? Math.sign(random.uniform() - 0.5) : 2 * random.uniform() - 1,
        );
      }
      const before = at;
      const { achieved, truncated } = env.step(command);
      expect(depth(maze, achieved[0], achieved[1])).toBeLessThan(1e-6); // float32
      at = cell(achieved);
      visited.add(cellAt[at[1] * width + at[0]]);
      if (t > 0 && left >= 0) expect(Math.abs(at[0] - before[0]) + Math.abs(at[1] - before[1])).toBeLessThan(3);
      if (truncated) at = cell(env.reset().achieved);
    }
    expect(visited.size).toBe(parseMap(mazes[maze].map).cells);
  },
);

test('a step ends where many small ones would, along x and then along y', async () => {
  const env = await makeMaze('medium');
  const random = createRandom(4);
  const inside = (x: number, y: number) => depth('medium', x, y) > 1e-5;
  let blockedMoves = 0;
  for (let i = 0; i < 150; i++) {
    const { achieved } = env.reset({ seed: i });
    for (let t = 0; t < 6; t++) {
      let [x, y] = achieved;
      const action = [Math.sign(random.uniform() - 0.5), 2 * random.uniform() - 1];
      const parts = 500;
      let free = true;
      for (let k = 0; k < parts && free; k++) {
        free = !inside(x + (0.2 * action[0]) / parts, y);
        if (free) x += (0.2 * action[0]) / parts;
      }
      if (!free) blockedMoves++;
      free = true;
      for (let k = 0; k < parts && free; k++) {
        free = !inside(x, y + (0.2 * action[1]) / parts);
        if (free) y += (0.2 * action[1]) / parts;
      }
      env.step(action);
      expect(Math.abs(achieved[0] - x)).toBeLessThan(6e-4);
      expect(Math.abs(achieved[1] - y)).toBeLessThan(6e-4);
    }
  }
  expect(blockedMoves).toBeGreaterThan(100);
});

test('a wall stops the movement into it and lets the movement along it go on', async () => {
  const env = await makeMaze('umaze', { placement: 'corners' }); // starts in the upper left cell
  const { achieved } = env.reset({ seed: 0 });
  expect([...achieved]).toEqual([-1, 1]);
  for (let t = 0; t < 4; t++) env.step([1, 1]);
  // Up: stopped at the wall's face less the body; right: 4 steps of 0.2.
  expect(achieved[0]).toBeCloseTo(-0.2, 6);
  expect(achieved[1]).toBeCloseTo(1.5 - mazeBody, 6);
  const inert = await makeMaze('umaze', { placement: 'corners', action: 'velocity' });
  const { observation } = inert.reset({ seed: 0 });
  inert.step([1, 0]);
  expect(observation[2]).toBeCloseTo(0.5, 6); // a quarter of 2 cells per second
  for (let t = 0; t < 30; t++) inert.step([1, 1]);
  // In the upper right corner, at rest.
  for (const [j, value] of [1.4, 1.4, 0, 0].entries()) expect(observation[j]).toBeCloseTo(value, 6);
});

test('starts and goals are uniform over the free space, and never the same place', async () => {
  const maze = 'umaze';
  const env = await makeMaze(maze);
  const side = 5;
  const bin = (x: number, y: number) => Math.floor((x + side / 2) * 2) + 2 * side * Math.floor((y + side / 2) * 2);
  // Free area of each bin of half a cell, by counting points.
  const area = new Float64Array(4 * side * side);
  const fine = 20;
  for (let i = 0; i < (2 * side * fine) ** 2; i++) {
    const x = ((i % (2 * side * fine)) + 0.5) / (2 * fine) - side / 2;
    const y = (Math.floor(i / (2 * side * fine)) + 0.5) / (2 * fine) - side / 2;
    if (depth(maze, x, y) === 0) area[bin(x, y)]++;
  }
  const total = area.reduce((sum, value) => sum + value, 0);
  const counts = new Float64Array(area.length);
  const draws = 20_000;
  env.reset({ seed: 6 });
  for (let i = 0; i < draws; i++) {
    const { achieved, goal } = env.reset();
    counts[bin(achieved[0], achieved[1])]++;
    expect(Math.hypot(goal[0] - achieved[0], goal[1] - achieved[1])).toBeGreaterThan(0.45 - 1e-6);
  }
  let [chi2, bins] = [0, 0];
  for (const [i, share] of area.entries()) {
    if (share === 0) expect(counts[i]).toBe(0);
    else {
      const expected = (draws * share) / total;
      chi2 += (counts[i] - expected) ** 2 / expected;
      bins++;
    }
  }
  expect(bins).toBe(28);
  expect(chi2).toBeLessThan(55.5); // 27 degrees of freedom, exceeded with probability 0.001
});

test.each(pairs)(
  '%o: following the shortest way reaches every goal with half of the time to spare',
  async ({ maze, action }) => {
    const env = await makeMaze(maze, { action });
    const map = parseMap(mazes[maze].map);
    const { width, height, cellAt } = map;
    const model = gridModel(map, { slip: 0, stay: false });
    const steps = fewestSteps(model);
    const cellOf = (x: number, y: number) => cellAt[Math.floor(height / 2 - y) * width + Math.floor(x + width / 2)];
    for (let seed = 0; seed < 60; seed++) {
      const { achieved, goal, observation } = env.reset({ seed });
      const target = cellOf(goal[0], goal[1]);
      let reached = false;
      for (let t = 0; t < env.spec.maxEpisodeSteps / 2 && !reached; t++) {
        const here = cellOf(achieved[0], achieved[1]);
        let [x, y] = goal;
        if (here !== target) {
          const to = [0, 1, 2, 3].map((a) => model.next[here * 4 + a]);
          const left = (cell: number) => (cell === target ? 0 : steps[target * map.cells + cell]);
          const next = to.reduce((best, cell) => (left(cell) < left(best) ? cell : best));
          x = map.x[next] + 0.5 - width / 2;
          y = height / 2 - map.y[next] - 0.5;
        }
        const brake = action === 'velocity' ? 0.15 : 0;
        const push = [x, y].map((aim, j) => 5 * (aim - achieved[j] - brake * (observation[2 + j] ?? 0)));
        reached = env.step(push).isSuccess;
      }
      expect(reached).toBe(true);
    }
  },
);

test('corners: one start, one goal, far apart; dense is minus the straight distance', async () => {
  const env = await makeMaze('umaze', { placement: 'corners', reward: 'dense' });
  const { goal, achieved } = env.reset({ seed: 3 });
  expect([...goal]).toEqual([-1, -1]);
  const { reward } = env.step([1, 0]);
  expect(reward).toBeCloseTo(-Math.hypot(0.2, 2), 6);
  expect(achieved[0]).toBeCloseTo(-0.8, 6);
  const shapes = env.scene?.().shapes ?? [];
  expect(shapes.filter(({ name }) => name === 'wall')).toHaveLength(18);
  expect(shapes.find(({ name }) => name === 'point')?.position[0]).toBeCloseTo(-0.8, 6);
  await expect(makeMaze('umaze', { placement: 'corner' })).rejects.toThrow(
    'setting placement is "corner"; it must be "anywhere" or "corners"; did you mean "corners"?',
  );
});
