// Places in pictures: by hand, with finite differences, and what is looked for by what another input says.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { gradientError } from '../tensor/testing.js';
import { type InputSpec, keypointEncoder, views } from './index.js';
import { features } from './testing.js';

const random = createRandom(5);
const normals = (n: number) => Array.from({ length: n }, () => random.normal());

describe('keypoints', () => {
  const settings = { channels: [3], kernels: [2], strides: [1] };
  const encoder = keypointEncoder([4, 6, 1], settings);

  it('are where a channel responds most, x before y, in both runtimes', async () => {
    expect(encoder.size).toBe(6);
    // One channel that responds to light in its upper left pixel, one to none, one to darkness there.
    const kernels = [1, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0];
    const flat = Float32Array.from([...kernels, 0, 0, 0, 100, 1, 100]);
    const bytes = new Uint8Array(24);
    bytes[1 * 6 + 3] = 255; // row 1, column 3 of 3 x 5 places: in the middle of the rows, three quarters along
    const places = await features(encoder, flat, bytes, 1);
    const expected = [0.5, 0, 0, 0];
    for (const [i, value] of expected.entries()) expect(places[i]).toBeCloseTo(value, 4);
    // All places but one are dark: their mean, which lies a little on the other side.
    expect(places[4]).toBeCloseTo(-0.5 / 14, 4);
    expect(places[5]).toBeCloseTo(0, 4);
  });

  it('begin with a scale of 1', () => {
    expect([...encoder.init(createRandom(1)).subarray(-3)]).toEqual([1, 1, 1]);
  });

  it('have the gradients of finite differences', async () => {
    const pictures = { shape: [2, 24], data: Array.from({ length: 48 }, () => random.uniform()) };
    const error = await gradientError(
      ([p, x]) => encoder.apply(views(p, encoder.layout), x),
      [{ shape: [encoder.layout.size], data: normals(encoder.layout.size) }, pictures],
    );
    expect(error).toBeLessThan(1e-5);
  });
});

describe('what is looked for', () => {
  const by: InputSpec = { name: 'said', size: 2, shape: [2], dtype: 'float32', role: 'task', normalize: false };
  const settings = { channels: [2], kernels: [1], strides: [1] };
  const encoder = keypointEncoder([4, 6, 1], settings, { by, picks: 1 });
  const places = encoder.layout.entries.find(({ name }) => name === 'scale');

  it('is a place more for each pick, after those of the channels', () => {
    expect(encoder.size).toBe(2 * 3);
    expect(places?.shape).toEqual([3]);
    expect(encoder.layout.entries.map(({ name }) => name).slice(2, 4)).toEqual(['asked.0.weight', 'asked.0.bias']);
    expect([...encoder.init(createRandom(1)).subarray(-3)]).toEqual([1, 1, 1]);
  });

  it('is where the channel responds that is asked for, and the channels stay as they are', async () => {
    const flat = new Float32Array(encoder.layout.size);
    const put = (name: string, values: readonly number[]) => {
      const entry = encoder.layout.entries.find((one) => one.name === name);
      flat.set(values, entry?.offset);
    };
    // The first channel responds to what is bright, the second to what is dark; pixels come centred, from -0.5 to 0.5.
    put('conv0.weight', [1, -1]);
    put('scale', [100, 100, 100]);
    // "said" goes through the first two of the layer between, and from there to the weight of a channel each.
    put('asked.0.weight', [1, ...new Array(31).fill(0), 0, 1, ...new Array(30).fill(0)]);
    put('asked.1.weight', [1, 0, 0, 1]);
    const picture = new Uint8Array(24).fill(128);
    picture[0] = 255; // bright in the upper left corner
    picture[23] = 0; // dark in the lower right one
    const corner = (x: readonly number[]) => x.map((value) => Math.round(value * 1000) / 1000);
    const bright = await features(encoder, flat, picture, 1, Float32Array.of(1, 0));
    const dark = await features(encoder, flat, picture, 1, Float32Array.of(0, 1));
    expect(corner(bright)).toEqual([-1, -1, 1, 1, -1, -1]);
    expect(corner(dark)).toEqual([-1, -1, 1, 1, 1, 1]);
  });

  it('has the gradients of finite differences, in what is said too', async () => {
    const pictures = { shape: [2, 24], data: Array.from({ length: 48 }, () => random.uniform()) };
    const error = await gradientError(
      ([p, x, said]) => encoder.apply(views(p, encoder.layout), x, { said }),
      [
        { shape: [encoder.layout.size], data: normals(encoder.layout.size) },
        pictures,
        { shape: [2, 2], data: normals(4) },
      ],
    );
    expect(error).toBeLessThan(1e-5);
  });
});
