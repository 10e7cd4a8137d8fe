// Pictures in the light of another input: the formula in plain loops, finite differences, what is asked changes what is seen.
import { expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { program } from '../tensor/index.js';
import { gradientError } from '../tensor/testing.js';
import { filmEncoder, type InputSpec, views } from './index.js';

const by: InputSpec = { name: 'said', size: 2, shape: [2], dtype: 'float32', role: 'task', normalize: false };
const [height, width, depth, channels, kernel, features] = [3, 2, 2, 2, 3, 4];
const encoder = filmEncoder([height, width, depth], { by, channels, blocks: 1, kernel, features });
const random = createRandom(3);
const normals = (n: number) => Array.from({ length: n }, () => random.normal());
const numbers = height * width * depth;

/** One picture [y][x][c] by the definition. */
function byHand(flat: readonly number[], picture: readonly number[], said: readonly number[]): number[] {
  const rest = [...flat];
  const take = (n: number) => rest.splice(0, n);
  type Places = (c: number, y: number, x: number) => number;
  const convolved = (of: Places, from: number, k: number): Places => {
    const [weight, bias] = [take(channels * from * k * k), take(channels)];
    const inside = (c: number, y: number, x: number) => (y >= 0 && y < height && x >= 0 && x < width ? of(c, y, x) : 0);
    return (o, y, x) => {
      let sum = bias[o];
      for (let c = 0; c < from; c++)
        for (let dy = 0; dy < k; dy++)
          for (let dx = 0; dx < k; dx++)
            sum += inside(c, y + dy - (k - 1) / 2, x + dx - (k - 1) / 2) * weight[((o * from + c) * k + dy) * k + dx];
      return sum;
    };
  };
  const relu =
    (of: Places): Places =>
    (...at) =>
      Math.max(0, of(...at));
  const first = relu(convolved((c, y, x) => picture[(y * width + x) * depth + c], depth, kernel));
  const mixed = relu(convolved(first, channels, 1));
  const second = convolved(mixed, channels, kernel);
  const [weight, bias] = [take(2 * 2 * channels), take(2 * channels)];
  const film = bias.map((b, i) => b + said.reduce((sum, z, j) => sum + z * weight[j * 2 * channels + i], 0));
  const y: Places = (c, ...at) => first(c, ...at) + Math.max(0, (1 + film[c]) * second(c, ...at) + film[channels + c]);
  const seen = Array.from({ length: channels * height * width }, (_, i) =>
    y(Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width),
  );
  const [head, ends] = [take(seen.length * features), take(features)];
  return ends.map((b, j) =>
    Math.max(
      0,
      seen.reduce((sum, v, i) => sum + v * head[i * features + j], b),
    ),
  );
}

it('is the formula, and another sentence makes another sight of the same picture', async () => {
  const flat = normals(encoder.layout.size);
  const picture = normals(numbers);
  const sayings = [
    [1, -0.5],
    [-1, 2],
  ];
  const built = program('film', (g) => {
    const seen = { said: g.input('said', [2, 2]) };
    return { y: encoder.apply(views(g.input('p', [flat.length]), encoder.layout), g.input('x', [2, numbers]), seen) };
  });
  const executable = await nodeRuntime.compile(built);
  const given = { said: sayings.flat(), p: flat, x: [...picture, ...picture] };
  const { y } = await executable.run(
    Object.fromEntries(Object.entries(given).map(([name, values]) => [name, Float32Array.from(values)])),
  );
  const expected = sayings.map((said) => byHand(flat, picture, said));
  for (const [i, value] of expected.flat().entries()) expect(y[i]).toBeCloseTo(value, 3);
  expect(expected[0]).not.toEqual(expected[1]);
  await executable.dispose();
});

it('has the gradients of finite differences', async () => {
  const error = await gradientError(
    ([p, x, said]) => encoder.apply(views(p, encoder.layout), x, { said }),
    [
      { shape: [encoder.layout.size], data: normals(encoder.layout.size) },
      { shape: [2, numbers], data: normals(2 * numbers) },
      { shape: [2, 2], data: normals(4) },
    ],
  );
  expect(error).toBeLessThan(1e-5);
});
