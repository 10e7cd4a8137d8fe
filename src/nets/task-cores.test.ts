// Networks for many tasks against plain arithmetic: residual blocks, heads, modules joined by the task; gradients by differences.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { program } from '../tensor/index.js';
import { gradientError } from '../tensor/testing.js';
import { broNet, type InputSpec, inputNetwork, multiHead, type NetworkCore, softModules, views } from './index.js';

const random = createRandom(3);
const normals = (n: number) => Array.from({ length: n }, () => random.normal());

/** Outputs [rows, n] of a core for given inputs, row by row. */
async function outputs(
  core: NetworkCore,
  flat: Float32Array,
  s: number[][],
  z: number[][],
  a: number[][],
): Promise<number[]> {
  const built = program('core', (g) => {
    const of = (rows: number[][]) => g.constant(rows.flat(), [rows.length, rows[0].length]);
    return { y: core.apply(views(g.input('p', [flat.length]), core.layout), of(s), of(z), of(a)) };
  });
  const executable = await nodeRuntime.compile(built);
  const { y } = await executable.run({ p: flat });
  await executable.dispose();
  return Array.from(y as Float32Array);
}

type Named = Record<string, Float32Array>;
const named = ({ layout }: NetworkCore, flat: Float32Array): Named =>
  Object.fromEntries(
    layout.entries.map(({ name, offset }, i) => [name, flat.subarray(offset, layout.entries[i + 1]?.offset)]),
  );
/** x W + b; W [in, out]. */
const dense = (x: number[], weight: Float32Array, bias: Float32Array) =>
  Array.from(bias, (b, j) => x.reduce((sum, value, i) => sum + value * weight[i * bias.length + j], b));
const relu = (x: number[]) => x.map((value) => Math.max(0, value));
const norm = (x: number[], scale: Float32Array, shift: Float32Array) => {
  const mean = x.reduce((a, b) => a + b) / x.length;
  const deviation = Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length + 1e-5);
  return x.map((v, i) => ((v - mean) / deviation) * scale[i] + shift[i]);
};
const sizes = { observation: 3, goal: 2, action: 1, outputs: 2 };
const rowsOf = (n: number, width: number) => Array.from({ length: n }, () => normals(width));

describe('BroNet', () => {
  const core = broNet({ width: 5, blocks: 2 })(sizes);

  it('begins with scales of 1 and shifts of 0', () => {
    const p = named(core, core.init!(random));
    expect([...p['block2.1.scale']]).toEqual([1, 1, 1, 1, 1]);
    expect([...p['input.shift']]).toEqual([0, 0, 0, 0, 0]);
    expect(p['input.weight'].some((value) => value !== 0)).toBe(true);
  });

  it('is what the paper writes', async () => {
    const flat = Float32Array.from(normals(core.layout.size));
    const p = named(core, flat);
    const [s, z, a] = [rowsOf(4, 3), rowsOf(4, 2), rowsOf(4, 1)];
    const wanted = s.flatMap((row, i) => {
      const layer = (x: number[], name: string) =>
        norm(dense(x, p[`${name}.weight`], p[`${name}.bias`]), p[`${name}.scale`], p[`${name}.shift`]);
      let x = relu(layer([...row, ...z[i], ...a[i]], 'input'));
      for (const block of ['block1', 'block2']) {
        const inner = layer(relu(layer(x, `${block}.0`)), `${block}.1`);
        x = x.map((value, j) => value + inner[j]);
      }
      return dense(x, p['output.weight'], p['output.bias']);
    });
    const got = await outputs(core, flat, s, z, a);
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i], 4);
    });
  });
});

