// The Transformer against plain arithmetic, its masks, and its gradients.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { evaluate, gradientError } from '../tensor/testing.js';
import { transformer, views } from './index.js';

const random = createRandom(11);
const normals = (n: number) => Array.from({ length: n }, () => random.normal());
const settings = { tokens: 4, width: 6, heads: 2, blocks: 2, hidden: 8 };
const rows = 2;
const x = { shape: [rows, 4, 6], data: normals(rows * 24) };

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
const rowsOf = (values: readonly number[], width: number) =>
  Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));

function norm(v: readonly number[], scale: readonly number[], shift: readonly number[]): number[] {
  const mean = v.reduce((a, b) => a + b, 0) / v.length;
  const deviation = Math.sqrt(v.reduce((a, b) => a + (b - mean) ** 2, 0) / v.length + 1e-5);
  return v.map((value, i) => ((value - mean) / deviation) * scale[i] + shift[i]);
}

function dense(v: readonly number[], weight: readonly number[], bias: readonly number[]): number[] {
  return bias.map((b, j) => b + v.reduce((sum, value, i) => sum + value * weight[i * bias.length + j], 0));
}

const erf = (v: number) => {
  let [term, total] = [v, v];
  for (let n = 1; n < 80; n++) {
    term *= (-v * v) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
};
const gelu = (v: number) => 0.5 * v * (1 + erf(v / Math.SQRT2));

/** One batch row of tokens [T][d] from the formulas; `sees(i, j)`: whether token i sees token j. */
function byHand(flat: readonly number[], tokens: number[][], sees: (i: number, j: number) => boolean): number[][] {
  const { width: d, heads, hidden, blocks } = settings;
  const rest = [...flat];
  const take = (n: number) => rest.splice(0, n);
  const positions = rowsOf(take(4 * d), d);
  const [scale, shift] = [take(d), take(d)];
  let y = tokens.map((token, t) => token.map((v, i) => v + positions[t][i]));
  for (let b = 0; b < blocks; b++) {
    const [s1, t1, wa, ba, wo, bo] = [take(d), take(d), take(3 * d * d), take(3 * d), take(d * d), take(d)];
    const [s2, t2, w0, b0, w1, b1] = [take(d), take(d), take(d * hidden), take(hidden), take(hidden * d), take(d)];
    const qkv = y.map((token) => dense(norm(token, s1, t1), wa, ba));
    const size = d / heads;
    const attended = y.map((_, i) =>
      Array.from({ length: heads }, (_, h) => {
        const part = (t: number, which: number) => qkv[t].slice(which * d + h * size, which * d + (h + 1) * size);
        const scores = y.map((_, j) => (sees(i, j) ? Math.exp(dot(part(i, 0), part(j, 1)) / Math.sqrt(size)) : 0));
        const total = scores.reduce((a, v) => a + v, 0);
        return part(i, 2).map((_, k) => scores.reduce((sum, score, j) => sum + (score / total) * part(j, 2)[k], 0));
      }).flat(),
    );
    y = y.map((token, t) => {
      const out = dense(attended[t], wo, bo);
      return token.map((v, i) => v + out[i]);
    });
    y = y.map((token) => {
      const out = dense(dense(norm(token, s2, t2), w0, b0).map(gelu), w1, b1);
      return token.map((v, i) => v + out[i]);
    });
  }
  return y.map((token) => norm(token, scale, shift));
}

describe('transformer', () => {
  it.each([
    ['all tokens', false, undefined],
    ['causal', true, undefined],
    ['with padding', false, [1, 1, 1, 0, 1, 1, 0, 0]],
    ['causal, with padding', true, [1, 1, 1, 0, 1, 1, 0, 0]],
  ] as const)('is the formula: %s', async (_, causal, present) => {
    const net = transformer({ ...settings, causal });
    const flat = normals(net.layout.size).map((v) => v / 2);
    const { y } = await evaluate(
      (g, [p, tokens]) => ({
        y: net.apply(views(p, net.layout), tokens, present && g.constant(present, [rows, 4])),
      }),
      [{ shape: [flat.length], data: flat }, x],
    );
    const expected = Array.from({ length: rows }, (_, b) =>
      byHand(
        flat,
        rowsOf(x.data.slice(b * 24, (b + 1) * 24), 6),
        (i, j) => (!causal || j <= i) && present?.[4 * b + j] !== 0,
      ),
    ).flat(2);
    for (const [i, value] of y.entries()) expect(value).toBeCloseTo(expected[i], 9);
  });

  it('has the gradients of finite differences in parameters and tokens', async () => {
    const net = transformer({ ...settings, blocks: 1, causal: true });
    const error = await gradientError(
      ([p, tokens]) => net.apply(views(p, net.layout), tokens),
      [{ shape: [net.layout.size], data: normals(net.layout.size).map((v) => v / 2) }, x],
    );
    expect(error).toBeLessThan(1e-5);
  });

  it('begins with plain norms and small positions', () => {
    const { layout, init } = transformer(settings);
    const values = init(createRandom(1));
    for (const { name, offset, shape } of layout.entries) {
      const part = values.subarray(offset, offset + shape.reduce((a, b) => a * b, 1));
      if (name.endsWith('scale')) expect(new Set(part)).toEqual(new Set([1]));
      if (name.endsWith('shift')) expect(new Set(part)).toEqual(new Set([0]));
      if (name.endsWith('positions')) expect(Math.max(...part.map(Math.abs))).toBeLessThan(0.1);
    }
  });

  it('says which width does not go with the heads', () => {
    expect(() => transformer({ ...settings, heads: 4 })).toThrow('width is 6; it must be a multiple of the 4 heads');
  });
});
