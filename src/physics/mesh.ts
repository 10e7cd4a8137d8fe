// Rays against triangle meshes: a tree of boxes (BVH) built once per mesh.
import type { SceneMesh } from '../scene.js';

/** A node is a box with either triangles or, when it has none, two children: the next node and `right`. */
interface MeshTree {
  /** [node, 6]: low x, y, z, high x, y, z. */
  readonly boxes: Float64Array;
  readonly right: Int32Array;
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** Corners of the triangles in the order of the leaves, [triangle, 9]. */
  readonly corners: Float64Array;
}

const trees = new WeakMap<SceneMesh, MeshTree>();
const LEAF = 4;
/** Deeper than any tree of fewer than 2^60 triangles. */
const stack = new Int32Array(64);

/** Radius of a sphere about the mesh's origin that holds it. */
export function meshBound({ vertices }: SceneMesh): number {
  let largest = 0;
  for (let i = 0; i < vertices.length; i += 3) {
    largest = Math.max(largest, Math.hypot(vertices[i], vertices[i + 1], vertices[i + 2]));
  }
  return largest;
}

/** The latest hit's normal, towards the ray's origin. */
export const meshNormal = new Float64Array(3);

/** Distance along (u, v, w) from (x, y, z) to the first triangle, in the mesh's frame, or -1; leaves `meshNormal`. */
export function castMesh(mesh: SceneMesh, x: number, y: number, z: number, u: number, v: number, w: number): number {
  let tree = trees.get(mesh);
  if (!tree) {
    tree = buildTree(mesh);
    trees.set(mesh, tree);
  }
  const { boxes, right, first, count, corners } = tree;
  const [iu, iv, iw] = [1 / u, 1 / v, 1 / w];
  let nearest = Number.POSITIVE_INFINITY;
  let depth = 0;
  stack[depth++] = 0;
  while (depth > 0) {
    const node = stack[--depth];
    const b = 6 * node;
    // Slabs; a ray within a slab's plane gives NaN, which Math.min and Math.max below would keep, so compare instead.
    let enter = 0;
    let leave = nearest;
    for (let axis = 0; axis < 3; axis++) {
      const origin = axis === 0 ? x : axis === 1 ? y : z;
      const inverse = axis === 0 ? iu : axis === 1 ? iv : iw;
      const one = (boxes[b + axis] - origin) * inverse;
      const two = (boxes[b + 3 + axis] - origin) * inverse;
      const near = one < two ? one : two;
      const far = one < two ? two : one;
      if (near > enter) enter = near;
      if (far < leave) leave = far;
    }
    if (enter > leave) continue;
    if (count[node] === 0) {
      stack[depth++] = right[node];
      stack[depth++] = node + 1;
      continue;
    }
    for (let i = first[node]; i < first[node] + count[node]; i++) {
      const t = triangle(corners, 9 * i, x, y, z, u, v, w);
      if (t > 1e-9 && t < nearest) {
        nearest = t;
        faceNormal(corners, 9 * i, u, v, w);
      }
    }
  }
  return nearest === Number.POSITIVE_INFINITY ? -1 : nearest;
}

/** Möller and Trumbore (1997), either side. */
function triangle(
  c: Float64Array,
  at: number,
  x: number,
  y: number,
  z: number,
  u: number,
  v: number,
  w: number,
): number {
  const [ax, ay, az] = [c[at + 3] - c[at], c[at + 4] - c[at + 1], c[at + 5] - c[at + 2]];
  const [bx, by, bz] = [c[at + 6] - c[at], c[at + 7] - c[at + 1], c[at + 8] - c[at + 2]];
  const [px, py, pz] = [v * bz - w * by, w * bx - u * bz, u * by - v * bx];
  const determinant = ax * px + ay * py + az * pz;
  if (determinant === 0) return -1;
  const [sx, sy, sz] = [x - c[at], y - c[at + 1], z - c[at + 2]];
  const p = (sx * px + sy * py + sz * pz) / determinant;
  if (p < 0 || p > 1) return -1;
  const [qx, qy, qz] = [sy * az - sz * ay, sz * ax - sx * az, sx * ay - sy * ax];
  const q = (u * qx + v * qy + w * qz) / determinant;
  if (q < 0 || p + q > 1) return -1;
  return (bx * qx + by * qy + bz * qz) / determinant;
}

function faceNormal(c: Float64Array, at: number, u: number, v: number, w: number): void {
  const [ax, ay, az] = [c[at + 3] - c[at], c[at + 4] - c[at + 1], c[at + 5] - c[at + 2]];
  const [bx, by, bz] = [c[at + 6] - c[at], c[at + 7] - c[at + 1], c[at + 8] - c[at + 2]];
  const [nx, ny, nz] = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
  const length = Math.hypot(nx, ny, nz) * (nx * u + ny * v + nz * w > 0 ? -1 : 1);
  meshNormal[0] = nx / length;
  meshNormal[1] = ny / length;
  meshNormal[2] = nz / length;
}

/** Halves the triangles at the median of their middles along the longest side, until few are left. */
function buildTree({ vertices, faces }: SceneMesh): MeshTree {
  const total = faces.length / 3;
  const corner = (face: number, k: number, axis: number) => vertices[3 * faces[3 * face + k] + axis];
  const middle = (face: number, axis: number) => corner(face, 0, axis) + corner(face, 1, axis) + corner(face, 2, axis);
  const boxes: number[] = [];
  const right: number[] = [];
  const first: number[] = [];
  const count: number[] = [];
  const order: number[] = [];

  function build(members: number[]): void {
    const node = right.length;
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    for (const face of members) {
      for (let axis = 0; axis < 3; axis++) {
        for (let k = 0; k < 3; k++) {
          low[axis] = Math.min(low[axis], corner(face, k, axis));
          high[axis] = Math.max(high[axis], corner(face, k, axis));
        }
      }
    }
    boxes.push(...low, ...high);
    right.push(0);
    first.push(order.length);
    count.push(members.length <= LEAF ? members.length : 0);
    if (members.length <= LEAF) {
      order.push(...members);
      return;
    }
    const sides = low.map((bound, axis) => high[axis] - bound);
    const axis = sides.indexOf(Math.max(...sides));
    members.sort((a, b) => middle(a, axis) - middle(b, axis));
    const half = members.length >> 1;
    build(members.slice(0, half));
    right[node] = right.length;
    build(members.slice(half));
  }
  build(Array.from({ length: total }, (_, face) => face));

  const corners = new Float64Array(9 * total);
  for (const [i, face] of order.entries()) {
    for (let k = 0; k < 9; k++) corners[9 * i + k] = corner(face, Math.floor(k / 3), k % 3);
  }
  return {
    boxes: Float64Array.from(boxes),
    right: Int32Array.from(right),
    first: Int32Array.from(first),
    count: Int32Array.from(count),
    corners,
  };
}
