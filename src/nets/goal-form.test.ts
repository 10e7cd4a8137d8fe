// Every form of combining state, goal and action against plain arithmetic, its gradients, and its named parameters.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { program, type Tensor, toOnnx } from '../tensor/index.js';
import { evaluate, gradientError } from '../tensor/testing.js';
import { type GoalForm, type GoalNetworkSettings, goalForms, goalNetwork } from './goal-form.js';
import { combine } from './input.js';
import { views } from './layout.js';
import { mlp, mlpLayout } from './mlp.js';

const sizes = { observation: 3, goal: 2, action: 1, outputs: 2 };
const settings = (goalForm: GoalForm): GoalNetworkSettings => ({ goalForm, hidden: [5], encoder: [4, 3] });
const rows = 4;

const random = createRandom(8);
const numbers = (n: number): number[] => Array.from({ length: n }, () => random.normal());
const parts = {
  s: numbers(rows * sizes.observation),
  g: numbers(rows * sizes.goal),
  a: numbers(rows * sizes.action),
};
const shapes = { s: [rows, sizes.observation], g: [rows, sizes.goal], a: [rows, sizes.action] };

/** The form with these parameters at the parts above, by the tensor program. */
async function byProgram(goalForm: GoalForm, flat: readonly number[]): Promise<number[]> {
  const network = goalNetwork(sizes, settings(goalForm));
  const { y } = await evaluate(
    (_g, [p, s, g, a]) => ({ y: network.apply(views(p, network.layout), s, g, a) }),
    [
      { shape: [flat.length], data: flat },
      { shape: shapes.s, data: parts.s },
      { shape: shapes.g, data: parts.g },
      { shape: shapes.a, data: parts.a },
    ],
  );
  return y;
}

/** Dense layers of the given widths in plain arithmetic, ReLU between them; takes its parameters from the front. */
function layers(parameters: number[], widths: readonly number[], x: readonly number[]): number[] {
  return widths.slice(1).reduce<number[]>(
    (input, out, layer) => {
      const weight = parameters.splice(0, input.length * out);
      const bias = parameters.splice(0, out);
      return bias.map((b, j) => {
        const sum = input.reduce((total, value, i) => total + value * weight[i * out + j], b);
        return layer + 2 < widths.length ? Math.max(0, sum) : sum;
      });
    },
    [...x],
  );
}

const row = (values: readonly number[], size: number, i: number) => values.slice(i * size, (i + 1) * size);
const relu = (values: number[]) => values.map((x) => Math.max(0, x));

/** The same in plain arithmetic, written from the formulas. */
function byHand(goalForm: GoalForm, flat: readonly number[]): number[] {
  return Array.from({ length: rows }, (_, i) => {
    const rest = [...flat];
    const [s, g, a] = [row(parts.s, 3, i), row(parts.g, 2, i), row(parts.a, 1, i)];
    if (goalForm === 'concat') return layers(rest, [6, 5, 2], [...s, ...g, ...a]);
    if (goalForm === 'encoders') {
      const phi = relu(layers(rest, [3, 4, 3], s));
      const psi = relu(layers(rest, [2, 4, 3], g));
      return layers(rest, [7, 5, 2], [...phi, ...psi, ...a]);
    }
    const f = layers(rest, [4, 5, 6], [...s, ...a]);
    const psi = goalForm === 'bvn' ? layers(rest, [5, 4, 3], [...s, ...g]) : layers(rest, [2, 4, 3], g);
    return [0, 1].map((output) => psi.reduce((sum, value, k) => sum + value * f[3 * output + k], 0));
  }).flat();
}

describe.each(goalForms)('%s', (goalForm) => {
  const { layout } = goalNetwork(sizes, settings(goalForm));

  it('is the formula', async () => {
    const flat = numbers(layout.size);
    const expected = byHand(goalForm, flat);
    (await byProgram(goalForm, flat)).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 12);
    });
  });

  it('has the gradients of finite differences in parameters and inputs', async () => {
    const network = goalNetwork(sizes, settings(goalForm));
    const f = ([p, s, g, a]: readonly Tensor[]) => network.apply(views(p, layout), s, g, a);
    const error = await gradientError(f, [
      { shape: [layout.size], data: numbers(layout.size) },
      { shape: shapes.s, data: parts.s },
      { shape: shapes.g, data: parts.g },
      { shape: shapes.a, data: parts.a },
    ]);
    expect(error).toBeLessThan(1e-6);
  });

  it('lays its tensors one after the other and names them by part', () => {
    let offset = 0;
    for (const entry of layout.entries) {
      expect(entry.offset).toBe(offset);
      offset += entry.shape.reduce((product, n) => product * n, 1);
    }
    expect(layout.size).toBe(offset);
    const names = {
      concat: ['0', '1'],
      encoders: ['phi.0', 'phi.1', 'psi.0', 'psi.1', 'head.0', 'head.1'],
      bilinear: ['f.0', 'f.1', 'psi.0', 'psi.1'],
      bvn: ['f.0', 'f.1', 'psi.0', 'psi.1'],
    }[goalForm];
    expect(layout.entries.map(({ name }) => name)).toEqual(names.flatMap((n) => [`${n}.weight`, `${n}.bias`]));
  });
});

describe('concat', () => {
  it('emits the very model of an MLP on [s; g; a]', () => {
    const network = goalNetwork(sizes, settings('concat'));
    const plain = mlpLayout([6, 5, 2]);
    expect(network.layout).toEqual(plain);
    const model = (apply: (p: Tensor[], s: Tensor, g: Tensor, a: Tensor) => Tensor) =>
      toOnnx(
        program('q', (graph) => {
          const [s, g, a] = [graph.input('s', shapes.s), graph.input('g', shapes.g), graph.input('a', shapes.a)];
          return { q: apply(views(graph.input('p', [plain.size]), plain), s, g, a) };
        }),
      );
    expect(model(network.apply)).toEqual(model((p, s, g, a) => mlp(p, combine(s, g, a))));
  });

  it('works without an action', () => {
    expect(goalNetwork({ observation: 3, goal: 2, outputs: 4 }, settings('concat')).layout).toEqual(
      mlpLayout([5, 5, 4]),
    );
  });
});

describe('bilinear', () => {
  // One number as common space: Q(s, g) = f(s) psi(g), so Q(s, g) Q(s', g') = Q(s, g') Q(s', g). With `bvn` it is not.
  it.each([
    ['bilinear', true],
    ['bvn', false],
  ] as const)('%s separates state and goal: %s', async (goalForm, separates) => {
    const network = goalNetwork({ observation: 1, goal: 1, outputs: 1 }, { goalForm, hidden: [8], encoder: [8, 1] });
    const flat = numbers(network.layout.size);
    const { y } = await evaluate(
      (_g, [p, s, g]) => ({ y: network.apply(views(p, network.layout), s, g) }),
      [
        { shape: [flat.length], data: flat },
        { shape: [4, 1], data: [0.3, -0.8, 0.3, -0.8] },
        { shape: [4, 1], data: [1.1, -0.5, -0.5, 1.1] },
      ],
    );
    const difference = Math.abs(y[0] * y[1] - y[2] * y[3]);
    if (separates) expect(difference).toBeLessThan(1e-12);
    else expect(difference).toBeGreaterThan(1e-3);
  });
});
