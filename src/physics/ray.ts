// Rays against the shapes of a scene.
import type { SceneShape } from '../scene.js';
import { intersect as intersectSolid, normal } from '../vision/ray-solid.js';
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
      const [lx, ly, lz] = [normal[0], normal[1], normal[2]];
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

/** Distance to a shape at its own origin, below 0 where there is none; leaves the normal in `normal`. */
function intersect(shape: SceneShape, x: number, y: number, z: number, u: number, v: number, w: number): number {
  const { kind, mesh } = shape;
  if (kind === 'line') return -1;
  if (kind !== 'mesh') return intersectSolid(kind, shape.size, x, y, z, u, v, w);
  const t = mesh ? castMesh(mesh, x, y, z, u, v, w) : -1;
  normal.set(meshNormal);
  return t;
}