describe('soft modules', () => {
  const n = 3;
  const layers = 3;
  const core = softModules({ modules: n, layers, width: 4 })(sizes);

  it('join all modules nearly alike at the beginning', () => {
    const p = named(core, core.init!(random));
    for (const gate of ['gate1', 'gate2', 'gate3']) {
      expect(Math.max(...p[`${gate}.0.weight`].map(Math.abs))).toBeLessThan(1e-3);
      expect(p[`${gate}.0.bias`].every((value) => value === 0)).toBe(true);
    }
  });

  it('are what the paper writes: a softmax over the modules taken from, conditioned on all joins before', async () => {
    const flat = Float32Array.from(normals(core.layout.size));
    const p = named(core, flat);
    const of = (x: number[], name: string) => dense(x, p[`${name}.weight`], p[`${name}.bias`]);
    const [s, z, a] = [rowsOf(3, 3), rowsOf(3, 2), rowsOf(3, 1)];
    const wanted = s.flatMap((row, i) => {
      const f = relu(of(relu(of([...row, ...a[i]], 'state.0')), 'state.1'));
      const task = of(z[i], 'task.0');
      const e = f.map((value, j) => value * task[j]);
      const joins: number[][][] = [];
      for (let l = 1; l <= layers; l++) {
        const condition = l > 1 ? of(joins.flat(2), `condition${l}.0`) : undefined;
        const logits = of(relu(e.map((value, j) => value * (condition?.[j] ?? 1))), `gate${l}.0`);
        const to = l < layers ? n : 1;
        joins.push(
          Array.from({ length: to }, (_, k) => {
            const own = logits.slice(k * n, (k + 1) * n).map(Math.exp);
            const sum = own.reduce((x, y) => x + y);
            return own.map((value) => value / sum);
          }),
        );
      }
      let g = Array.from({ length: n }, () => f);
      joins.forEach((join, l) => {
        const made = g.map((x, j) => relu(of(x, `layer${l + 1}.module${j + 1}.0`)));
        g = join.map((weights) => made[0].map((_, d) => weights.reduce((sum, w, j) => sum + w * made[j][d], 0)));
      });
      return of(g[0], 'output.0');
    });
    const got = await outputs(core, flat, s, z, a);
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i], 3);
    });
  });

  it('have the gradients of finite differences', async () => {
    const tiny = softModules({ modules: 2, layers: 2, width: 3 })(sizes);
    const values = (shape: number[]) => ({ shape, data: normals(shape.reduce((x, y) => x * y)) });
    const error = await gradientError(
      ([p, s, z, a]) => tiny.apply(views(p, tiny.layout), s, z, a),
      [values([tiny.layout.size]), values([2, 3]), values([2, 2]), values([2, 1])],
    );
    expect(error).toBeLessThan(1e-4);
  });

  it('say what is missing', () => {
    expect(() => softModules({ modules: 2, layers: 2, width: 3 })({ observation: 3, outputs: 1 })).toThrow(
      /task or a goal/,
    );
  });
});

it('a head per task: each row has the outputs of its own task, and the trunk does not see the task', async () => {
  const input = (name: string, size: number, role: InputSpec['role'], more = {}): InputSpec => ({
    name,
    size,
    shape: [size],
    dtype: 'float32',
    role,
    normalize: false,
    ...more,
  });
  const task = input('task', 1, 'task', { choices: 3 });
  const settings = { goalForm: 'concat' as const, encoder: [], hidden: [4] };
  const inputs = [input('observation', 2, 'state'), task];
  const heads = multiHead({ inputs, outputs: 2 }, task, settings);
  const trunk = inputNetwork({ inputs: inputs.slice(0, 1), outputs: 6 }, settings);
  expect(heads.layout.size).toBe(trunk.layout.size);
  const flat = heads.init(random);
  const state = Float32Array.from([0.1, 0.2, 0.1, 0.2, -0.5, 1]);
  const built = program('heads', (g) => {
    const seen = { observation: g.input('s', [3, 2]), task: g.input('task', [3, 1]) };
    const parameters = views(g.input('p', [flat.length]), heads.layout);
    return { own: heads.apply(parameters, seen), all: trunk.apply(parameters, seen) };
  });
  const executable = await nodeRuntime.compile(built);
  const { own, all } = await executable.run({ p: flat, s: state, task: Float32Array.of(2, 0, 1) });
  await executable.dispose();
  const wanted = [2, 0, 1].flatMap((k, row) => [all[6 * row + 2 * k], all[6 * row + 2 * k + 1]]);
  expect([...own]).toEqual(wanted);
});
