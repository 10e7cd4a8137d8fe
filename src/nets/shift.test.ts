// Moved pictures against plain code, for whole and broken offsets.
import { expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { program } from '../tensor/index.js';
import { shiftPictures } from './shift.js';

test('each picture moves by its own offset, edges repeat, and between pixels it is linear', async () => {
  const [high, wide, channels] = [5, 7, 2];
  const offsets = [0, 0, 2, -3, -1, 1, 0.25, -0.5];
  const random = createRandom(1);
  const pictures = Float32Array.from({ length: 4 * high * wide * channels }, () => random.uniform());
  const run = await nodeRuntime.compile(
    program('shift', (g) => ({
      moved: shiftPictures(g.input('x', [4, high, wide, channels]), g.input('by', [4, 2])),
    })),
  );
  const { moved } = await run.run({ x: pictures, by: Float32Array.from(offsets) });
  const at = (b: number, i: number, j: number, c: number) => {
    const [row, column] = [Math.min(Math.max(i, 0), high - 1), Math.min(Math.max(j, 0), wide - 1)];
    const [i0, j0] = [Math.floor(row), Math.floor(column)];
    const pixel = (k: number, l: number) =>
      pictures[((b * high + Math.min(k, high - 1)) * wide + Math.min(l, wide - 1)) * channels + c];
    const mix = (k: number) => pixel(k, j0) * (1 - (column - j0)) + pixel(k, j0 + 1) * (column - j0);
    return mix(i0) * (1 - (row - i0)) + mix(i0 + 1) * (row - i0);
  };
  for (let b = 0; b < 4; b++) {
    for (let i = 0; i < high; i++) {
      for (let j = 0; j < wide; j++) {
        for (let c = 0; c < channels; c++) {
          const value = (moved as Float32Array)[((b * high + i) * wide + j) * channels + c];
          expect(value).toBeCloseTo(at(b, i - offsets[2 * b], j - offsets[2 * b + 1], c), 5);
        }
      }
    }
  }
  await run.dispose();
});
