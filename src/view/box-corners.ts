// The corners of a box that lies in the plane, turned as its pose says.

const SIGNS = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
] as const;

/**
 * Four corners about the middle, one after another, in units of `size` (half widths along the box's own axes). `turn`: the
 * box's two axes in the plane, as the upper left part of a row-major rotation [xx, xy, yx, yy]. Undefined where it stands
 * upright, so that whoever draws may keep to whole pixels.
 */
export function turnedCorners(
  [w, h]: readonly [number, number],
  [xx, xy, yx, yy]: readonly [number, number, number, number],
): readonly (readonly [number, number])[] | undefined {
  if (xx === 1 && yy === 1) return undefined;
  return SIGNS.map(([a, b]) => [a * w * xx + b * h * xy, a * w * yx + b * h * yy]);
}
