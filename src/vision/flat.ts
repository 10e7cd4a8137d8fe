// A camera above a flat world: a ground that stays, and a disc that moves over it.
import type { Camera } from './stage.js';

type Colour = readonly [red: number, green: number, blue: number];

export interface FlatWorld {
  /** Half the width of what is seen, in the world's unit; its middle is (0, 0), y is up. */
  readonly half: number;
  /** The colour of the ground at a place, each from 0 to 255. */
  ground(x: number, y: number): Colour;
  /** Radius as a share of the picture's width. */
  readonly disc: { readonly radius: number; readonly colour: Colour };
  /** Where the disc is now, along x (0) or y (1). */
  place(axis: 0 | 1): number;
}

/** Samples of the ground along each side of a pixel. */
const SAMPLES = 4;

/** The disc's edge is smoothed over a pixel, so that every small move is seen. Equal states give equal bytes everywhere. */
export function createFlatCamera({ half, ground, disc, place }: FlatWorld, size: number): Camera {
  const still = new Uint8Array(3 * size * size);
  const at = (pixels: number) => half * ((2 * pixels) / size - 1);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const sum = [0, 0, 0];
      for (let k = 0; k < SAMPLES * SAMPLES; k++) {
        const [down, right] = [(Math.floor(k / SAMPLES) + 0.5) / SAMPLES, ((k % SAMPLES) + 0.5) / SAMPLES];
        const colour = ground(at(j + right), -at(i + down));
        for (let c = 0; c < 3; c++) sum[c] += colour[c];
      }
      for (let c = 0; c < 3; c++) still[3 * (i * size + j) + c] = Math.round(sum[c] / (SAMPLES * SAMPLES));
    }
  }
  const { colour } = disc;
  const radius = disc.radius * size;
  const pixel = (along: number) => ((along / half + 1) / 2) * size;
  const within = (where: number) => Math.min(Math.max(Math.floor(where), 0), size - 1);
  return {
    take(out) {
      out.set(still);
      const column = pixel(place(0));
      const row = pixel(-place(1));
      const lastRow = within(row + radius + 1);
      const lastColumn = within(column + radius + 1);
      for (let i = within(row - radius - 1); i <= lastRow; i++) {
        for (let j = within(column - radius - 1); j <= lastColumn; j++) {
          const dy = i + 0.5 - row;
          const dx = j + 0.5 - column;
          const share = Math.min(Math.max(radius + 0.5 - Math.sqrt(dx * dx + dy * dy), 0), 1);
          if (share === 0) continue;
          const to = 3 * (i * size + j);
          for (let c = 0; c < 3; c++) out[to + c] = Math.round(out[to + c] + share * (colour[c] - out[to + c]));
        }
      }
    },
  };
}
