// Networks of named inputs: those of vectors are the plain forms, others bring encoders; how inputs are normalised.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { program, toOnnx } from '../tensor/index.js';
import { evaluate } from '../tensor/testing.js';
import {
  createSee,
  type Encoder,
  goalForms,
  goalNetwork,
  type InputSpec,
  initDense,
  inputNetwork,
  mlpLayout,
  normalizerSize,
  scales,
  views,
} from './index.js';

const vector = (name: string, role: InputSpec['role'], size: number): InputSpec => ({
  name,
  size,
  shape: [size],
  dtype: 'float32',
  role,
  normalize: true,
});
const state = vector('observation', 'state', 3);
const goal = vector('goal', 'goal', 2);
const task: InputSpec = { ...vector('task', 'task', 1), normalize: false, choices: 4 };
const camera: InputSpec = {
  name: 'camera',
  size: 12,
  shape: [2, 2, 3],
  dtype: 'uint8',
  role: 'state',
  normalize: false,
};
const settings = { hidden: [5], encoder: [4, 3], goalForm: 'concat' as const };
const rows = 4;

describe.each(goalForms)('of an observation and a goal in the form %s', (goalForm) => {
  it('is the very network of the form: layout, initial values, model', () => {
    const form = { ...settings, goalForm };
    const network = inputNetwork({ inputs: [state, goal], action: 1, outputs: 2 }, form);
    const plain = goalNetwork({ observation: 3, goal: 2, action: 1, outputs: 2 }, form);
    expect(network.layout).toEqual(plain.layout);
    expect(network.init(createRandom(1))).toEqual(initDense(plain.layout, createRandom(1)));
    const model = (named: boolean) =>
      toOnnx(
        program('q', (g) => {
          const parameters = views(g.input('p', [plain.layout.size]), plain.layout);
          const [s, to, a] = [g.input('observation', [rows, 3]), g.input('goal', [rows, 2]), g.input('a', [rows, 1])];
          const y = named
            ? network.apply(parameters, { observation: s, goal: to }, a)
            : plain.apply(parameters, s, to, a);
          return { y };
        }),
      );
    expect(model(true)).toEqual(model(false));
  });

  it('without a goal is a plain MLP', () => {
    const network = inputNetwork({ inputs: [state], action: 1, outputs: 2 }, { ...settings, goalForm });
    expect(network.layout).toEqual(mlpLayout([4, 5, 2]));
  });
});

it('joins the task to the goal as one number of 1 among zeros', async () => {
  const network = inputNetwork({ inputs: [state, goal, task], outputs: 1 }, { ...settings, hidden: [] });
  expect(network.layout).toEqual(mlpLayout([3 + 2 + 4, 1]));
  // Only the weights of the task: the output is the weight of the task that it is.
  const flat = [0, 0, 0, 0, 0, 10, 20, 30, 40, 0];
  const { y } = await evaluate(
    (g, [p]) => ({
      y: network.apply(views(p, network.layout), {
        observation: g.zeros([rows, 3]),
        goal: g.zeros([rows, 2]),
        task: g.constant([2, 0, 3, 1], [rows, 1]),
      }),
    }),
    [{ shape: [flat.length], data: flat }],
  );
  expect(y).toEqual([30, 10, 40, 20]);
});

it('gives a picture an encoder of its own, whose parameters come first and under its name', () => {
  const network = inputNetwork({ inputs: [state, camera, goal], outputs: 1 }, settings);
  expect(network.layout.entries.map(({ name, shape }) => [name, shape])).toEqual([
    ['camera.0.weight', [12, 64]],
    ['camera.0.bias', [64]],
    ['0.weight', [3 + 64 + 2, 5]],
    ['0.bias', [5]],
    ['1.weight', [5, 1]],
    ['1.bias', [1]],
  ]);
  expect(network.init(createRandom(1))).toHaveLength(network.layout.size);
});

