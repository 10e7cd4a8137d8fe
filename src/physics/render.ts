// A small software renderer of scenes: soft sun, sky light, checkered floor, supersampling. Needs no graphics card.

import { createRandom, type Random } from '../random.js';
import type { Scene } from '../scene.js';
import { castRay, type RayHit, type Solid, solidsOf } from './ray.js';

export interface RenderOptions {
  readonly width?: number;
  readonly height?: number;
  /** Where the camera is and what it looks at, in metres; z is up. */
  readonly camera?: readonly [number, number, number];
  readonly target?: readonly [number, number, number];
  /** Vertical field of view, in degrees. */
  readonly fieldOfView?: number;
  /** Rays per pixel are the square of this. */
  readonly samples?: number;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row from the top. */
  readonly pixels: Uint8ClampedArray;
}

type Vector = readonly [number, number, number];

const sun = normalize([0.35, -0.75, 1.25]);
const sunColor: Vector = [1.0, 0.95, 0.86];
const skyColor: Vector = [0.62, 0.7, 0.82];
const groundColor: Vector = [0.34, 0.31, 0.29];
const horizon: Vector = [0.8, 0.85, 0.91];
const zenith: Vector = [0.46, 0.58, 0.75];
/** Spread of the sun's directions: soft edges of shadows. */
const sunSize = 0.06;
/** How far the sky light looks for things that cover it, in metres. */
const occlusionReach = 0.35;
const checker = 0.25;

/** Draws a scene. Equal calls give equal pixels. */
export function render(scene: Scene, options: RenderOptions = {}): Picture {
  const { width = 640, height = 480, camera = [1.9, -1.5, 1.35], target = [0.45, 0, 0.5] } = options;
  const { fieldOfView = 36, samples = 3 } = options;
  const solids = solidsOf(scene.shapes);
  const random = createRandom(0);
  const forward = normalize([target[0] - camera[0], target[1] - camera[1], target[2] - camera[2]]);
  const right = normalize([forward[1], -forward[0], 0]);
  const up = cross(right, forward);
  const scale = (2 * Math.tan((fieldOfView * Math.PI) / 360)) / height;
  const pixels = new Uint8ClampedArray(4 * width * height);
  const color: [number, number, number] = [0, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let s = 0; s < samples * samples; s++) {
        const a = scale * (column + ((s % samples) + random.uniform()) / samples - width / 2);
        const c = scale * (height / 2 - row - (Math.floor(s / samples) + random.uniform()) / samples);
        const direction = normalize([
          forward[0] + a * right[0] + c * up[0],
          forward[1] + a * right[1] + c * up[1],
          forward[2] + a * right[2] + c * up[2],
        ]);
        trace(solids, camera, direction, random, color, 4);
        r += color[0];
        g += color[1];
        b += color[2];
      }
      const n = samples * samples;
      const at = 4 * (row * width + column);
      pixels[at] = display(r / n);
      pixels[at + 1] = display(g / n);
      pixels[at + 2] = display(b / n);
      pixels[at + 3] = 255;
    }
  }
  return { width, height, pixels };
}

const hit: RayHit = { distance: 0, shape: 0, nx: 0, ny: 0, nz: 0 };
const shadow: RayHit = { distance: 0, shape: 0, nx: 0, ny: 0, nz: 0 };

