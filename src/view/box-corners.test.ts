// Boxes in the plane turn with their pose, counter-clockwise.
import { expect, test } from 'vitest';
import { makeEnv } from '../envs/index.js';
import { turnedCorners } from './box-corners.js';

test('a quarter turn puts the right side above; an upright box has no corners of its own', () => {
  expect(turnedCorners([2, 1], [1, 0, 0, 1])).toBeUndefined();
  const corners = turnedCorners([2, 1], [0, -1, 1, 0]) ?? [];
  expect(corners.map(([x, y]) => [x + 0, y + 0])).toEqual([
    [1, -2],
    [1, 2],
    [-1, 2],
    [-1, -2],
  ]);
});

test("the pendulum's rod ends in its bob and in the middle", async () => {
  const env = await makeEnv('pendulum');
  env.reset({ seed: 3 });
  const shapes = env.scene?.()?.shapes ?? [];
  const rod = shapes.find(({ name }) => name === 'rod');
  const bob = shapes.find(({ name }) => name === 'bob');
  if (!rod?.rotation || !bob) throw new Error('no rod or bob');
  const [xx, xy, , yx, yy] = rod.rotation;
  const [, , c, d] = turnedCorners([rod.size[0], rod.size[1] ?? 0], [xx, xy, yx, yy]) ?? [];
  for (const axis of [0, 1]) expect(rod.position[axis] + (c[axis] + d[axis]) / 2).toBeCloseTo(bob.position[axis], 6);
});
