import { expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { createNormalizer } from './normalizer.js';
import { createReplay } from './replay.js';
import type { Episode } from './rows.js';
import { codedRules, codedSpec } from './testing.js';

const sizes = { observation: 2, goal: 1 };

/** An episode of normal numbers: observations N(3, 2) and N(-100, 0.001), achieved N(5, 1), goal 7. */
function normalEpisode(seed: number, steps = 6): Episode {
  const random = createRandom(seed);
  const rows = Array.from({ length: steps + 1 }, () => 0);
  return {
    columns: {
      observation: Float32Array.from(rows.flatMap(() => [3 + 2 * random.normal(), -100 + 1e-3 * random.normal()])),
      achieved: Float32Array.from(rows, () => 5 + random.normal()),
      goal: [7],
      action: new Float32Array(steps),
      info: new Float32Array(steps),
    },
    failed: false,
  };
}

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return [mean, Math.sqrt(variance)];
}

const written = (normalizer: ReturnType<typeof createNormalizer>) => {
  const out = new Float32Array(6);
  normalizer.write(out);
  return [...out];
};

test('mean and deviation are those of the stored numbers, achieved and desired goals together', () => {
  const replay = createReplay(codedSpec(6), 600);
  const normalizer = createNormalizer(sizes, { minStd: 1e-6 });
  const episodes = Array.from({ length: 60 }, (_, seed) => normalEpisode(seed));
  for (const [i, episode] of episodes.entries()) {
    replay.addEpisode(episode);
    if (i % 7 === 0) normalizer.absorb(replay, codedRules);
  }
  normalizer.absorb(replay, codedRules);
  expect(normalizer.count).toBe(60 * 7);
  const observation = [0, 1].map((j) =>
    momentsOf(episodes.flatMap((e) => Array.from(e.columns.observation).filter((_, i) => i % 2 === j))),
  );
  const goal = momentsOf(episodes.flatMap((e) => [...Array.from(e.columns.achieved), ...new Array(7).fill(7)]));
  const [m0, m1, s0, s1, g, sg] = written(normalizer);
  expect(m0).toBeCloseTo(observation[0][0], 4);
  expect(m1).toBeCloseTo(observation[1][0], 4);
  expect(1 / s0).toBeCloseTo(observation[0][1], 4);
  expect((1 / s1) * 1e3).toBeCloseTo(observation[1][1] * 1e3, 4);
  expect(g).toBeCloseTo(goal[0], 4);
  expect(1 / sg).toBeCloseTo(goal[1], 4);
});

test('it is frozen between two calls, and the identity before the first', () => {
  const replay = createReplay(codedSpec(6), 600);
  const normalizer = createNormalizer(sizes);
  expect(written(normalizer)).toEqual([0, 0, 1, 1, 0, 1]);
  replay.addEpisode(normalEpisode(0));
  expect(written(normalizer)).toEqual([0, 0, 1, 1, 0, 1]);
  normalizer.absorb(replay, codedRules);
  const once = written(normalizer);
  expect(once).not.toEqual([0, 0, 1, 1, 0, 1]);
  normalizer.absorb(replay, codedRules);
  expect(written(normalizer)).toEqual(once);
});

test('tiny deviations are not blown up', () => {
  const replay = createReplay(codedSpec(6), 600);
  replay.addEpisode(normalEpisode(0));
  const normalizer = createNormalizer(sizes);
  normalizer.absorb(replay, codedRules);
  expect(written(normalizer)[3]).toBe(100);
});

test('episodes that left the ring are skipped; without goalFrom only desired goals count', () => {
  const replay = createReplay(codedSpec(6), 12);
  const normalizer = createNormalizer(sizes);
  for (let seed = 0; seed < 9; seed++) replay.addEpisode(normalEpisode(seed));
  normalizer.absorb(replay, { ...codedRules, goalFrom: undefined });
  expect(normalizer.count).toBe(14);
  expect(written(normalizer)[4]).toBe(7);
});

test('saved and restored it goes on exactly; with another replay everything there is new', () => {
  const replay = createReplay(codedSpec(6), 600);
  for (let seed = 0; seed < 5; seed++) replay.addEpisode(normalEpisode(seed));
  const normalizer = createNormalizer(sizes);
  normalizer.absorb(replay, codedRules);
  const other = createNormalizer(sizes);
  other.restore(normalizer.save());
  const transferred = createNormalizer(sizes);
  transferred.restore(normalizer.save(), { newReplay: true });
  replay.addEpisode(normalEpisode(5));
  for (const n of [normalizer, other]) n.absorb(replay, codedRules);
  expect(written(other)).toEqual(written(normalizer));
  expect(other.count).toBe(6 * 7);
  const fresh = createReplay(codedSpec(6), 600);
  fresh.addEpisode(normalEpisode(5));
  transferred.absorb(fresh, codedRules);
  expect(transferred.count).toBe(6 * 7);
  expect(() => createNormalizer({ observation: 3, goal: 1 }).restore(normalizer.save())).toThrow(
    'it is for 2 observation',
  );
});

test('tasks have statistics of their own, one that was never seen those of all; actions count where there are some', () => {
  const spec = { ...codedSpec(6), tasks: ['a', 'b', 'c'] };
  const replay = createReplay(spec, 600);
  const options = { tasks: 3, minStd: 1e-6 };
  const normalizer = createNormalizer({ action: 1 }, options);
  const actions = [
    [1, 2, 3],
    [10, 20, 60],
  ];
  for (const [task, action] of actions.entries()) {
    const { columns } = normalEpisode(task, 3);
    replay.addEpisode({ columns: { ...columns, action, info: [0, 0, 0], task: [task] }, failed: false });
  }
  normalizer.absorb(replay, codedRules);
  const tables = (of: typeof normalizer) => {
    const out = new Float32Array(6);
    of.write(out);
    return [...out];
  };
  const expected = [...actions, actions.flat()].map((values) => momentsOf(values));
  const [means, deviations] = [tables(normalizer).slice(0, 3), tables(normalizer).slice(3)];
  expect(means).toEqual(expected.map(([mean]) => expect.closeTo(mean, 4)));
  expect(deviations.map((scale) => 1 / scale)).toEqual(expected.map(([, std]) => expect.closeTo(std, 4)));
  const other = createNormalizer({ action: 1 }, options);
  other.restore(normalizer.save());
  for (const one of [normalizer, other]) one.take([7], [0], 2);
  expect(tables(other)).toEqual(tables(normalizer));
  expect(tables(other)[2]).toBe(7);
});
