// Encoders against plain arithmetic and finite differences; bytes in, in both runtimes.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { grad, program } from '../tensor/index.js';
import { gradientError } from '../tensor/testing.js';
import {
  embedding,
  fourier,
  frozen,
  type InputSpec,
  imageEncoder,
  oneHot,
  smallImages,
  tokenEncoder,
  views,
} from './index.js';
import { features } from './testing.js';

const choice = (choices: number): InputSpec => ({
  name: 'task',
  size: 1,
  shape: [1],
  dtype: 'float32',
  role: 'task',
  normalize: false,
  choices,
});
const random = createRandom(5);
const normals = (n: number) => Array.from({ length: n }, () => random.normal());

describe('Fourier features', () => {
  const numbers: InputSpec = { name: 'goal', size: 2, shape: [2], dtype: 'float32', role: 'goal', normalize: true };

  it('are the numbers, and sines of them', async () => {
    const encoder = fourier({ size: 3, scale: 0.5 })(numbers);
    const flat = encoder.init(createRandom(2));
    const x = [0.3, -1.2, 2, 0.1];
    const wanted = [x.slice(0, 2), x.slice(2)].flatMap(([a, b]) => [
      ...[a, b],
      ...[0, 1, 2].map((i) => Math.sin(a * flat[i] + b * flat[3 + i] + flat[6 + i])),
    ]);
    expect(encoder.size).toBe(5);
    (await features(encoder, flat, Float32Array.from(x), 2)).forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i], 5);
    });
  });

  it('begin with waves of the scale asked for, and any phase', () => {
    const flat = fourier({ size: 4000, scale: 0.5 })(numbers).init(createRandom(3));
    const weights = flat.subarray(0, 8000);
    const deviation = Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0) / weights.length);
    expect(Math.abs(deviation / (0.5 * Math.PI) - 1)).toBeLessThan(0.05); // 6 standard errors
    const phases = flat.subarray(8000);
    expect(Math.max(...phases)).toBeLessThanOrEqual(Math.fround(Math.PI));
    expect(Math.max(...phases) - Math.min(...phases)).toBeGreaterThan(6.2);
  });
});

describe('one-hot and embedding', () => {
  it('choose by a whole number that is stored as a float', async () => {
    const index = Float32Array.of(2, 0, 1);
    expect(await features(oneHot(choice(3)), new Float32Array(0), index, 3)).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0]);
    const encoder = embedding(2)(choice(3));
    const table = encoder.init(createRandom(1));
    expect(await features(encoder, table, index, 3)).toEqual([...table.slice(4, 6), ...table.slice(0, 4)]);
  });

  it('an embedding learns the rows that are chosen, as often as they are', async () => {
    const encoder = embedding(3)(choice(4));
    const index = { shape: [5, 1], data: [3, 1, 1, 0, 1] };
    const error = await gradientError(
      ([p], g) => encoder.apply(views(p, encoder.layout), g.constant(index.data, index.shape)),
      [{ shape: [12], data: normals(12) }],
    );
    expect(error).toBeLessThan(1e-6);
  });

  it('rows begin with about unit length', () => {
    const values = embedding(16)(choice(100)).init(createRandom(3));
    const square = values.reduce((sum, value) => sum + value * value, 0) / 100;
    // A mean of 1600 squares of deviation 1/4: a standard deviation of 0.035.
    expect(Math.abs(square - 1)).toBeLessThan(0.15);
  });
});

