// docs/benchmarks.md shows what the JSON says.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { page, render } from './report.js';

test('the table of updates in docs/benchmarks.md is that of bench/results/update.json', () => {
  const text = readFileSync(page, 'utf8');
  expect(text).toBe(render(text));
});
