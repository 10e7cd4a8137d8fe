// Pictures in the light of another input: the formula in plain loops, finite differences, what is asked changes what is seen.
import { expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { program } from '../tensor/index.js';
import { gradientError } from '../tensor/testing.js';
import { filmEncoder, type InputSpec, views } from './index.js';

const by: InputSpec = { name: 'said', size: 2, shape: [2], dtype: 'float32', role: 'task', normalize: false };
const [height, width, depth, channels, features] = [3, 2, 2, 2, 4];
const settings = { by, channels, features };
/** The blocks alone, the answers alone, and both. */
const forms = [
  [1, 0],
  [0, 3],
  [2, 1],
] as const;
const random = createRandom(3);
const normals = (n: number) => Array.from({ length: n }, () => random.normal());
const numbers = height * width * depth;

/** One picture, place by place, by the definition. */
function byHand(
  flat: readonly number[],
  picture: readonly number[],
  said: readonly number[],
  form: (typeof forms)[number],
) {
  const [blocks, picks] = form;
  const rest = [...flat];
  const layer = (inputs: number, outputs: number) => {
    const [weight, bias] = [rest.splice(0, inputs * outputs), rest.splice(0, outputs)];
    return (x: readonly number[]) => bias.map((b, j) => x.reduce((sum, v, i) => sum + v * weight[i * outputs + j], b));
  };
  const relu = (x: readonly number[]) => x.map((v) => Math.max(0, v));
  const cells = Array.from({ length: height * width }, (_, at) => picture.slice(at * depth, (at + 1) * depth));
  const first = layer(depth, channels);
  let places = cells.map((cell) => relu(first(cell)));
  for (let i = 0; i < blocks; i++) {
    const [a, b] = [layer(channels, channels), layer(channels, channels)];
    const film = layer(2, 2 * channels)(said);
    places = places.map((y) => {
      const lit = b(relu(a(y))).map((v, c) => (1 + film[c]) * v + film[channels + c]);
      return relu(lit).map((v, c) => v + y[c]);
    });
  }
  const asked = picks > 0 ? layer(2, picks * (depth + 1))(said) : [];
  const answers = cells.map((cell) =>
    relu(
      Array.from({ length: picks }, (_, p) =>
        cell.reduce((sum, v, j) => sum + v * asked[j * picks + p], asked[depth * picks + p]),
      ),
    ),
  );
  return relu(layer(height * width * (channels + picks), features)([...places.flat(), ...answers.flat()]));
}

it.each(forms)(
  'is the formula, and another sentence makes another sight: %d blocks, %d picks',
  async (blocks, picks) => {
    const encoder = filmEncoder([height, width, depth], { ...settings, blocks, picks });
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
    const expected = sayings.map((said) => byHand(flat, picture, said, [blocks, picks] as (typeof forms)[number]));
    for (const [i, value] of expected.flat().entries()) expect(y[i]).toBeCloseTo(value, 3);
    expect(expected[0]).not.toEqual(expected[1]);
    await executable.dispose();
  },
);

it.each(forms)('has the gradients of finite differences: %d blocks, %d picks', async (blocks, picks) => {
  const encoder = filmEncoder([height, width, depth], { ...settings, blocks, picks });
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
