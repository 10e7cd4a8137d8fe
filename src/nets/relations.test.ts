// What networks see of a goal in relation to the state, by hand: what is left, and the thing that it is about first.
import { expect, test } from 'vitest';
import type { GoalRelations } from '../relations.js';
import { nodeRuntime } from '../runtime/node.js';
import { program } from '../tensor/index.js';
import { createSee, type InputSpec } from './input.js';
import { relate, remainder, remainderInput } from './relations.js';

const vector = (name: string, role: InputSpec['role'], size: number): InputSpec => ({
  name,
  size,
  shape: [size],
  dtype: 'float32',
  role,
  normalize: true,
});
/** Observation: a number, three things of two numbers each. Goal: where a thing shall be, and which of the three. */
const inputs = [vector('observation', 'state', 7), vector('goal', 'goal', 5)];
const relations: GoalRelations = {
  groups: [
    { goal: 0, observation: 0, size: 2 },
    { goal: 1, observation: 3, size: 1, counts: 3 },
  ],
  things: {
    size: 2,
    each: [
      { observation: 1, counts: 2 },
      { observation: 3, counts: 3 },
      { observation: 5, counts: 4 },
    ],
  },
};

const observation = [0.5, 10, 11, 20, 21, 30, 31];

async function seen(normalize: boolean, goals: readonly number[]) {
  const rows = goals.length / 5;
  const executable = await nodeRuntime.compile(
    program('relate', (g) => {
      const all = relate(createSee(inputs, normalize)(g, rows), g, rows, relations, inputs, { normalize });
      return { ordered: all.observation, left: all[remainder] };
    }),
  );
  const given: Record<string, Float32Array> = {
    observation: Float32Array.from({ length: 7 * rows }, (_, i) => observation[i % 7]),
    goal: Float32Array.from(goals),
    // Means 0; deviations 1, but 4 of the first number and 1/10 of the fourth.
    normalizer: Float32Array.of(...[...new Array(7).fill(0), 0.25, 1, 1, 10, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]),
  };
  const results = await executable.run(Object.fromEntries(executable.inputs.map(({ name }) => [name, given[name]])));
  await executable.dispose();
  return { ordered: Array.from(results.ordered, Number), left: Array.from(results.left, Number) };
}

test('what is left is the goal less what is, and nothing where a group does not count', async () => {
  const { left } = await seen(false, [8.5, 23, 1, 0, 0, 8.5, 23, 0, 1, 0]);
  expect(remainderInput(relations)).toMatchObject({ name: 'remainder', size: 3, shape: [3] });
  expect(left).toEqual([8, 13, 0, 8, 13, 3]);
});

test('it is in deviations of the observed numbers, clipped as they are', async () => {
  const { left } = await seen(true, [8.5, 11, 0, 1, 0, 0.5, 20.25, 0, 1, 0]);
  expect(left).toEqual([2, 1, -5, 0, 5, 2.5]);
});

test('the thing that the goal is about has changed places with the first; without one all stay where they are', async () => {
  const rows = [
    [0, 0, 0, 0, 0],
    [0, 0, 1, 0, 0],
    [0, 0, 0, 1, 0],
    [0, 0, 0, 0, 1],
  ];
  const { ordered } = await seen(false, rows.flat());
  expect(ordered).toEqual([
    ...[0.5, 10, 11, 20, 21, 30, 31],
    ...[0.5, 10, 11, 20, 21, 30, 31],
    ...[0.5, 20, 21, 10, 11, 30, 31],
    ...[0.5, 30, 31, 20, 21, 10, 11],
  ]);
});
