// Exported policies take any number of rows and give each what it gets alone: every agent, every form of goals.
import { describe, expect, test } from 'vitest';
import { vectorSpec } from '../../agents/agent-spec.js';
import { findAgent, listAgents } from '../../agents/index.js';
import { actionSize, box, discrete } from '../../envs/space.js';
import { createRandom } from '../../random.js';
import { nodeRuntime } from '../../runtime/node.js';
import type { Runtime } from '../../runtime/runtime.js';
import { webRuntime } from '../../runtime/web.js';
import { program, toOnnx, toOnnxOfRows } from '../index.js';
import { sizeOf } from '../shape.js';

const spaces = { box: box(3, -2, 2), discrete: discrete(4) };
const forms = ['concat', 'encoders', 'bilinear', 'bvn'];

const cases = listAgents()
  .filter(({ name }) => name !== 'tabular' && name !== 'planner')
  .flatMap(({ name, actions, config }) => {
    const own = config.safeParse({ goalForm: 'bvn' }).success ? forms : [undefined];
    return actions.flatMap((kind) =>
      own.map((goalForm): [string, 'box' | 'discrete', string | undefined] => [name, kind, goalForm]),
    );
  });

function policyOf(name: string, kind: 'box' | 'discrete', goalForm = 'concat') {
  const spec = vectorSpec({ observation: 5, goal: 2, action: spaces[kind], rewardRange: [-1, 0] });
  const { config, create } = findAgent(name);
  const settings = config.parse({
    hidden: [16, 16],
    ...(goalForm !== 'concat' && { goalForm }),
    ...(name === 'bc' && { chunk: 1, layerNorm: false }),
    ...(goalForm !== 'concat' && { encoder: [8, 8] }),
  });
  const agent = create(spec, settings, { normalize: true });
  const random = createRandom(3);
  const build = (rows: number) => agent.act(rows, { deterministic: true });
  const frozen = build(1).inputs.filter((input) => !['observation', 'goal'].includes(input.name));
  const fill = (size: number) => Float32Array.from({ length: size }, () => random.uniform() - 0.4);
  const freeze = Object.fromEntries(frozen.map(({ name, shape }) => [name, fill(sizeOf(shape)).map((x) => x || 0.1)]));
  return { spec, build, freeze, fill };
}

describe.each(cases)('%s, %s actions, goals in the form "%s"', (name, kind, goalForm) => {
  test('1, 3 and 100 rows are what each row gets alone', async () => {
    const { spec, build, freeze, fill } = policyOf(name, kind, goalForm);
    const alone = await nodeRuntime.compile(toOnnx(build(1), { freeze }));
    const bytes = toOnnxOfRows(build, { freeze });
    for (const rows of [1, 3, 100]) {
      const [observation, goal] = [fill(5 * rows), fill(2 * rows)];
      const expected: number[] = [];
      for (let i = 0; i < rows; i++) {
        const { action } = await alone.run({
          observation: observation.slice(5 * i, 5 * i + 5),
          goal: goal.slice(2 * i, 2 * i + 2),
        });
        expected.push(...Array.from(action, Number));
      }
      const runtimes: Runtime[] =
        goalForm === 'concat' || goalForm === undefined ? [nodeRuntime, webRuntime] : [nodeRuntime];
      for (const runtime of runtimes) {
        const many = await runtime.compile(bytes, { rows });
        expect(many.inputs.map(({ shape }) => shape)).toEqual([
          [rows, 5],
          [rows, 2],
        ]);
        const { action } = await many.run({ observation, goal });
        expect(action).toHaveLength(rows * actionSize(spec.action));
        Array.from(action, Number).forEach((value, i) => {
          expect(value).toBeCloseTo(expected[i], 5);
        });
        await many.dispose();
      }
    }
    await alone.dispose();
  });
});

describe('what depends on the number of rows', () => {
  const run = async (build: Parameters<typeof toOnnxOfRows>[0], rows: number) => {
    const executable = await nodeRuntime.compile(toOnnxOfRows(build), { rows });
    return executable.run({ x: Float32Array.from({ length: 2 * rows }, (_, i) => i) });
  };

  test('shapes, expansions and constants of rows are computed', async () => {
    const build = (rows: number) =>
      program('shapes', (graph) => {
        const x = graph.input('x', [rows, 2]);
        const flat = x
          .reshape([2 * rows])
          .mul(2)
          .reshape([rows, 2]);
        const repeated = graph
          .constant([5, 7], [1, 2])
          .expand([rows, 2])
          .mul(x.sum([1], { keepDims: true }));
        const constant = graph.constant(
          Array.from({ length: 2 * rows }, (_, i) => i % 2),
          [rows, 2],
        );
        return { y: flat.add(repeated).add(constant) };
      });
    for (const rows of [1, 2, 5]) {
      const x = Array.from({ length: 2 * rows }, (_, i) => i);
      const y = x.map((value, i) => 2 * value + [5, 7][i % 2] * (x[i - (i % 2)] + x[i - (i % 2) + 1]) + (i % 2));
      expect([...(await run(build, rows)).y]).toEqual(y);
    }
  });

  test.each<[string, Parameters<typeof toOnnxOfRows>[0]]>([
    ['a mean over rows as a factor', (rows) => program('mean', (g) => ({ y: g.input('x', [rows, 2]).mul(1 / rows) }))],
    [
      'other values in every row',
      (rows) =>
        program('places', (g) => {
          const places = g.constant(
            Array.from({ length: 2 * rows }, (_, i) => i),
            [rows, 2],
          );
          return { y: g.input('x', [rows, 2]).add(places) };
        }),
    ],
    [
      'a structure that changes',
      (rows) =>
        program('more', (g) => {
          const x = g.input('x', [rows, 2]);
          return { y: rows > 1600 ? x.exp() : x };
        }),
    ],
  ])('%s is refused by name', (_, build) => {
    expect(() => toOnnxOfRows(build)).toThrow(/program "\w+" cannot have a free number of rows: .* Fix the number/);
  });
});
