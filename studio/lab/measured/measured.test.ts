// Every number of the lab's tables is that of the record, or of the page, that it names.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { approaches, type Comparison, comparisons } from './comparisons.js';
import { type Remedy, remedies } from './remedies.js';
import type { MeasuredRuns } from './runs.js';

const file = (path: string) => new URL(`../../../${path}`, import.meta.url);
const text = (path: string) => readFileSync(file(path), 'utf8');

interface Trial {
  readonly freshLast: { readonly success: number };
  readonly curve: readonly { readonly steps: number; readonly success?: number; readonly reward: number }[];
}

function measured({ file: name = '', number }: MeasuredRuns, doc: string): readonly unknown[] | string {
  if (number.of === 'page') return text(doc);
  const record = JSON.parse(text(`bench/results/${name}.json`));
  if (number.of === 'newTasks') {
    return record.results[number.identifier].zeroShot.map((run: { new: number }) => run.new);
  }
  return (record.trials as Trial[]).map(({ freshLast, curve }) => {
    if (number.of === 'last') return freshLast.success;
    if (number.of === 'evaluation') return curve.find(({ steps }) => steps === number.steps)?.success;
    const enough = ({ success = 0, reward }: Trial['curve'][number]) =>
      number.reward === undefined ? success >= (number.success ?? 1) : reward >= number.reward;
    return curve.find((point, i) => i + 1 < curve.length && enough(point) && enough(curve[i + 1]))?.steps;
  });
}

function check(runs: MeasuredRuns, doc: string): void {
  const found = measured(runs, doc);
  if (runs.number.of === 'page') {
    expect(found).toContain(runs.number.words);
    expect(runs.number.words).toContain(runs.values.map((value) => value.toLocaleString('en')).join(', '));
  } else expect(found, runs.label).toEqual(runs.values);
}

test.each(Object.entries<Remedy>(remedies))('remedy %s', (_, { without, remedied, doc }) => {
  check(without, doc);
  check(remedied, doc);
});

test.each(Object.entries<Comparison>(comparisons))('comparison %s', (_, { ways, doc }) => {
  for (const way of ways) check(way, doc);
});

test.each(approaches.map((one) => [one.name, one] as const))('%s', (_, { doc, words, comparison }) => {
  expect(existsSync(file(doc))).toBe(true);
  expect(Boolean(words) || Boolean(comparison)).toBe(true);
  if (words) expect(text(doc)).toContain(words);
});

test('the speeds and shares of the approaches stand on their pages', () => {
  expect(text('docs/models.md')).toContain('| 1,000 | -234 | -166 | 39,219 | 78 |');
  const { values } = comparisons.demonstrations.ways[0];
  expect(((100 * values.reduce((a, b) => a + b)) / values.length).toFixed(1)).toBe('88.3');
});
