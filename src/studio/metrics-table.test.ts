// Curves from metrics.jsonl: what grows, is cut, is damaged; thinning keeps every peak.
import { appendFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { keepExtremes } from './downsample.js';
import { latestIn, readLatest } from './latest-metrics.js';
import { readCurves, readMetrics } from './metrics-table.js';
import { metricsRows, temporaryFolder } from './testing.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const names = ['rollout/success_rate', 'eval/success_rate'];
const rowsOf = (text: string, name: string): number[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter((row) => name in row)
    .map((row) => row[name]);

test('what is appended comes as increments that add up to the whole', async () => {
  const path = join(folder, 'growing.jsonl');
  let text = metricsRows(7);
  writeFileSync(path, text);
  let table = await readMetrics(path);
  let answer = readCurves(table, { names, points: 1000 });
  expect(answer.reset).toBe(true);
  const seen = structuredClone(answer.curves);
  for (let i = 0; i < 5; i++) {
    const more = metricsRows(3 + i, { from: table.step.length });
    appendFileSync(path, more);
    text += more;
    table = await readMetrics(path, table);
    answer = readCurves(table, { names, after: answer.cursor, points: 1000 });
    expect(answer.reset).toBe(false);
    for (const name of names) {
      for (const column of ['step', 'seconds'] as const) seen[name][column].push(...answer.curves[name][column]);
      seen[name].value.push(...answer.curves[name].value);
    }
  }
  for (const name of names) expect(seen[name].value).toEqual(rowsOf(text, name));
  expect(seen['eval/success_rate'].step.slice(0, 3)).toEqual([1000, 2000, 3000]);
  // Evaluations have no clock of their own: the training seconds of the row before them.
  expect(seen['eval/success_rate'].seconds.slice(0, 3)).toEqual([0, 1.2, 2.4]);
});

test('a half-written row waits for its end', async () => {
  const path = join(folder, 'half.jsonl');
  const text = metricsRows(4);
  writeFileSync(path, text.slice(0, -20));
  const table = await readMetrics(path);
  expect(table.step.length).toBe(3);
  appendFileSync(path, text.slice(-20));
  expect((await readMetrics(path, table)).step.length).toBe(4);
});

test('a log that was cut and grew beyond its old length is read anew', async () => {
  const path = join(folder, 'cut.jsonl');
  writeFileSync(path, metricsRows(10));
  const table = await readMetrics(path);
  const { cursor } = readCurves(table, { names, points: 100 });
  truncateSync(path, Buffer.byteLength(metricsRows(6)));
  appendFileSync(path, metricsRows(20, { from: 6, seed: 3 }));
  const again = await readMetrics(path, table);
  const answer = readCurves(again, { names, after: cursor, points: 100 });
  expect(answer.reset).toBe(true);
  expect(answer.curves[names[0]].value).toHaveLength(13);
});

test('lines that are no rows and values that are no numbers do not stop it', async () => {
  const path = join(folder, 'odd.jsonl');
  writeFileSync(
    path,
    '{"step":1,"a":1}\nnonsense\n[]\nnull\n{"a":5}\n{"step":2,"a":null,"b":"text"}\n{"step":3,"a":2}\n',
  );
  const { curves, names } = readCurves(await readMetrics(path), { names: ['a', 'b', 'c'], points: 100 });
  expect(names).toEqual(['a']);
  expect(curves).toEqual({ a: { step: [1, 2, 3], seconds: [0, 0, 0], value: [1, null, 2] } });
});

test('a file longer than one piece is read whole', async () => {
  const path = join(folder, 'long.jsonl');
  const text = metricsRows(40_000);
  expect(text.length).toBeGreaterThan(6 << 20);
  writeFileSync(path, text);
  const table = await readMetrics(path);
  expect(table.step.length).toBe(40_000);
  expect(table.columns.get('eval/success_rate')?.value).toEqual(rowsOf(text, 'eval/success_rate'));
});

test('thinning keeps the ends, the order and every extreme, within its limit', () => {
  const values = fc.array(fc.oneof({ weight: 9, arbitrary: fc.double() }, fc.constant(Number.NaN)), { maxLength: 400 });
  fc.assert(
    fc.property(values, fc.integer({ min: 4, max: 60 }), (all, most) => {
      const kept = keepExtremes(all, most);
      expect(kept.length).toBeLessThanOrEqual(Math.max(most, 0));
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      if (all.length > 0) expect([kept[0], kept.at(-1)]).toEqual([0, all.length - 1]);
      const numbers = (indices: number[]) => indices.map((i) => all[i]).filter((value) => !Number.isNaN(value));
      const [before, after] = [numbers(all.map((_, i) => i)), numbers(kept)];
      if (before.length === 0) return;
      expect([Math.min(...after), Math.max(...after)]).toEqual([Math.min(...before), Math.max(...before)]);
    }),
  );
});

/** What decides on the end of a run; tasks, and so the worst of them, are not in these logs. */
const evaluationsOf = (text: string) => {
  const rewards = rowsOf(text, 'eval/mean_reward');
  return rowsOf(text, 'eval/success_rate').map((success, i) => ({ success, reward: rewards[i], worst: Number.NaN }));
};

test('the newest values come from the end of the log, also where evaluations are rare', async () => {
  const text = metricsRows(400);
  expect(latestIn(text)).toMatchObject({
    step: 200_000,
    seconds: 398 * 0.6,
    success: rowsOf(text, 'eval/success_rate').at(-1),
    meanReturn: rowsOf(text, 'eval/mean_reward').at(-1),
    evaluations: evaluationsOf(text).slice(-2).reverse(),
  });
  const rare = `${metricsRows(2)}${metricsRows(1999, { from: 2 })
    .split('\n')
    .filter((line) => !line.includes('eval/'))
    .join('\n')}\n{"step":9`;
  const path = join(folder, 'rare.jsonl');
  writeFileSync(path, rare);
  const latest = await readLatest(path, Buffer.byteLength(rare));
  expect(latest.evaluations).toEqual(evaluationsOf(metricsRows(2)));
  expect(latest.step).toBe(2001 * 500);
});
