// Where rays enter the solids of scenes, and which way the surface looks there.
import type { SolidKind } from './stage.js';

/** Of the latest hit, in the solid's frame; of length 1. One for all, so that a ray makes nothing. */
export const normal = new Float64Array(3);

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
  switch (kind) {
    case 'plane': {
      const t = -ez / dz;
      if (!(dz < 0 && t > 0)) return -1;
      if (size[0] > 0 && Math.abs(ex + t * dx) > size[0]) return -1;
      if (size[1] > 0 && Math.abs(ey + t * dy) > size[1]) return -1;
      normal[0] = normal[1] = 0;
      normal[2] = 1;
      return t;
    }
    case 'sphere':
      return ball(ex, ey, ez, dx, dy, dz, size[0]);
    case 'ellipsoid': {
      const [a, b, c] = [size[0], size[1], size[2]];
      const t = ball(ex / a, ey / b, ez / c, dx / a, dy / b, dz / c, 1);
      if (t < 0) return t;
      normal[0] /= a;
      normal[1] /= b;
      normal[2] /= c;
      const length = Math.sqrt(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]);
      normal[0] /= length;
      normal[1] /= length;
      normal[2] /= length;
      return t;
    }
    case 'box':
      return box(ex, ey, ez, dx, dy, dz, size[0], size[1], size[2]);
    case 'cylinder':
      return cylinder(ex, ey, ez, dx, dy, dz, size[0], size[1]);
    default:
      return capsule(ex, ey, ez, dx, dy, dz, size[0], size[1]);
  }
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

function box(
  ex: number,
  ey: number,
  ez: number,
  dx: number,
  dy: number,
  dz: number,
  x: number,
  y: number,
  z: number,
): number {
  // Most rays onto a table meet its top, which takes one division to know.
  if (ez > z ? dz < 0 : ez < -z && dz > 0) {
    const t = ((dz > 0 ? -z : z) - ez) / dz;
    if (Math.abs(ex + t * dx) <= x && Math.abs(ey + t * dy) <= y) {
      normal[0] = normal[1] = 0;
      normal[2] = dz > 0 ? -1 : 1;
      return t;
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
  if (t > Math.min(leaveX, leaveY, leaveZ)) return -1;
  normal[0] = normal[1] = normal[2] = 0;
  if (t === enterX) normal[0] = dx > 0 ? -1 : 1;
  else if (t === enterY) normal[1] = dy > 0 ? -1 : 1;
  else normal[2] = dz > 0 ? -1 : 1;
  return t;
}

/** The round side of a cylinder of any length; z is not looked at. */
function tube(ex: number, ey: number, dx: number, dy: number, radius: number): number {
  const a = dx * dx + dy * dy;
  const b = ex * dx + ey * dy;
  const d = b * b - a * (ex * ex + ey * ey - radius * radius);
  if (d < 0 || a === 0) return -1;
  return (-b - Math.sqrt(d)) / a;
}

/** The same between -half and half, with the normal there; -1 where the ray meets it beyond. */
function roundSide(
  ex: number,
  ey: number,
  ez: number,
  dx: number,
  dy: number,
  dz: number,
  radius: number,
  half: number,
): number {
  const side = tube(ex, ey, dx, dy, radius);
  if (side <= 0 || Math.abs(ez + side * dz) > half) return -1;
  normal[0] = (ex + side * dx) / radius;
  normal[1] = (ey + side * dy) / radius;
  normal[2] = 0;
  return side;
}

function cylinder(
  ex: number,
  ey: number,
  ez: number,
  dx: number,
  dy: number,
  dz: number,
  radius: number,
  half: number,
): number {
  const side = roundSide(ex, ey, ez, dx, dy, dz, radius, half);
  if (side > 0) return side;
  if (dz === 0) return -1;
  const t = ((dz > 0 ? -half : half) - ez) / dz;
  const x = ex + t * dx;
  const y = ey + t * dy;
  if (x * x + y * y > radius * radius) return -1;
  normal[0] = normal[1] = 0;
  normal[2] = dz > 0 ? -1 : 1;
  return t;
}

function capsule(
  ex: number,
  ey: number,
  ez: number,
  dx: number,
  dy: number,
  dz: number,
  radius: number,
  half: number,
): number {
  const side = roundSide(ex, ey, ez, dx, dy, dz, radius, half);
  if (side > 0) return side;
  // Rays that miss the side meet one end first: the one that they come from, or the only one that they meet.
  const upper = ball(ex, ey, ez - half, dx, dy, dz, radius);
  const ux = normal[0];
  const uy = normal[1];
  const uz = normal[2];
  const lower = ball(ex, ey, ez + half, dx, dy, dz, radius);
  if (lower > 0 && (upper < 0 || lower < upper)) return lower;
  normal[0] = ux;
  normal[1] = uy;
  normal[2] = uz;
  return upper;
}
