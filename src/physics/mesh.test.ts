// Rays meet meshes where MuJoCo's own do.
import { expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { castRay, createPhysics, listShapes, loadMujoco, type RayHit, solidsOf } from './index.js';

/** A knobbly ball as a Wavefront file: not convex, with many triangles. */
function knobblyBall(rings: number, sectors: number): string {
  const lines: string[] = [];
  for (let i = 0; i <= rings; i++) {
    for (let j = 0; j < sectors; j++) {
      const [a, b] = [(Math.PI * i) / rings, (2 * Math.PI * j) / sectors];
      const radius = 0.3 * (1 + 0.4 * Math.sin(5 * a) * Math.sin(4 * b));
      const [x, y, z] = [Math.sin(a) * Math.cos(b), Math.sin(a) * Math.sin(b), Math.cos(a)];
      lines.push(`v ${radius * x} ${radius * y} ${radius * z}`);
    }
  }
  const at = (i: number, j: number) => 1 + i * sectors + (j % sectors);
  for (let i = 0; i < rings; i++) {
    for (let j = 0; j < sectors; j++) {
      lines.push(
        `f ${at(i, j)} ${at(i + 1, j)} ${at(i, j + 1)}`,
        `f ${at(i, j + 1)} ${at(i + 1, j)} ${at(i + 1, j + 1)}`,
      );
    }
  }
  return lines.join('\n');
}

test('rays meet a mesh that is not convex where MuJoCo says, with the same normal', async () => {
  const mujoco = await loadMujoco();
  const physics = createPhysics(mujoco, {
    xml: `<mujoco><asset><mesh name="ball" file="ball.obj"/></asset><worldbody>
      <geom type="mesh" mesh="ball" pos="0.1 -0.2 0.5" euler="20 40 70"/>
    </worldbody></mujoco>`,
    files: { 'ball.obj': new TextEncoder().encode(knobblyBall(16, 24)) },
  });
  physics.reset();
  const shapes = listShapes(physics);
  expect(shapes[0].mesh).toBe(listShapes(physics)[0].mesh); // copied once
  const solids = solidsOf(shapes);
  const geom = new mujoco.IntBuffer(1);
  const normal = new mujoco.DoubleBuffer(3);
  const random = createRandom(3);
  let hits = 0;
  for (let i = 0; i < 3000; i++) {
    const [a, h] = [2 * Math.PI * random.uniform(), 2 * random.uniform() - 0.5];
    const origin = [1.5 * Math.cos(a), 1.5 * Math.sin(a), h];
    const aim = [0.1, -0.2, 0.5].map((middle, j) => middle + 0.8 * (random.uniform() - 0.5) - origin[j]);
    const [u, v, w] = aim.map((value) => value / Math.hypot(...aim));
    const hit: RayHit = { distance: Number.POSITIVE_INFINITY, shape: -1, nx: 0, ny: 0, nz: 0 };
    const found = castRay(solids, origin[0], origin[1], origin[2], u, v, w, hit);
    const expected = mujoco.mj_ray(
      physics.model,
      physics.data,
      origin,
      [u, v, w],
      [1, 1, 1, 0, 0, 0],
      true,
      -1,
      geom,
      normal,
    );
    expect(found).toBe(expected >= 0);
    if (!found) continue;
    hits++;
    expect(hit.distance).toBeCloseTo(expected, 6);
    const [nx, ny, nz] = normal.GetView() as Float64Array;
    expect(Math.abs(hit.nx * nx + hit.ny * ny + hit.nz * nz)).toBeCloseTo(1, 5);
    expect(hit.nx * u + hit.ny * v + hit.nz * w).toBeLessThanOrEqual(0);
  }
  expect(hits).toBeGreaterThan(1000);
  expect(hits).toBeLessThan(2900);
  physics.dispose();
});
