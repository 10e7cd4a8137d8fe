// Draws one convex solid into a frame: the rectangle that it can cover, rays through the samples there, the nearest wins.
import { enter, entry, normal, ray } from './ray-solid.js';
import type { StageSolid } from './stage.js';

/** A picture in the making, [side, side] samples, and the camera that takes it. Vectors of the camera have length 1. */
export interface Frame {
  readonly side: number;
  /** Of a camera that goes along, written before each picture. */
  readonly from: number[];
  readonly forward: readonly number[];
  readonly right: readonly number[];
  readonly up: readonly number[];
  /** Width of a sample at distance 1. */
  readonly scale: number;
  /** 0xRRGGBB */
  readonly colour: Int32Array;
  /** Distance along `forward`, in metres. */
  readonly depth: Float32Array;
}

/** Nothing nearer to the camera is drawn, in metres. */
const near = 0.01;
const sun = [0.26, -0.46, 0.85];
/** Light that falls on a face that the sun does not reach, from below and from above. */
const [darkest, brightest, sunlight] = [0.42, 0.62, 0.5];

// The rectangle of samples that the present solid can cover: columns and rows, the last ones excluded.
let firstColumn = 0;
let lastColumn = 0;
let firstRow = 0;
let lastRow = 0;
/** Whether part of it is nearer than is drawn. */
let isCut = false;
/** Distance along `forward` that no part of it is nearer than. */
let nearest = 0;
// The same while it is being found, in lengths at distance 1: to the right, and up.
let leastRight = 0;
let mostRight = 0;
let leastUp = 0;
let mostUp = 0;

/** Half lengths of the box around a solid, in its own frame. */
const halfX = ({ size }: StageSolid) => size[0];
const halfY = ({ kind, size }: StageSolid) =>
  kind === 'box' || kind === 'ellipsoid' || kind === 'plane' ? size[1] : size[0];
function halfZ({ kind, size }: StageSolid): number {
  switch (kind) {
    case 'plane':
      return 0;
    case 'sphere':
      return size[0];
    case 'capsule':
      return size[0] + size[1];
    case 'cylinder':
      return size[1];
    default:
      return size[2];
  }
}

/** Corners of the present solid's box as seen from the camera: ahead, to the right, up; [8, 3]. */
const corners = new Float64Array(24);

/** Widens the rectangle, still in lengths at distance 1, to this place. */
function widen(ahead: number, u: number, v: number): void {
  leastRight = Math.min(leastRight, u / ahead);
  mostRight = Math.max(mostRight, u / ahead);
  leastUp = Math.min(leastUp, v / ahead);
  mostUp = Math.max(mostUp, v / ahead);
}

/** Widens it to where the edge between two corners passes the nearest plane that is drawn, if it does. */
function widenToEdge(one: number, other: number): void {
  const a = corners[one] - near;
  const b = corners[other] - near;
  if (a < 0 === b < 0) return;
  const share = a / (a - b);
  widen(
    near,
    corners[one + 1] + share * (corners[other + 1] - corners[one + 1]),
    corners[one + 2] + share * (corners[other + 2] - corners[one + 2]),
  );
}

/** Finds the rectangle; false where the solid is not in the picture. `p` is the solid's middle as seen from the camera. */
function cover(
  { side, forward, right, up, scale }: Frame,
  solid: StageSolid,
  px: number,
  py: number,
  pz: number,
  r: ArrayLike<number>,
  o: number,
): boolean {
  firstColumn = 0;
  firstRow = 0;
  lastColumn = side;
  lastRow = side;
  isCut = false;
  nearest = near;
  if (solid.kind === 'plane' && (solid.size[0] === 0 || solid.size[1] === 0)) return true;
  const x = halfX(solid);
  const y = halfY(solid);
  const z = halfZ(solid);
  leastRight = leastUp = Number.POSITIVE_INFINITY;
  mostRight = mostUp = Number.NEGATIVE_INFINITY;
  let behind = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let corner = 0; corner < 8; corner++) {
    const a = corner & 1 ? x : -x;
    const b = corner & 2 ? y : -y;
    const c = corner & 4 ? z : -z;
    const cx = px + r[o] * a + r[o + 1] * b + r[o + 2] * c;
    const cy = py + r[o + 3] * a + r[o + 4] * b + r[o + 5] * c;
    const cz = pz + r[o + 6] * a + r[o + 7] * b + r[o + 8] * c;
    const ahead = cx * forward[0] + cy * forward[1] + cz * forward[2];
    const u = cx * right[0] + cy * right[1] + cz * right[2];
    const v = cx * up[0] + cy * up[1] + cz * up[2];
    corners[3 * corner] = ahead;
    corners[3 * corner + 1] = u;
    corners[3 * corner + 2] = v;
    least = Math.min(least, ahead);
    if (ahead < near) behind++;
    else widen(ahead, u, v);
  }
  if (behind === 8) return false;
  isCut = behind > 0;
  nearest = Math.max(least, near);
  for (let corner = 0; behind > 0 && corner < 8; corner++) {
    for (let bit = 1; bit < 8; bit <<= 1) if (!(corner & bit)) widenToEdge(3 * corner, 3 * (corner | bit));
  }
  firstColumn = Math.max(Math.floor(leastRight / scale + side / 2 - 0.5), 0);
  lastColumn = Math.min(Math.ceil(mostRight / scale + side / 2 + 0.5), side);
  firstRow = Math.max(Math.floor(-mostUp / scale + side / 2 - 0.5), 0);
  lastRow = Math.min(Math.ceil(-leastUp / scale + side / 2 + 0.5), side);
  return firstColumn < lastColumn && firstRow < lastRow;
}

