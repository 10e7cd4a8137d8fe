// Filtering and sorting of the table of runs.
import { expect, test } from 'vitest';
import type { RunSummary } from '../../src/studio/api-types.js';
import { ago, filterRuns, sortRuns } from './run-rows.js';

const run = (name: string, more: Partial<RunSummary> = {}): RunSummary => ({
  name,
  env: 'arm/reach',
  agent: 'sac',
  relabel: 'future:4',
  seed: 0,
  group: name,
  state: 'done',
  problem: null,
  steps: 10,
  totalSteps: 10,
  success: null,
  tasks: [],
  meanReturn: null,
  stepsPerSecond: null,
  seconds: null,
  created: null,
  ours: false,
  resumable: false,
  metricsBytes: 0,
  ...more,
});
const names = (runs: RunSummary[]) => runs.map(({ name }) => name);

test('every word must be found somewhere', () => {
  const runs = [run('a', { seed: 7 }), run('b', { agent: 'td3' }), run('c', { env: 'point/reach', state: 'running' })];
  expect(names(filterRuns(runs, ''))).toEqual(['a', 'b', 'c']);
  expect(names(filterRuns(runs, 'ARM td3'))).toEqual(['b']);
  expect(names(filterRuns(runs, 'seed 7'))).toEqual(['a']);
  expect(names(filterRuns(runs, '', 'running'))).toEqual(['c']);
  expect(names(filterRuns(runs, 'arm', 'running'))).toEqual([]);
});

test('unmeasured values come last in both directions', () => {
  const runs = [run('none'), run('low', { success: 0.1 }), run('high', { success: 0.9 }), run('none-2')];
  expect(names(sortRuns(runs, { key: 'success', descending: true }))).toEqual(['high', 'low', 'none', 'none-2']);
  expect(names(sortRuns(runs, { key: 'success', descending: false }))).toEqual(['low', 'high', 'none', 'none-2']);
  expect(names(sortRuns([run('run-10'), run('run-9')], { key: 'name', descending: false }))).toEqual([
    'run-9',
    'run-10',
  ]);
});

test('times are told as people say them', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  expect(
    ['2026-11-21T11:59:30Z', '2026-11-21T11:18:00Z', '2026-11-21T02:00:00Z', null].map((iso) => ago(iso, now)),
  ).toEqual(['just now', '42 min ago', '10 h ago', '-']);
});
