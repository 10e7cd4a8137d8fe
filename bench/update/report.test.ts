// docs/benchmarks.md shows what the JSON says.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderPeers } from './peer-report.js';
import { page, render } from './report.js';

test.each([
  ['update', render],
  ['update-peers', renderPeers],
])('the table of updates in docs/benchmarks.md is that of bench/results/%s.json', (_, written) => {
  const text = readFileSync(page, 'utf8');
  expect(text).toBe(written(text));
});