/** Draws the solid numbered `index` of a stage, whose arrays these are. */
export function drawSolid(
  frame: Frame,
  solid: StageSolid,
  index: number,
  positions: ArrayLike<number>,
  r: ArrayLike<number>,
  colours: ArrayLike<number>,
): void {
  if (colours[4 * index + 3] === 0) return;
  const { side, from, forward, right, up, scale, colour, depth } = frame;
  const o = 9 * index;
  const px = positions[3 * index] - from[0];
  const py = positions[3 * index + 1] - from[1];
  const pz = positions[3 * index + 2] - from[2];
  if (!cover(frame, solid, px, py, pz, r, o)) return;
  // The camera, the rays and the light in the solid's frame.
  const ex = -(r[o] * px + r[o + 3] * py + r[o + 6] * pz);
  const ey = -(r[o + 1] * px + r[o + 4] * py + r[o + 7] * pz);
  const ez = -(r[o + 2] * px + r[o + 5] * py + r[o + 8] * pz);
  const rx = scale * (r[o] * right[0] + r[o + 3] * right[1] + r[o + 6] * right[2]);
  const ry = scale * (r[o + 1] * right[0] + r[o + 4] * right[1] + r[o + 7] * right[2]);
  const rz = scale * (r[o + 2] * right[0] + r[o + 5] * right[1] + r[o + 8] * right[2]);
  const ux = scale * (r[o] * up[0] + r[o + 3] * up[1] + r[o + 6] * up[2]);
  const uy = scale * (r[o + 1] * up[0] + r[o + 4] * up[1] + r[o + 7] * up[2]);
  const uz = scale * (r[o + 2] * up[0] + r[o + 5] * up[1] + r[o + 8] * up[2]);
  const fx = r[o] * forward[0] + r[o + 3] * forward[1] + r[o + 6] * forward[2];
  const fy = r[o + 1] * forward[0] + r[o + 4] * forward[1] + r[o + 7] * forward[2];
  const fz = r[o + 2] * forward[0] + r[o + 5] * forward[1] + r[o + 8] * forward[2];
  const lx = r[o] * sun[0] + r[o + 3] * sun[1] + r[o + 6] * sun[2];
  const ly = r[o + 1] * sun[0] + r[o + 4] * sun[1] + r[o + 7] * sun[2];
  const lz = r[o + 2] * sun[0] + r[o + 5] * sun[1] + r[o + 8] * sun[2];
  const { kind, size } = solid;
  const cut = isCut;
  const red = 255 * colours[4 * index];
  const green = 255 * colours[4 * index + 1];
  const blue = 255 * colours[4 * index + 2];
  // Flat faces look alike all over: the colour of the normal before.
  let [nx, ny, nz] = [0, 0, 0];
  let lit = 0;
  ray[0] = ex;
  ray[1] = ey;
  ray[2] = ez;
  for (let row = firstRow; row < lastRow; row++) {
    const v = side / 2 - row - 0.5;
    // What is nearer than all of the solid in the row hides it; of a plane the ends of the row tell.
    let front = nearest;
    if (kind === 'plane') {
      const dz = fz + v * uz;
      const steepest = dz + Math.min((firstColumn + 0.5 - side / 2) * rz, (lastColumn - 0.5 - side / 2) * rz);
      front = Math.max(-ez / steepest, near);
      if (!(ez > 0 && steepest < 0)) continue;
    }
    front *= 1 - 1e-6; // rounding
    let met = false;
    for (let column = firstColumn; column < lastColumn; column++) {
      const at = row * side + column;
      if (depth[at] < front) continue;
      const u = column + 0.5 - side / 2;
      ray[3] = fx + u * rx + v * ux;
      ray[4] = fy + u * ry + v * uy;
      ray[5] = fz + u * rz + v * uz;
      enter(kind, size);
      const t = entry[0];
      if (t < near) {
        if (met && !cut) break; // convex: what has ended in a row does not begin again
        continue;
      }
      met = true;
      // As it is stored, so that equal depths are equal.
      if (Math.fround(t) > depth[at]) continue; // of equal ones the first in the stage is seen, which is drawn last
      depth[at] = t;
      if (normal[0] !== nx || normal[1] !== ny || normal[2] !== nz) {
        nx = normal[0];
        ny = normal[1];
        nz = normal[2];
        const sky = darkest + (brightest - darkest) * (0.5 + 0.5 * (r[o + 6] * nx + r[o + 7] * ny + r[o + 8] * nz));
        const light = Math.min(sky + sunlight * Math.max(nx * lx + ny * ly + nz * lz, 0), 1);
        lit = ((red * light + 0.5) << 16) | ((green * light + 0.5) << 8) | (blue * light + 0.5);
      }
      colour[at] = lit;
    }
  }
}