describe('images', () => {
  const shape = [8, 7, 3];
  const settings = { channels: [4, 5], kernels: [3, 2], strides: [2, 1], features: 6 };
  const encoder = imageEncoder(shape, settings);
  const rows = 2;
  const bytes = Uint8Array.from({ length: rows * 8 * 7 * 3 }, () => random.below(256));

  /** From the definition, in plain loops. */
  function byHand(flat: ArrayLike<number>, image: (b: number, y: number, x: number, c: number) => number): number[] {
    const rest = Array.from(flat);
    type Picture = { size: number[]; at: (b: number, c: number, y: number, x: number) => number };
    let picture: Picture = { size: [3, 8, 7], at: (b, c, y, x) => image(b, y, x, c) };
    settings.channels.forEach((out, i) => {
      const [channels, height, width] = picture.size;
      const [k, stride] = [settings.kernels[i], settings.strides[i]];
      const weight = rest.splice(0, out * channels * k * k);
      const bias = rest.splice(0, out);
      const before = picture;
      const at = (b: number, o: number, y: number, x: number) => {
        let sum = bias[o];
        for (let c = 0; c < channels; c++)
          for (let dy = 0; dy < k; dy++)
            for (let dx = 0; dx < k; dx++)
              sum += before.at(b, c, y * stride + dy, x * stride + dx) * weight[((o * channels + c) * k + dy) * k + dx];
        return Math.max(0, sum);
      };
      picture = { size: [out, Math.floor((height - k) / stride) + 1, Math.floor((width - k) / stride) + 1], at };
    });
    const [channels, height, width] = picture.size;
    return Array.from({ length: rows }, (_, b) => {
      const x = Array.from({ length: channels * height * width }, (_, i) =>
        picture.at(b, Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width),
      );
      const head = Array.from({ length: 6 }, (_, j) =>
        x.reduce((sum, v, i) => sum + v * rest[i * 6 + j], rest[x.length * 6 + j]),
      );
      const mean = head.reduce((a, v) => a + v, 0) / 6;
      const deviation = Math.sqrt(head.reduce((a, v) => a + (v - mean) ** 2, 0) / 6 + 1e-5);
      return head.map((v) => Math.tanh((v - mean) / deviation));
    }).flat();
  }

  it('are the formula, from bytes, in both runtimes', async () => {
    const flat = encoder.init(createRandom(2));
    const expected = byHand(flat, (b, y, x, c) => bytes[((b * 8 + y) * 7 + x) * 3 + c] / 255 - 0.5);
    const found = await features(encoder, flat, bytes, rows);
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i], 4);
  });

  it('have the gradients of finite differences', async () => {
    const pictures = Array.from(bytes, (byte) => byte / 255);
    const error = await gradientError(
      ([p], g) => encoder.apply(views(p, encoder.layout), g.constant(pictures, [rows, pictures.length / rows])),
      [{ shape: [encoder.layout.size], data: normals(encoder.layout.size).map((v) => v / 3) }],
    );
    expect(error).toBeLessThan(1e-5);
  });

  it('begin with kernels by their inputs', () => {
    const { layout, init } = imageEncoder([32, 32, 3], smallImages);
    const values = init(createRandom(1));
    const largest = (name: string) => {
      const entry = layout.entries.find((e) => e.name === name)!;
      const size = entry.shape.reduce((a, b) => a * b, 1);
      return Math.max(...values.subarray(entry.offset, entry.offset + size).map(Math.abs));
    };
    expect(largest('conv0.weight')).toBeLessThanOrEqual(1 / Math.sqrt(27));
    expect(largest('conv0.weight')).toBeGreaterThan(0.9 / Math.sqrt(27));
    expect(largest('conv1.weight')).toBeLessThanOrEqual(1 / Math.sqrt(16 * 9));
  });

  it('give a frozen encoder no gradient', async () => {
    const still = frozen(encoder);
    const built = program('frozen', (g) => {
      const p = g.input('p', [encoder.layout.size]);
      const x = g.input('x', [rows, bytes.length / rows], 'uint8').cast('float32');
      return { d: grad(still.apply(views(p, encoder.layout), x).sum(), [p])[0] };
    });
    const executable = await nodeRuntime.compile(built);
    const { d } = await executable.run({ p: encoder.init(createRandom(2)), x: bytes });
    expect(new Set(d as Float32Array)).toEqual(new Set([0]));
    await executable.dispose();
  });
});

describe('tokens', () => {
  const settings = { patch: 2, width: 4, heads: 2, blocks: 1 };
  const of = (shape: readonly number[]): InputSpec => ({
    ...{ name: 'seen', shape, size: shape.reduce((a, b) => a * b, 1) },
    ...{ dtype: 'float32', role: 'state', normalize: false },
  });

  it('of a picture are its patches: what does not fill one is not seen', async () => {
    const encoder = tokenEncoder(settings)(of([5, 4, 3]));
    expect(encoder.layout.entries[0]).toEqual({ name: 'input.0.weight', shape: [12, 4], offset: 0 });
    const flat = encoder.init(createRandom(1));
    const bytes = Uint8Array.from({ length: 60 }, () => random.below(256));
    const found = await features(encoder, flat, bytes, 1);
    expect(found).toHaveLength(4);
    const changed = async (at: number) => {
      const other = bytes.slice();
      other[at] ^= 128;
      return features(encoder, flat, other, 1);
    };
    expect(await changed(59)).toEqual(found);
    expect(await changed(47)).not.toEqual(found);
  });

  it('of a list are its rows, whose order counts', async () => {
    const encoder = tokenEncoder(settings)(of([3, 2]));
    const flat = encoder.init(createRandom(1));
    const rows = [0, 2, 1, -1, 0.5, 0];
    const [one, other] = [rows, [...rows.slice(2), ...rows.slice(0, 2)]].map((x) => Float32Array.from(x));
    expect(await features(encoder, flat, one, 1)).not.toEqual(await features(encoder, flat, other, 1));
  });

  it('have the gradients of finite differences', async () => {
    const encoder = tokenEncoder(settings)(of([4, 4, 1]));
    const pictures = { shape: [2, 16], data: Array.from({ length: 32 }, () => random.uniform()) };
    const error = await gradientError(
      ([p, x]) => encoder.apply(views(p, encoder.layout), x),
      [{ shape: [encoder.layout.size], data: normals(encoder.layout.size).map((v) => v / 2) }, pictures],
    );
    expect(error).toBeLessThan(1e-5);
  });
});
