// The answers of docs/lab-exercises.md, computed by the programs of the pages that they are read from.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { backUp } from '../../examples/lab/backups.js';
import { combine } from '../../examples/lab/gradients.js';
import { calculate } from '../../examples/lab/hand-calculation.js';
import { relabel } from '../../examples/lab/hindsight.js';
import { explore } from '../../examples/lab/random-exploration.js';
import { choose } from '../../examples/lab/same-state.js';
import { compare } from '../../examples/lab/specialists.js';
import { follow } from '../../examples/lab/wall.js';
import { learnedValue, percent, whole } from '../../src/lab/index.js';
import { labPages } from './lab-pages.js';
import { settings as backups } from './pages/backups.js';
import { settings as gradients } from './pages/gradients.js';
import { calculated, settings as hand } from './pages/hand-calculation.js';
import { chosen, settings as sameState } from './pages/same-state.js';
import { settings as wall } from './pages/wall.js';
import { initialValues, readSettings } from './settings.js';

const text = readFileSync(new URL('../../docs/lab-exercises.md', import.meta.url), 'utf8');
const answers = [...text.slice(text.indexOf('## Answers')).matchAll(/^\d+\. (.*)$/gm)].map(([, answer]) => answer);
const expectIn = (exercise: number, ...parts: readonly string[]) => {
  for (const part of parts) expect(answers[exercise - 1]).toContain(part);
};

test('ten exercises with answers, about pages and settings that there are', () => {
  expect(answers).toHaveLength(10);
  for (const [, slug, query = ''] of text.matchAll(/`\/lab\/([a-z-]+)(?:\?([^`]*))?`/g)) {
    const page = labPages.find((candidate) => candidate.slug === slug);
    expect(page, slug).toBeDefined();
    const read = Object.entries(readSettings(page!.settings, query));
    const changed = read.filter(([name, value]) => value !== page!.settings[name].initial);
    expect(changed.length, query).toBe(query === '' ? 0 : query.split('&').length);
  }
});

test('1 to 4', () => {
  const trials = (at: number) =>
    10 ** -explore({ goal: [at, at, at], eps: 0.02, trials: 100, seed: 0 }).log10Probability;
  expectIn(1, whole(trials(0.5)), whole(trials(0)), whole(trials(0.5) / 100));

  const best = choose(chosen(initialValues(sameState))).map(({ here }) => {
    const most = Math.max(...Object.values(here));
    return Object.entries(here).flatMap(([move, q]) => (q > most - 1e-9 ? [move] : []));
  });
  expect(best).toEqual([['up', 'right'], ['down'], ['left']]);
  expectIn(2, 'A: up or right; B: down; C: left');

  const first = initialValues(backups);
  const topLeft = (sweeps: number) => backUp({ ...first, sweeps }).v[0];
  expect([topLeft(4), topLeft(5)].map((value) => Number(value.toFixed(4)))).toEqual([0, 0.6561]);
  expect(Math.max(...backUp({ ...first, ends: false }).exactV)).toBeCloseTo(10, 8);

  const at = (discount: number) => follow({ ...initialValues(wall), discount });
  expect([at(0.92).dense.arrives, at(0.94).dense.arrives, at(0.92).sparse.path.length - 1]).toEqual([false, true, 13]);
});

test('5 to 8', () => {
  const path = Array.from({ length: 21 }, (_, i) => [0.1 + 0.8 * (1 - Math.abs(i / 10 - 1)), 0.5]);
  const shares = relabel({ path, goal: [0.9, 0.9], strategy: 'future', k: 4, eps: 0.05, seed: 0 });
  expectIn(5, percent(shares.formula), percent(shares.counted));

  const values = { ...calculated(initialValues(hand)), order: 'forwards' } as const;
  const firstStep = (sweeps: number) =>
    calculate({ ...values, sweeps }).find((u) => u.relabelled && u.step === 0)?.after;
  expect([1, 2, 3].map(firstStep).map((q) => Number(q?.toPrecision(12)))).toEqual([0, 0, 0.0009604]);
  expect([4, 1].map((k) => learnedValue(0.5, k))).toEqual([0.9, 0.75]);
});

test('9 and 10', async () => {
  expect(compare({ tasks: 3, shared: 1, overhead: 3, model: 'added' }).winsForSharedAbove).toBe(1);
  const { gradients: arrows, ...rest } = initialValues(gradients);
  const found = await combine({ gradients: arrows, ...rest });
  const progress = ([x, y]: readonly number[]) => arrows.map(([a, b]) => (a * x + b * y).toFixed(3));
  expect([progress(found.sum)[1], progress(found.gradnorm)[1], progress(found.cagrad)]).toEqual([
    '0.157',
    '0.298',
    ['0.482', '0.482'],
  ]);
  expectIn(10, '0.157', '0.298', '0.482');
});
