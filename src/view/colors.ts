// Viridis, the colour map whose steps look equally large, also in grey and with any colour vision (van der Walt and Smith).

/** Its colours at equal distances; in between they are mixed. */
const STOPS = [
  [68, 1, 84],
  [72, 35, 116],
  [64, 67, 135],
  [52, 94, 141],
  [41, 120, 142],
  [32, 144, 140],
  [34, 167, 132],
  [68, 190, 112],
  [121, 209, 81],
  [189, 222, 38],
  [253, 231, 37],
] as const;

/** Red, green and blue (0 to 255) at `t` from 0 to 1, written to `out[at]`. */
export function viridis(t: number, out: Uint8ClampedArray | number[], at = 0): void {
  const x = Math.min(Math.max(t, 0), 1) * (STOPS.length - 1);
  const i = Math.min(Math.floor(x), STOPS.length - 2);
  for (let c = 0; c < 3; c++) out[at + c] = STOPS[i][c] + (x - i) * (STOPS[i + 1][c] - STOPS[i][c]);
}

export const viridisGradient = `linear-gradient(to right, ${STOPS.map((stop) => `rgb(${stop.join(',')})`).join(', ')})`;

/** A field as RGBA, the top row last; transparent where there is no value. Equal values get the middle colour. */
export function fieldPixels(
  values: Float32Array,
  low: number,
  high: number,
  alpha: number,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * values.length);
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    viridis(high > low ? (value - low) / (high - low) : 0.5, pixels, 4 * i);
    pixels[4 * i + 3] = alpha;
  }
  return pixels;
}
