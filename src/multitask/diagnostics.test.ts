// Interference and transfer against plain arithmetic on gradients and curves that are made up.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { conflictShare, groupTasks, interference, meanCosine } from './interference.js';
import { stepsTo, successAt, transferTable } from './transfer.js';

const vector = (...values: number[]) => Float32Array.from(values);

describe('interference', () => {
  it('has cosines and lengths by part: agreement in one layer, conflict in the next', () => {
    const batch = [vector(1, 0, 3, 4), vector(2, 0, -3, -4), vector(0, 1, 0, 0)];
    const [early, late, all] = interference(
      [batch, batch],
      [
        { name: 'early', from: 0, to: 2 },
        { name: 'late', from: 2, to: 4 },
        { name: 'all', from: 0, to: 4 },
      ],
    );
    expect(early.cosines[0]).toEqual([1, 1, 0]);
    expect(late.cosines[0][1]).toBe(-1);
    expect(late.cosines[0][2]).toBeNaN(); // the third task has nothing there
    expect(late.norms).toEqual([5, 5, 0]);
    expect(all.cosines[0][1]).toBeCloseTo((2 - 25) / (Math.sqrt(26) * Math.sqrt(29)), 10);
    expect([conflictShare(early), conflictShare(late)]).toEqual([0, 1]);
    expect(meanCosine(early)).toBeCloseTo(1 / 3, 10);
  });

  it('tells noise from signal: estimated without bias from few batches', () => {
    // Mean of length 2 in 50 numbers, noise of variance 0.08 each: 50 x 0.08 / 4 = 1.
    const random = createRandom(4);
    const n = 50;
    const estimates: number[] = [];
    for (let repeat = 0; repeat < 200; repeat++) {
      const batches = Array.from({ length: 16 }, () => [
        Float32Array.from({ length: n }, (_, i) => (i === 0 ? 2 : 0) + Math.sqrt(0.08) * random.normal()),
      ]);
      estimates.push(interference(batches, [{ name: 'all', from: 0, to: n }])[0].noise[0]);
    }
    const mean = estimates.reduce((a, b) => a + b) / estimates.length;
    expect(Math.abs(mean - 1)).toBeLessThan(0.05);
  });
});

describe('groups of tasks', () => {
  it('are those whose gradients agree', () => {
    const cosines = [
      [1, -0.5, 0.6, -0.2],
      [-0.5, 1, -0.4, 0.3],
      [0.6, -0.4, 1, -0.1],
      [-0.2, 0.3, -0.1, 1],
    ];
    expect(groupTasks(cosines)).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect(groupTasks(cosines, 0.5)).toEqual([[0, 2], [1], [3]]);
    expect(groupTasks(cosines, -1)).toEqual([[0, 1, 2, 3]]);
  });
});

describe('transfer', () => {
  const curve = (...success: number[]) => success.map((value, i) => ({ steps: 100 * (i + 1), success: value }));

  it('compares at equal data: a specialist with its share of the steps', () => {
    const rows = transferTable(
      ['a', 'b', 'c'],
      300,
      { a: curve(0.1, 0.2, 0.9), b: curve(0, 0, 0.1) },
      { a: curve(0.5, 0.6), b: curve(0.8, 1) },
    );
    expect(rows.map(({ task }) => task)).toEqual(['a', 'b']);
    expect(rows[0]).toEqual({ task: 'a', generalist: 0.9, specialist: 0.5, transfer: 0.4 });
    expect(rows[1].transfer).toBeCloseTo(-0.7, 10);
  });

  it('reads curves between their points, and says where there is nothing', () => {
    expect(successAt(curve(0.1, 0.4), 150)).toBe(0.1);
    expect(successAt(curve(0.1), 50)).toBeNaN();
    expect(stepsTo(curve(0.1, 0.4, 0.3), 0.3)).toBe(200);
    expect(stepsTo(curve(0.1), 0.9)).toBeUndefined();
  });
});
