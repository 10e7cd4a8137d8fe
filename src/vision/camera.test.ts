// The camera shows what rays meet, with the same bytes in every engine, and as many pictures a second as learning needs.
import { expect, test } from 'vitest';
import { castRay, type RayHit, solidsOf } from '../physics/ray.js';
import { createRandom } from '../random.js';
import type { SceneShape } from '../scene.js';
import { createCamera, type Stage, type View } from './index.js';
import { intersect } from './ray-solid.js';

const view: View = { from: [1.6, -1.2, 1.3], at: [0, 0, 0.5], width: 1.8 };
const kinds = ['sphere', 'capsule', 'ellipsoid', 'cylinder', 'box'] as const;

/** One of each shape on a floor, of different colours, turned at random. */
function zoo(seed: number): SceneShape[] {
  const random = createRandom(seed);
  const within = (low: number, high: number) => low + (high - low) * random.uniform();
  const shapes: SceneShape[] = kinds.map((kind, i) => {
    const size = [within(0.08, 0.15), within(0.08, 0.25), within(0.08, 0.2)];
    const position = [within(-0.6, 0.6), within(-0.6, 0.6), within(0.2, 0.9)];
    return {
      kind,
      size,
      position,
      rotation: turned(within(-1, 1), within(-1, 1), within(-1, 1), within(-1, 1)),
      color: [(i + 1) / 10, 0, 0, 1],
    };
  });
  return [
    {
      kind: 'plane',
      size: [0, 0, 0],
      position: [0, 0, 0],
      rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      color: [0.9, 0, 0, 1],
    },
    ...shapes,
  ];
}

/** The rotation of a quaternion of any length. */
function turned(w: number, x: number, y: number, z: number): number[] {
  const n = 2 / (w * w + x * x + y * y + z * z);
  return [
    1 - n * (y * y + z * z),
    n * (x * y - w * z),
    n * (x * z + w * y),
    n * (x * y + w * z),
    1 - n * (x * x + z * z),
    n * (y * z - w * x),
    n * (x * z - w * y),
    n * (y * z + w * x),
    1 - n * (x * x + y * y),
  ];
}

const stageOf = (shapes: readonly SceneShape[], still = false): Stage => ({
  solids: shapes.map(({ kind, size }) => ({ kind: kind as 'box', size, still: still || kind === 'plane' })),
  positions: () => shapes.flatMap(({ position }) => position),
  rotations: () => shapes.flatMap(({ rotation = [] }) => rotation),
  colours: () => shapes.flatMap(({ color }) => color),
});

const picture = (stage: Stage, size: number, samples: number, from = view) => {
  const out = new Uint8Array(3 * size * size);
  createCamera(stage, from, { size, samples }).take(out);
  return out;
};

/** A checksum (FNV-1a). */
const digest = (bytes: Uint8Array) => bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 16777619) >>> 0, 2166136261);

/** Among the solids, so that some are beside the camera or reach behind it. */
const amidst: View = { from: [0.15, -0.1, 0.45], at: [0.5, 0.3, 0.4], width: 1 };

test.each([
  ['from outside', view],
  ['from amidst them', amidst],
])('each pixel shows the shape that its ray meets first, %s', (_, view) => {
  const size = 48;
  const toward = view.at.map((x, k) => x - view.from[k]);
  const distance = Math.hypot(...toward);
  const forward = toward.map((x) => x / distance);
  const across = Math.hypot(forward[0], forward[1]);
  const right = [forward[1] / across, -forward[0] / across, 0];
  const up = [right[1] * forward[2], -right[0] * forward[2], right[0] * forward[1] - right[1] * forward[0]];
  const scale = view.width / distance / size;
  let differing = 0;
  const met = new Set<string>();
  for (let seed = 0; seed < 15; seed++) {
    const shapes = zoo(seed);
    const solids = solidsOf(shapes);
    const seen = picture(stageOf(shapes), size, 1, view);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const d = forward.map((f, k) => f + scale * ((j + 0.5 - size / 2) * right[k] + (size / 2 - i - 0.5) * up[k]));
        const length = Math.hypot(d[0], d[1], d[2]);
        const hit: RayHit = { distance: Infinity, shape: 0, nx: 0, ny: 0, nz: 0 };
        const found = castRay(solids, ...view.from, d[0] / length, d[1] / length, d[2] / length, hit);
        const [r, g] = seen.subarray(3 * (i * size + j));
        // Green is the sky's alone; light makes a colour at least 0.42 of itself and at most itself.
        if (found) met.add(shapes[hit.shape].kind);
        const full = found ? 255 * shapes[hit.shape].color[0] : 0;
        if (found ? g !== 0 || r > full + 1 || r < 0.42 * full - 1 : g === 0) differing++;
      }
    }
  }
  expect(met).toEqual(new Set(['plane', ...kinds]));
  expect(differing).toBe(0);
});

