// The pages show what the experiments' JSON says; what counts as reached.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { charts, imageFile, pageFile, pages, render } from './report.js';
import { reached, reachedReturn, spread } from './results.js';
import type { Trial } from './trial.js';

const trial = (...success: number[]): Trial => ({
  seed: 0,
  load: [],
  curve: success.map((value, i) => ({
    steps: 500 * (i + 1),
    seconds: i,
    cpuSeconds: i,
    success: value,
    anySuccess: value,
    reward: 0,
  })),
});

describe('reached', () => {
  it('is the first of two evaluations in a row', () => {
    expect(reached(trial(0, 0.95, 1, 0.9))).toBe(1);
    expect(reached(trial(0, 1, 0.94, 0.96, 0.95))).toBe(3);
  });
  it('does not count one good evaluation, at the end neither', () => {
    expect(reached(trial(1, 0.9, 1, 0.9))).toBe(-1);
    expect(reached(trial(0, 0.9, 1))).toBe(-1);
    expect(reached(trial())).toBe(-1);
  });
});

it('a return is reached as success is', () => {
  const curve = [100, 950, 60, 1000, 1000].map((reward) => ({ reward }));
  expect(reachedReturn({ curve }, 950)).toBe(3);
  expect(reachedReturn({ curve }, 50)).toBe(0);
  expect(reachedReturn({ curve: curve.slice(0, 3) }, 950)).toBe(-1);
});

it('spread gives mean and extremes, and nothing of nothing', () => {
  expect(spread([1, 2, 6])).toEqual({ mean: 3, min: 1, max: 6, seeds: 3 });
  expect(spread([])).toBeUndefined();
});

describe('docs', () => {
  it.each(pages)('the tables of docs/%s are those of the JSON', (page) => {
    const text = readFileSync(pageFile(page), 'utf8');
    expect(text).toBe(render(page, text));
  });
  it('the curves in docs/images are those of the JSON', () => {
    for (const [name, svg] of Object.entries(charts())) {
      expect(readFileSync(imageFile(name), 'utf8')).toBe(svg);
    }
  });
});