it('takes other encoders', async () => {
  const doubled: Encoder = {
    size: 1,
    layout: { entries: [{ name: 'by', shape: [1], offset: 0 }], size: 1 },
    init: () => Float32Array.of(2),
    apply: ([by], x) => x.reshape([x.shape[0], 12]).sum([1], { keepDims: true }).mul(by),
  };
  const encoderOf = () => doubled;
  const network = inputNetwork({ inputs: [camera], outputs: 1 }, { ...settings, hidden: [], encoderOf });
  expect(network.layout.entries[0]).toEqual({ name: 'camera.by', shape: [1], offset: 0 });
  const see = createSee([camera], true);
  const executable = await nodeRuntime.compile(
    program('see', (g) => ({ y: network.apply(views(g.input('p', [3]), network.layout), see(g, 1)) })),
  );
  // Bytes are seen from 0 to 1; weight 1, bias 0.
  const { y } = await executable.run({ p: Float32Array.of(2, 1, 0), camera: new Uint8Array(12).fill(51) });
  expect((y as Float32Array)[0]).toBeCloseTo(2 * 12 * 0.2, 5);
  await executable.dispose();
});

it('sees inputs by mean and 1/std of each in order, clipped, and those of the next state', async () => {
  const inputs = [vector('observation', 'state', 1), camera, goal, task];
  expect(normalizerSize(inputs)).toBe(2 * (1 + 2));
  const see = createSee(inputs, true);
  const executable = await nodeRuntime.compile(
    program('see', (g) => {
      const [now, next] = [see(g, 1), see.next(g, 1)];
      expect(next.goal).toBe(now.goal);
      return { s: now.observation, g: now.goal, n: next.observation, t: now.task.mul(1), c: next.camera };
    }),
  );
  const read = executable.inputs.filter(({ unused }) => !unused);
  expect(read.map(({ name }) => name)).toEqual([
    'normalizer',
    'observation',
    'goal',
    'task',
    'next.observation',
    'next.camera',
  ]);
  const result = await executable.run({
    normalizer: Float32Array.of(1, 2, 10, 20, 0.5, 0.25),
    observation: Float32Array.of(2),
    goal: Float32Array.of(12, 1000),
    task: Float32Array.of(3),
    'next.observation': Float32Array.of(0),
    'next.camera': new Uint8Array(12).fill(255),
  });
  const numbers = (name: string) => Array.from(result[name] as Float32Array);
  expect([numbers('s'), numbers('g'), numbers('n'), numbers('t')]).toEqual([[2], [1, 5], [-2], [3]]);
  expect(numbers('c')).toEqual(new Array(12).fill(expect.closeTo(1, 6)));
  await executable.dispose();
});

it('sees each row by the statistics of its task, targets behind those of the inputs', async () => {
  const byTask = { ...vector('observation', 'state', 2), normalize: 'task' as const };
  const inputs = [byTask, { ...task, choices: 3 }];
  const target = { name: 'action', size: 1, shape: [1], normalize: 'task' as const };
  expect(normalizerSize(inputs, [target])).toBe(3 * 2 * (2 + 1));
  const executable = await nodeRuntime.compile(
    program('see', (g) => {
      const { observation } = createSee(inputs, 'task', [target])(g, 2);
      const [mean, scale] = scales(g, 2, inputs, [target]).action;
      return { observation, mean: mean.mul(1), scale: scale.mul(1) };
    }),
  );
  const result = await executable.run({
    normalizer: Float32Array.of(0, 0, 1, 2, 3, 4, 1, 1, 1, 1, 0.5, 0.25, 7, 8, 9, 70, 80, 90),
    observation: Float32Array.of(4, 4, 5, 8),
    task: Float32Array.of(1, 2),
  });
  const numbers = (name: string) => Array.from(result[name] as Float32Array);
  expect(numbers('observation')).toEqual([3, 2, 1, 1]);
  expect([numbers('mean'), numbers('scale')]).toEqual([
    [8, 9],
    [80, 90],
  ]);
  await executable.dispose();
});