test.each(kinds)('of a %s that the nearest plane cuts all is seen that lies beyond, in rows with gaps too', (kind) => {
  const size = 32;
  const close: View = { from: [0, -0.2, 0.03], at: [0, 0, 0], width: 0.4 };
  const distance = Math.hypot(0.2, 0.03);
  const [forward, right] = [
    [0, 0.2 / distance, -0.03 / distance],
    [1, 0, 0],
  ];
  const up = [0, 0.03 / distance, 0.2 / distance];
  const scale = close.width / distance / size;
  const random = createRandom(5);
  const within = (low: number, high: number) => low + (high - low) * random.uniform();
  let [shown, differing] = [0, 0];
  for (let i = 0; i < 60; i++) {
    const shape: SceneShape = {
      kind,
      size: [within(0.005, 0.03), within(0.005, 0.05), within(0.005, 0.03)],
      // About where the nearest plane is, a centimetre ahead.
      position: close.from.map((x, k) => x + 0.02 * forward[k] + within(-0.02, 0.02)),
      rotation: turned(within(-1, 1), within(-1, 1), within(-1, 1), within(-1, 1)),
      color: [1, 0, 0, 1],
    };
    const seen = picture(stageOf([shape]), size, 1, close);
    const [r, from] = [shape.rotation as number[], close.from.map((x, k) => x - shape.position[k])];
    const turn = ([x, y, z]: readonly number[]) =>
      [0, 1, 2].map((k) => r[k] * x + r[3 + k] * y + r[6 + k] * z) as [number, number, number];
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const [u, v] = [scale * (column + 0.5 - size / 2), scale * (size / 2 - row - 0.5)];
        const ray = turn(forward.map((f, k) => f + u * right[k] + v * up[k]));
        const depth = intersect(kind, shape.size, ...turn(from), ...ray);
        if (Math.abs(depth - 0.01) < 1e-6) continue; // as near as rounding can tell
        if (depth > 0.01) shown++;
        if ((seen[3 * (row * size + column) + 1] === 0) !== depth > 0.01) differing++;
      }
    }
  }
  expect(shown).toBeGreaterThan(100);
  expect(differing).toBe(0);
});

test('where two faces are equally far the first of the stage is seen, everywhere, from a camera that goes along too', () => {
  const turn = turned(0.9, 0.1, 0.3, 0.2);
  const of = (color: SceneShape['color']): SceneShape => ({
    kind: 'box',
    size: [0.5, 0.5, 0.1],
    position: [0, 0, 0.5],
    rotation: turn,
    color,
  });
  const stage = stageOf([of([1, 0, 0, 1]), of([0, 0, 1, 1])]);
  for (const from of [view, { ...view, along: () => [0, 0, 0] }]) {
    const seen = picture(stage, 48, 1, from);
    // What is not green is not the sky.
    const solid = Array.from({ length: 48 * 48 }, (_, i) => seen.subarray(3 * i, 3 * i + 3)).filter(([, g]) => g === 0);
    expect(solid.length).toBeGreaterThan(100);
    expect(solid.filter(([, , b]) => b > 0)).toEqual([]);
  }
});

test('a plane that is endless one way alone is seen as far as it goes', () => {
  const plane = (y: number): SceneShape => ({
    kind: 'plane',
    size: [0.3, y, 0],
    position: [0, 0, 0.2],
    rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    color: [1, 0, 0, 1],
  });
  const endless = picture(stageOf([plane(0)]), 48, 1);
  expect(endless).toEqual(picture(stageOf([plane(1000)]), 48, 1));
  expect(endless.filter((value, i) => i % 3 === 1 && value === 0).length).toBeGreaterThan(200);
});

test('what stands still is drawn once and looks as if it were drawn anew', () => {
  const shapes = zoo(3);
  expect(picture(stageOf(shapes, true), 40, 2)).toEqual(picture(stageOf(shapes), 40, 2));
});

test('samples smooth edges: a pixel is the mean of its samples', () => {
  const fine = picture(stageOf(zoo(1)), 64, 1);
  const coarse = picture(stageOf(zoo(1)), 32, 2);
  for (let i = 0; i < 32; i++) {
    for (let j = 0; j < 32; j++) {
      for (let c = 0; c < 3; c++) {
        const sum = [0, 1, 64, 65].reduce((total, k) => total + fine[3 * (64 * 2 * i + 2 * j + k) + c], 0);
        expect(coarse[3 * (32 * i + j) + c]).toBe(Math.floor((sum + 2) / 4));
      }
    }
  }
});

test('the bytes are those that were recorded', () => {
  expect([1, 2, 3].map((seed) => digest(picture(stageOf(zoo(seed)), 64, 2)))).toEqual([
    1126280555, 2975213606, 94625525,
  ]);
});

test('a camera that goes along with something sees what one that stands there sees', () => {
  const stage = stageOf(zoo(3));
  const place = [0, 0, 0];
  const moving = createCamera(stage, { ...view, along: () => place }, { size: 24 });
  const [seen, expected] = [new Uint8Array(24 * 24 * 3), new Uint8Array(24 * 24 * 3)];
  for (const [x, y, z] of [
    [0, 0, 0],
    [0.5, -0.25, 0.125],
    [-0.25, 0.5, -0.25],
  ]) {
    place.splice(0, 3, x, y, z);
    const moved = (at: readonly number[]) => [at[0] + x, at[1] + y, at[2] + z] as const;
    createCamera(stage, { ...view, from: moved(view.from), at: moved(view.at) }, { size: 24 }).take(expected);
    moving.take(seen);
    expect([...seen]).toEqual([...expected]);
  }
});
