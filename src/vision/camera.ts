// A camera for learning: thousands of small pictures of a few solids in a second, without a graphics card.
import { drawSolid, type Frame } from './draw-solid.js';
import type { Camera, Stage, View } from './stage.js';

export interface CameraSettings {
  /** Pixels along each side. */
  readonly size: number;
  /** Each pixel is the mean of the square of this many samples; 1 to 4. */
  readonly samples?: number;
}

/** Behind everything: red, green, blue. */
const sky = 0xb8c4d2;

/**
 * A camera of a stage. Solids that never move are drawn once, unless the camera goes along with something; the others within the rectangles that they can cover, by
 * exact intersections with the rays of each sample, nearest first by depth. Light is a sun and an even sky, without shadows.
 *
 * Only +, -, *, / and square roots are used, which IEEE 754 rounds in one way: every engine draws the same bytes.
 */
export function createCamera(stage: Stage, view: View, { size, samples = 2 }: CameraSettings): Camera {
  const side = size * samples;
  const frame = createFrame(view, side);
  const { colour, depth } = frame;
  const count = stage.solids.length;
  const { along } = view;
  const follow = () => {
    const origin = along?.();
    for (let i = 0; origin && i < 3; i++) frame.from[i] = view.from[i] + origin[i];
  };
  const draw = (still: boolean) => {
    const positions = stage.positions();
    const rotations = stage.rotations();
    const colours = stage.colours();
    // From the last to the first: floor and table come first in a stage, and what is hidden behind others need not be lit.
    for (let i = count - 1; i >= 0; i--) {
      if (stage.solids[i].still === still) drawSolid(frame, stage.solids[i], i, positions, rotations, colours);
    }
  };
  colour.fill(sky);
  depth.fill(Number.POSITIVE_INFINITY);
  if (!along) draw(true);
  const ground = { colour: colour.slice(), depth: depth.slice() };
  return {
    take(out) {
      colour.set(ground.colour);
      depth.set(ground.depth);
      follow();
      draw(false);
      if (along) draw(true);
      average(colour, side, samples, out);
    },
  };
}

function createFrame({ from, at, width }: View, side: number): Frame {
  const [x, y, z] = [at[0] - from[0], at[1] - from[1], at[2] - from[2]];
  const distance = Math.sqrt(x * x + y * y + z * z);
  const [fx, fy, fz] = [x / distance, y / distance, z / distance];
  const across = Math.sqrt(fx * fx + fy * fy);
  const [rx, ry] = [fy / across, -fx / across];
  return {
    side,
    from: [...from],
    forward: [fx, fy, fz],
    right: [rx, ry, 0],
    up: [ry * fz, -rx * fz, rx * fy - ry * fx],
    scale: width / distance / side,
    colour: new Int32Array(side * side),
    depth: new Float32Array(side * side),
  };
}

/** The mean of each pixel's samples, rounded; two colours are added up in one number, 16 bits apart. */
function average(colour: Int32Array, side: number, samples: number, out: Uint8Array): void {
  const size = side / samples;
  const n = samples * samples;
  const half = n >> 1;
  let to = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let redBlue = 0;
      let green = 0;
      for (let a = 0; a < samples; a++) {
        const row = (i * samples + a) * side + j * samples;
        for (let b = 0; b < samples; b++) {
          const value = colour[row + b];
          redBlue += value & 0xff00ff;
          green += value & 0xff00;
        }
      }
      out[to] = ((redBlue >> 16) + half) / n;
      out[to + 1] = ((green >> 8) + half) / n;
      out[to + 2] = ((redBlue & 0xffff) + half) / n;
      to += 3;
    }
  }
}