/** Light (linear RGB) that comes along a ray, written to `out`. */
function trace(
  solids: readonly Solid[],
  origin: Vector,
  direction: Vector,
  random: Random,
  out: [number, number, number],
  depth: number,
): void {
  hit.distance = Number.POSITIVE_INFINITY;
  const [dx, dy, dz] = direction;
  if (!castRay(solids, origin[0], origin[1], origin[2], dx, dy, dz, hit)) {
    background(dz, out);
    return;
  }
  const { distance, nx, ny, nz } = hit;
  const { shape } = solids[hit.shape];
  const x = origin[0] + distance * dx + 1e-5 * nx;
  const y = origin[1] + distance * dy + 1e-5 * ny;
  const z = origin[2] + distance * dz + 1e-5 * nz;
  const light = Math.max(nx * sun[0] + ny * sun[1] + nz * sun[2], 0) * sunlight(solids, x, y, z, random);
  const open = openSky(solids, x, y, z, nx, ny, nz, random);
  // Highlight of a slightly rough, clear-coated surface (Blinn-Phong), on everything but the floor.
  const half = normalize([sun[0] - dx, sun[1] - dy, sun[2] - dz]);
  const isPlane = shape.kind === 'plane';
  const gloss = isPlane ? 0 : 0.28 * light * Math.max(nx * half[0] + ny * half[1] + nz * half[2], 0) ** 48;
  const grazing = isPlane ? 0 : 0.18 * (1 + nx * dx + ny * dy + nz * dz) ** 4 * open;
  const sky = 0.5 + 0.5 * nz;
  const tone = isPlane ? floorTone(x, y) : 1;
  for (let i = 0; i < 3; i++) {
    const base = linear(shape.color[i]) * tone;
    const ambient = open * (sky * skyColor[i] + (1 - sky) * groundColor[i]);
    out[i] = base * (1.05 * light * sunColor[i] + 0.62 * ambient) + gloss * sunColor[i] + grazing * skyColor[i];
  }
  if (isPlane) {
    // The floor fades into the horizon.
    const haze = 1 - Math.exp(-((Math.max(distance - 2, 0) / 3.2) ** 2));
    for (let i = 0; i < 3; i++) out[i] += haze * (linear(horizon[i]) - out[i]);
  }
  const alpha = shape.color[3];
  if (alpha < 1 && depth > 0) {
    const front: Vector = [out[0], out[1], out[2]];
    // Go on behind the translucent surface; from inside, its back is not hit again.
    trace(
      solids,
      [x + 1e-4 * dx - 2e-5 * nx, y + 1e-4 * dy - 2e-5 * ny, z + 1e-4 * dz - 2e-5 * nz],
      direction,
      random,
      out,
      depth - 1,
    );
    for (let i = 0; i < 3; i++) out[i] = alpha * front[i] + (1 - alpha) * out[i];
  }
}

/** 1 where a random point of the sun is visible, else 0. */
function sunlight(solids: readonly Solid[], x: number, y: number, z: number, random: Random): number {
  const d = normalize([
    sun[0] + sunSize * random.normal(),
    sun[1] + sunSize * random.normal(),
    sun[2] + sunSize * random.normal(),
  ]);
  shadow.distance = Number.POSITIVE_INFINITY;
  return castRay(solids, x, y, z, d[0], d[1], d[2], shadow, true) ? 0 : 1;
}

/** Share of the sky that is open in a random direction about the normal. */
function openSky(
  solids: readonly Solid[],
  x: number,
  y: number,
  z: number,
  nx: number,
  ny: number,
  nz: number,
  random: Random,
): number {
  // The normal plus a random unit vector is distributed as the cosine.
  const s = normalize([random.normal(), random.normal(), random.normal()]);
  const d = normalize([nx + s[0] * 0.999, ny + s[1] * 0.999, nz + s[2] * 0.999]);
  shadow.distance = occlusionReach;
  return castRay(solids, x, y, z, d[0], d[1], d[2], shadow, true)
    ? Math.sqrt(shadow.distance / occlusionReach) * 0.8
    : 1;
}

function background(up: number, out: [number, number, number]): void {
  const t = Math.min(Math.max(up * 1.6, 0), 1);
  for (let i = 0; i < 3; i++) out[i] = linear(horizon[i]) * (1 - t) + linear(zenith[i]) * t;
}

const floorTone = (x: number, y: number) =>
  (Math.floor(x / checker) + Math.floor(y / checker)) % 2 === 0 ? 1.0 : 0.78;

const linear = (value: number) => value ** 2.2;

/** Filmic tone curve (Narkowicz's fit of ACES) and gamma, to 0 to 255. */
function display(value: number): number {
  const x = value * 0.62;
  const mapped = (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14);
  return 255 * Math.min(Math.max(mapped, 0), 1) ** (1 / 2.2);
}

function normalize([x, y, z]: Vector): Vector {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
