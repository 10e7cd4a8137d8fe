// Rays against the shapes of a scene.
import type { SceneShape } from '../scene.js';
import { castMesh, meshBound, meshNormal } from './mesh.js';

/** Where a ray met a shape: distance in lengths of its direction, the shape's index, the outward unit normal. */
export interface RayHit {
  distance: number;
  shape: number;
  nx: number;
  ny: number;
  nz: number;
}

/** A shape prepared for rays. */
export interface Solid {
  readonly shape: SceneShape;
  readonly position: readonly number[];
  readonly rotation: readonly number[];
  /** Radius of a sphere about the position that holds the shape. */
  readonly bound: number;
}

const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Prepares the shapes that rays can meet; lines, and meshes whose triangles are not known, are left out. */
export function solidsOf(shapes: readonly SceneShape[]): Solid[] {
  return shapes
    .filter(({ kind, mesh }) => (kind !== 'mesh' || mesh) && kind !== 'line')
    .map((shape) => ({
      shape,
      position: [shape.position[0], shape.position[1], shape.position[2] ?? 0],
      rotation: shape.rotation ?? identity,
      bound: boundOf(shape),
    }));
}

function boundOf({ kind, size, mesh }: SceneShape): number {
  switch (kind) {
    case 'mesh':
      return mesh ? meshBound(mesh) : 0;
    case 'sphere':
      return size[0];
    case 'capsule':
      return size[0] + size[1];
    case 'cylinder':
      return Math.hypot(size[0], size[1]);
    case 'ellipsoid':
      return Math.max(size[0], size[1], size[2]);
    case 'box':
      return Math.hypot(size[0], size[1], size[2]);
    default:
      return Number.POSITIVE_INFINITY;
  }
}

// The normal of the latest local hit, in the shape's frame.
let lx = 0;
let ly = 0;
let lz = 0;

/**
 * Finds the first hit nearer than `hit.distance` and writes it to `hit`; returns whether there was one. Shapes whose
 * colour is translucent are skipped when `opaqueOnly`.
 */
export function castRay(
  solids: readonly Solid[],
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
  hit: RayHit,
  opaqueOnly = false,
): boolean {
  let found = false;
  for (let i = 0; i < solids.length; i++) {
    const { shape, position, rotation: r, bound } = solids[i];
    if (opaqueOnly && shape.color[3] < 1) continue;
    const px = ox - position[0];
    const py = oy - position[1];
    const pz = oz - position[2];
    if (bound < Number.POSITIVE_INFINITY) {
      // Nearest approach of the line to the shape's middle; directions are unit vectors.
      const b = px * dx + py * dy + pz * dz;
      const c = px * px + py * py + pz * pz - bound * bound;
      if (b * b < c || (b > 0 && c > 0)) continue;
    }
    const t = intersect(
      shape,
      r[0] * px + r[3] * py + r[6] * pz,
      r[1] * px + r[4] * py + r[7] * pz,
      r[2] * px + r[5] * py + r[8] * pz,
      r[0] * dx + r[3] * dy + r[6] * dz,
      r[1] * dx + r[4] * dy + r[7] * dz,
      r[2] * dx + r[5] * dy + r[8] * dz,
    );
    if (t > 1e-9 && t < hit.distance) {
      hit.distance = t;
      hit.shape = i;
      hit.nx = r[0] * lx + r[1] * ly + r[2] * lz;
      hit.ny = r[3] * lx + r[4] * ly + r[5] * lz;
      hit.nz = r[6] * lx + r[7] * ly + r[8] * lz;
      found = true;
    }
  }
  return found;
}

