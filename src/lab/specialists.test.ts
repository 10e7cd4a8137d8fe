// Specialists against generalists: thresholds, limits, the lecture's figures, and f and c from measurements.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calculate } from './calculator.js';
import {
  costModels,
  fitSharing,
  generalistCost,
  sharingThreshold,
  specialists,
  tasksThreshold,
} from './specialists.js';

test('K = 100, c = 3, f = 0.8: gain 100/23, thresholds 3% and 2.02%, limit 5', () => {
  const { models } = calculate(specialists).data;
  const [added, contained] = models;
  expect(added.gain).toBeCloseTo(100 / 23, 12);
  expect(added.gain.toFixed(2)).toBe('4.35');
  expect(added.sharingThreshold).toBe(0.03);
  expect(contained.sharingThreshold).toBeCloseTo(2 / 99, 12);
  expect(added.gainLimit).toBeCloseTo(5, 12);
  expect(1e9 / generalistCost('added', 1e9, 0.8, 3)).toBeCloseTo(5, 6);
});

test.each(costModels)('%s: at the thresholds both cost the same; beyond them the generalist wins', (model) => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 1000 }), fc.double({ min: 1, max: 2000, noNaN: true }), (tasks, overhead) => {
      const threshold = sharingThreshold(model, tasks, overhead);
      expect(generalistCost(model, tasks, threshold, overhead)).toBeCloseTo(tasks, 6);
      // Never for c >= K: the threshold is then 1 or more, and f cannot exceed 1.
      expect(threshold >= 1).toBe(overhead >= tasks);
      if (threshold < 0.99) expect(generalistCost(model, tasks, threshold + 0.01, overhead)).toBeLessThan(tasks);
      const enough = tasksThreshold(model, 0.5, overhead);
      expect(generalistCost(model, enough, 0.5, overhead)).toBeCloseTo(enough, 6);
    }),
    { seed: 1 },
  );
});

test("the curves pass through the computed costs, and the lecture's threshold is shown as 98%", () => {
  const { data } = calculate(specialists, { tasks: 1000, cost: 50 });
  expect(data.curves.byTasks.at(-1)).toEqual({
    tasks: 1000,
    specialists: data.specialists,
    added: data.models[0].generalist,
    contained: data.models[1].generalist,
  });
  expect(data.curves.byTasks.map(({ tasks }) => tasks)).toEqual(
    data.curves.byTasks.map(({ tasks }) => tasks).toSorted((a, b) => a - b),
  );
  expect(data.curves.bySharing[0].added).toBe(50 * 1003);
  expect(data.lecture[0].printed).toContain('98%');
  expect(data.lecture[0].right).toBe('c/K = 3%, or (c-1)/(K-1) = 2.02%');
  expect(data.lecture[1].right).toContain('4.35');
});

test('one task, nothing shared, everything shared', () => {
  expect(calculate(specialists, { tasks: 1 }).data.models.map((model) => model.sharingThreshold)).toEqual([null, null]);
  expect(calculate(specialists, { shared: 0 }).data.models[0].tasksThreshold).toBeNull();
  const all = calculate(specialists, { shared: 1 }).data.models[0];
  expect([all.gainLimit, all.gain]).toEqual([null, 100 / 3]);
});

test.each(costModels)('%s: f and c are recovered from costs that follow the model', (model) => {
  const measured = [1, 10, 50].map((tasks) => [tasks, generalistCost(model, tasks, 0.7, 4)] as const);
  const fit = fitSharing(model, measured);
  expect(fit?.shared).toBeCloseTo(0.7, 10);
  expect(fit?.overhead).toBeCloseTo(4, 10);
  expect(fit?.residual).toBeCloseTo(0, 10);
  expect(
    fitSharing(model, [
      [5, 1],
      [5, 2],
    ]),
  ).toBeNull();
  expect(fitSharing(model, [])).toBeNull();
});
