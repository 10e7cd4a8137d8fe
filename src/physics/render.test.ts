// Rays agree with MuJoCo's own; pictures show what is there; PNG files can be read back.
import { unzlibSync } from 'fflate';
import { expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { castRay, createPhysics, encodePng, listShapes, loadMujoco, type RayHit, render, solidsOf } from './index.js';

const mujoco = await loadMujoco();
const zoo = `<mujoco><worldbody>
  <geom name="floor" type="plane" size="0 0 0.1"/>
  <geom name="patch" type="plane" size="0.3 0.2 0.1" pos="0 0 1.1" euler="30 20 0"/>
  <geom name="ball" type="sphere" size="0.2" pos="0.4 0 0.5" rgba="1 0 0 1"/>
  <geom name="pill" type="capsule" size="0.1 0.3" pos="-0.4 0.2 0.6" euler="40 20 10"/>
  <geom name="can" type="cylinder" size="0.15 0.25" pos="0 -0.5 0.5" euler="70 30 0"/>
  <geom name="egg" type="ellipsoid" size="0.1 0.2 0.3" pos="-0.3 -0.3 0.9" euler="10 50 0"/>
  <geom name="brick" type="box" size="0.1 0.2 0.15" pos="0.3 0.5 0.7" euler="20 10 50"/>
  <geom name="hidden" type="sphere" size="2" group="4"/>
</worldbody></mujoco>`;

test('rays meet the same shapes at the same places as MuJoCo computes', () => {
  const physics = createPhysics(mujoco, { xml: zoo });
  physics.reset();
  const solids = solidsOf(listShapes(physics));
  const geom = new mujoco.IntBuffer(1);
  const normal = new mujoco.DoubleBuffer(3);
  const random = createRandom(1);
  const hits = new Map<string, number>();
  for (let i = 0; i < 4000; i++) {
    const azimuth = 2 * Math.PI * random.uniform();
    const origin = [1.6 * Math.cos(azimuth), 1.6 * Math.sin(azimuth), 0.2 + 1.3 * random.uniform()];
    const aim = [0.6, 0.6, 0.5].map((range, j) => range * (2 * random.uniform() - 1) + (j === 2 ? 0.6 : 0) - origin[j]);
    const [u, v, w] = aim.map((value) => value / Math.hypot(...aim));
    const hit: RayHit = { distance: Number.POSITIVE_INFINITY, shape: -1, nx: 0, ny: 0, nz: 0 };
    const found = castRay(solids, origin[0], origin[1], origin[2], u, v, w, hit);
    const groups = [1, 1, 1, 0, 0, 0];
    const expected = mujoco.mj_ray(physics.model, physics.data, origin, [u, v, w], groups, true, -1, geom, normal);
    expect(found).toBe(expected >= 0);
    if (!found) continue;
    expect(hit.distance).toBeCloseTo(expected, 9);
    const { name } = solids[hit.shape].shape;
    expect(name).toBe(mujoco.mj_id2name(physics.model, mujoco.mjtObj.mjOBJ_GEOM.value, geom.GetView()[0]));
    const [nx, ny, nz] = normal.GetView();
    expect(hit.nx * nx + hit.ny * ny + hit.nz * nz).toBeCloseTo(1, 6);
    hits.set(name ?? '', (hits.get(name ?? '') ?? 0) + 1);
  }
  expect([...hits.keys()].sort()).toEqual(['ball', 'brick', 'can', 'egg', 'floor', 'patch', 'pill']);
  expect(Math.min(...hits.values())).toBeGreaterThan(50);
  geom.delete();
  normal.delete();
  physics.dispose();
});

test('a red ball shows red in the middle, lit from above, and equal calls give equal pixels', () => {
  const scene = {
    dimensions: 3 as const,
    shapes: [
      { kind: 'plane' as const, size: [0, 0, 1], position: [0, 0, 0], color: [0.5, 0.5, 0.5, 1] as const },
      { kind: 'sphere' as const, size: [0.3], position: [0, 0, 0.3], color: [0.9, 0.1, 0.1, 1] as const },
    ],
  };
  const options = { width: 40, height: 30, camera: [0, -2, 0.6] as const, target: [0, 0, 0.3] as const, samples: 2 };
  const picture = render(scene, options);
  const at = (x: number, y: number) => [...picture.pixels.slice(4 * (y * 40 + x), 4 * (y * 40 + x) + 4)];
  const [r, g, b, a] = at(20, 15);
  expect(r).toBeGreaterThan(2 * Math.max(g, b));
  expect(a).toBe(255);
  expect(at(20, 11)[0]).toBeGreaterThan(at(20, 21)[0]);
  expect(render(scene, options).pixels).toEqual(picture.pixels);
});

test('a PNG file holds the pixels', () => {
  const picture = { width: 3, height: 2, pixels: Uint8ClampedArray.from({ length: 24 }, (_, i) => (i * 37) % 256) };
  const file = encodePng(picture);
  expect(new TextDecoder('latin1').decode(file.slice(1, 4))).toBe('PNG');
  const view = new DataView(file.buffer);
  expect([view.getUint32(16), view.getUint32(20)]).toEqual([3, 2]);
  expect(view.getUint32(file.length - 4)).toBe(0xae426082); // the checksum that every PNG file ends with
  const rows = unzlibSync(file.slice(41, 41 + view.getUint32(33)));
  const pixels: number[] = [];
  for (let y = 0; y < 2; y++) {
    for (let i = 0; i < 12; i++) pixels.push((rows[y * 13 + 1 + i] + (i < 4 ? 0 : pixels[pixels.length - 4])) % 256);
  }
  expect(pixels).toEqual([...picture.pixels]);
});