/** Distance to a shape at its own origin, or -1; leaves the normal in lx, ly, lz. */
function intersect(shape: SceneShape, x: number, y: number, z: number, u: number, v: number, w: number): number {
  const { size } = shape;
  switch (shape.kind) {
    case 'plane': {
      const t = -z / w;
      const inside =
        (size[0] === 0 || Math.abs(x + t * u) <= size[0]) && (size[1] === 0 || Math.abs(y + t * v) <= size[1]);
      setNormal(0, 0, 1);
      return w < 0 && inside ? t : -1;
    }
    case 'sphere':
      return sphere(x, y, z, u, v, w, size[0]);
    case 'ellipsoid': {
      const [a, b, c] = size;
      // A unit sphere in stretched coordinates.
      const length = Math.hypot(u / a, v / b, w / c);
      const t = sphere(x / a, y / b, z / c, u / a / length, v / b / length, w / c / length, 1);
      const n = Math.hypot(lx / a, ly / b, lz / c);
      setNormal(lx / a / n, ly / b / n, lz / c / n);
      return t / length;
    }
    case 'mesh': {
      const t = shape.mesh ? castMesh(shape.mesh, x, y, z, u, v, w) : -1;
      setNormal(meshNormal[0], meshNormal[1], meshNormal[2]);
      return t;
    }
    case 'box':
      return box(x, y, z, u, v, w, size);
    case 'cylinder': {
      const side = tube(x, y, z, u, v, w, size[0], size[1]);
      if (side > 0) return side;
      return cap(x, y, z, u, v, w, size[0], size[1]);
    }
    case 'capsule': {
      const side = tube(x, y, z, u, v, w, size[0], size[1]);
      if (side > 0) return side;
      const top = sphere(x, y, z - size[1], u, v, w, size[0]);
      const [nx, ny, nz] = [lx, ly, lz];
      const bottom = sphere(x, y, z + size[1], u, v, w, size[0]);
      if (top > 0 && (bottom < 0 || top < bottom)) {
        setNormal(nx, ny, nz);
        return top;
      }
      return bottom;
    }
    default:
      return -1;
  }
}

function setNormal(x: number, y: number, z: number): void {
  lx = x;
  ly = y;
  lz = z;
}

function sphere(x: number, y: number, z: number, u: number, v: number, w: number, radius: number): number {
  const b = x * u + y * v + z * w;
  const root = b * b - (x * x + y * y + z * z) + radius * radius;
  if (root < 0) return -1;
  const t = -b - Math.sqrt(root);
  setNormal((x + t * u) / radius, (y + t * v) / radius, (z + t * w) / radius);
  return t;
}

/** The curved side of a cylinder along z. */
function tube(x: number, y: number, z: number, u: number, v: number, w: number, radius: number, half: number): number {
  const a = u * u + v * v;
  const b = x * u + y * v;
  const root = b * b - a * (x * x + y * y - radius * radius);
  if (root < 0 || a < 1e-12) return -1;
  const t = (-b - Math.sqrt(root)) / a;
  if (Math.abs(z + t * w) > half) return -1;
  setNormal((x + t * u) / radius, (y + t * v) / radius, 0);
  return t;
}

/** The nearer flat end of a cylinder along z. */
function cap(x: number, y: number, z: number, u: number, v: number, w: number, radius: number, half: number): number {
  const side = w < 0 ? 1 : -1;
  const t = (side * half - z) / w;
  if ((x + t * u) ** 2 + (y + t * v) ** 2 > radius * radius) return -1;
  setNormal(0, 0, side);
  return t;
}

function box(x: number, y: number, z: number, u: number, v: number, w: number, [a, b, c]: readonly number[]): number {
  // Where the ray has entered all three slabs and left none.
  const tx = (-Math.sign(u) * a - x) / u;
  const ty = (-Math.sign(v) * b - y) / v;
  const tz = (-Math.sign(w) * c - z) / w;
  if (u !== 0 && Math.abs(y + tx * v) <= b && Math.abs(z + tx * w) <= c) {
    setNormal(-Math.sign(u), 0, 0);
    return tx;
  }
  if (v !== 0 && Math.abs(x + ty * u) <= a && Math.abs(z + ty * w) <= c) {
    setNormal(0, -Math.sign(v), 0);
    return ty;
  }
  if (w !== 0 && Math.abs(x + tz * u) <= a && Math.abs(y + tz * v) <= b) {
    setNormal(0, 0, -Math.sign(w));
    return tz;
  }
  return -1;
}
