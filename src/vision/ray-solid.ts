// Where rays enter the solids of scenes, and which way the surface looks there.
import type { SolidKind } from './stage.js';

/** Of the latest hit, in the solid's frame; of length 1. One for all, so that a ray makes nothing. */
export const normal = new Float64Array(3);
/** Where the next ray begins and which way it goes, in the solid's frame: [6]. Numbers that are handed over would be boxed. */
export const ray = new Float64Array(6);
/** Where it entered: [1]. */
export const entry = new Float64Array(1);

/**
 * Where a ray from `e` along `d`, of any length, enters the solid, in lengths of `d`; leaves the normal there in `normal`.
 * Below 0: it does not meet it, or begins inside or beyond. All in the solid's own frame; only sums, products, quotients and
 * square roots, which are the same in every engine.
 */
export function intersect(
  kind: SolidKind,
  size: readonly number[],
  ex: number,
  ey: number,
  ez: number,
  dx: number,
  dy: number,
  dz: number,
): number {
  ray[0] = ex;
  ray[1] = ey;
  ray[2] = ez;
  ray[3] = dx;
  ray[4] = dy;
  ray[5] = dz;
  enter(kind, size);
  return entry[0];
}

/** The same of `ray`; leaves the distance in `entry`. */
export function enter(kind: SolidKind, size: readonly number[]): void {
  entry[0] = -1;
  if (kind === 'plane') plane(size);
  else if (kind === 'sphere') sphere(size);
  else if (kind === 'ellipsoid') ellipsoid(size);
  else if (kind === 'box') box(size);
  else if (kind === 'cylinder') cylinder(size);
  else capsule(size);
}

function plane(size: readonly number[]): void {
  const t = -ray[2] / ray[5];
  if (!(ray[5] < 0 && t > 0)) return;
  if (size[0] > 0 && Math.abs(ray[0] + t * ray[3]) > size[0]) return;
  if (size[1] > 0 && Math.abs(ray[1] + t * ray[4]) > size[1]) return;
  normal[0] = normal[1] = 0;
  normal[2] = 1;
  entry[0] = t;
}

function sphere(size: readonly number[]): void {
  entry[0] = ball(ray[0], ray[1], ray[2], ray[3], ray[4], ray[5], size[0]);
}

function ellipsoid(size: readonly number[]): void {
  const [a, b, c] = [size[0], size[1], size[2]];
  const t = ball(ray[0] / a, ray[1] / b, ray[2] / c, ray[3] / a, ray[4] / b, ray[5] / c, 1);
  if (t < 0) return;
  const [x, y, z] = [normal[0] / a, normal[1] / b, normal[2] / c];
  const length = Math.sqrt(x * x + y * y + z * z);
  normal[0] = x / length;
  normal[1] = y / length;
  normal[2] = z / length;
  entry[0] = t;
}

function ball(ex: number, ey: number, ez: number, dx: number, dy: number, dz: number, radius: number): number {
  const a = dx * dx + dy * dy + dz * dz;
  const b = ex * dx + ey * dy + ez * dz;
  const c = ex * ex + ey * ey + ez * ez - radius * radius;
  const d = b * b - a * c;
  if (d < 0) return -1;
  const t = (-b - Math.sqrt(d)) / a;
  normal[0] = (ex + t * dx) / radius;
  normal[1] = (ey + t * dy) / radius;
  normal[2] = (ez + t * dz) / radius;
  return t;
}

function box(size: readonly number[]): void {
  const x = size[0];
  const y = size[1];
  const z = size[2];
  const ex = ray[0];
  const ey = ray[1];
  const ez = ray[2];
  const dx = ray[3];
  const dy = ray[4];
  const dz = ray[5];
  // Most rays onto a table meet its top, which takes one division to know.
  if (ez > z ? dz < 0 : ez < -z && dz > 0) {
    const t = ((dz > 0 ? -z : z) - ez) / dz;
    if (Math.abs(ex + t * dx) <= x && Math.abs(ey + t * dy) <= y) {
      normal[0] = normal[1] = 0;
      normal[2] = dz > 0 ? -1 : 1;
      entry[0] = t;
      return;
    }
  }
  // Where the ray enters and leaves the three slabs; along a slab a ray is inside or outside all the way.
  const enterX = dx === 0 ? (Math.abs(ex) > x ? Infinity : -Infinity) : ((dx > 0 ? -x : x) - ex) / dx;
  const leaveX = dx === 0 ? Infinity : ((dx > 0 ? x : -x) - ex) / dx;
  const enterY = dy === 0 ? (Math.abs(ey) > y ? Infinity : -Infinity) : ((dy > 0 ? -y : y) - ey) / dy;
  const leaveY = dy === 0 ? Infinity : ((dy > 0 ? y : -y) - ey) / dy;
  const enterZ = dz === 0 ? (Math.abs(ez) > z ? Infinity : -Infinity) : ((dz > 0 ? -z : z) - ez) / dz;
  const leaveZ = dz === 0 ? Infinity : ((dz > 0 ? z : -z) - ez) / dz;
  const t = Math.max(enterX, enterY, enterZ);
  if (t > Math.min(leaveX, leaveY, leaveZ)) return;
  normal[0] = normal[1] = normal[2] = 0;
  if (t === enterX) normal[0] = dx > 0 ? -1 : 1;
  else if (t === enterY) normal[1] = dy > 0 ? -1 : 1;
  else normal[2] = dz > 0 ? -1 : 1;
  entry[0] = t;
}

/** Enters the round side of a cylinder between its ends, if the ray meets that. */
function enterSide(size: readonly number[]): boolean {
  const radius = size[0];
  const ex = ray[0];
  const ey = ray[1];
  const dx = ray[3];
  const dy = ray[4];
  const a = dx * dx + dy * dy;
  const b = ex * dx + ey * dy;
  const d = b * b - a * (ex * ex + ey * ey - radius * radius);
  if (d < 0 || a === 0) return false;
  const side = (-b - Math.sqrt(d)) / a;
  if (side <= 0 || Math.abs(ray[2] + side * ray[5]) > size[1]) return false;
  normal[0] = (ex + side * dx) / radius;
  normal[1] = (ey + side * dy) / radius;
  normal[2] = 0;
  entry[0] = side;
  return true;
}

function cylinder(size: readonly number[]): void {
  if (enterSide(size) || ray[5] === 0) return;
  const end = ray[5] > 0 ? -1 : 1;
  const t = (end * size[1] - ray[2]) / ray[5];
  const x = ray[0] + t * ray[3];
  const y = ray[1] + t * ray[4];
  if (x * x + y * y > size[0] * size[0]) return;
  normal[0] = normal[1] = 0;
  normal[2] = end;
  entry[0] = t;
}

function capsule(size: readonly number[]): void {
  if (enterSide(size)) return;
  const [radius, half] = [size[0], size[1]];
  // Rays that miss the side meet one end first: the one that they come from, or the only one that they meet.
  const upper = ball(ray[0], ray[1], ray[2] - half, ray[3], ray[4], ray[5], radius);
  const ux = normal[0];
  const uy = normal[1];
  const uz = normal[2];
  const lower = ball(ray[0], ray[1], ray[2] + half, ray[3], ray[4], ray[5], radius);
  entry[0] = lower;
  if (lower > 0 && (upper < 0 || lower < upper)) return;
  normal[0] = ux;
  normal[1] = uy;
  normal[2] = uz;
  entry[0] = upper;
}
