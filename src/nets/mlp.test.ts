// What happens between the layers of an MLP, against plain arithmetic.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { evaluate } from '../tensor/testing.js';
import { layerNormRelu, mlp, mlpLayout, relu, views } from './index.js';

const sizes = [3, 5, 4, 2];
const layout = mlpLayout(sizes);
const rows = 6;
const random = createRandom(8);
const normals = (n: number) => Array.from({ length: n }, () => random.normal());
const flat = normals(layout.size);
const x = normals(rows * 3);

const plainRelu = (y: number[]) => y.map((value) => Math.max(0, value));
const plainLayerNormRelu = (y: number[]) => {
  const mean = y.reduce((a, b) => a + b) / y.length;
  const variance = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length;
  return y.map((value) => Math.max(0, (value - mean) / Math.sqrt(variance + 1e-5)));
};

function plain(activation: (y: number[]) => number[]): number[] {
  return Array.from({ length: rows }, (_, row) => {
    let y = x.slice(3 * row, 3 * row + 3);
    for (let i = 0; i < layout.entries.length; i += 2) {
      const [weight, bias] = layout.entries.slice(i, i + 2);
      const out = bias.shape[0];
      const input = y;
      y = Array.from({ length: out }, (_, j) =>
        input.reduce((sum, value, k) => sum + value * flat[weight.offset + k * out + j], flat[bias.offset + j]),
      );
      if (i + 2 < layout.entries.length) y = activation(y);
    }
    return y;
  }).flat();
}

describe('mlp', () => {
  it.each([
    ['relu', relu, plainRelu],
    ['layerNormRelu', layerNormRelu, plainLayerNormRelu],
  ])('with %s', async (_, activation, plainActivation) => {
    const { y } = await evaluate(
      (_g, [p, input]) => ({ y: mlp(views(p, layout), input, activation) }),
      [
        { shape: [flat.length], data: flat },
        { shape: [rows, 3], data: x },
      ],
    );
    plain(plainActivation).forEach((value, i) => {
      expect(Math.abs(y[i] - value)).toBeLessThan(1e-10);
    });
  });
});
