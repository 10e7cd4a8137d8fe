// Two hundred runs of ten thousand points: the page stays fluid.
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { metricsRows, temporaryFolder, writeRun } from '../../src/studio/testing.js';
import { describeStudio } from '../testing/browser.js';
import { chromiumPath } from '../testing/chromium-path.js';

const folder = temporaryFolder();
const name = (i: number) => `point-reach__sac__${i}__20261121-100000`;
if (chromiumPath() !== undefined) {
  const logs = Array.from({ length: 10 }, (_, seed) => metricsRows(10_000, { seed }));
  for (let i = 0; i < 200; i++) {
    // Ten groups of twenty seeds.
    const config = {
      seed: i,
      steps: 10_000_000,
      agent: { name: 'sac', options: { hidden: [8 + Math.floor(i / 20)] } },
    };
    const path = writeRun(folder, { name: name(i), config, going: i < 5 });
    writeFileSync(join(path, 'metrics.jsonl'), logs[i % 10]);
  }
}
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Milliseconds: about three times what two busy cores take. */
const LIMITS = { list: 6000, filter: 400, all: 1500, update: 700 };

describeStudio('two hundred runs', folder, (get) => {
  test('appear, are filtered, compared and updated without long pauses', async () => {
    const page = await get().open();
    const timed = async (act: () => Promise<unknown>): Promise<number> => {
      const begin = performance.now();
      await act();
      return performance.now() - begin;
    };
    /** The longest time that the page's script kept it from answering, in ms. */
    const longest = async (act: () => Promise<unknown>): Promise<number> => {
      await page.evaluate(() => {
        const tasks: number[] = [];
        Object.assign(window, { tasks });
        new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
          type: 'longtask',
        });
      });
      await act();
      return page.evaluate(() => Math.max(0, ...(window as unknown as { tasks: number[] }).tasks));
    };

    const list = await timed(() => page.locator('tr[data-run]').nth(199).waitFor());
    await page.locator('.chart canvas').first().waitFor();
    const filter = await longest(async () => {
      await page.getByLabel('Filter runs').fill('seed 7');
      await expect.poll(() => page.locator('tr[data-run]').count()).toBeLessThan(50);
      await page.getByLabel('Filter runs').fill('');
      await expect.poll(() => page.locator('tr[data-run]').count()).toBe(200);
    });
    /** Other programs make pauses longer, never shorter: the best of up to three, until one is short enough. */
    const best = async (limit: number, round: (i: number) => Promise<number>): Promise<number> => {
      let shortest = Infinity;
      for (let i = 0; i < 3 && shortest >= limit; i++) shortest = Math.min(shortest, await round(i));
      return shortest;
    };
    const all = await best(LIMITS.all, async () => {
      await page.getByLabel('Select all shown runs').check();
      await page.getByLabel('Select all shown runs').uncheck();
      await page.getByText('Tick one run or several').waitFor();
      return longest(async () => {
        await page.getByLabel('Select all shown runs').check();
        await page.getByRole('list', { name: 'Lines' }).getByText('20 seeds').nth(9).waitFor();
        await page.waitForTimeout(4000);
      });
    });
    const chart = page.locator('[data-metric="eval/success_rate"] [role=img]');
    const update = await best(LIMITS.update, (round) =>
      longest(async () => {
        appendFileSync(join(folder, name(0), 'metrics.jsonl'), metricsRows(20, { from: 10_000 + 20 * round }));
        await expect.poll(() => chart.getAttribute('aria-label')).toMatch(new RegExp(`at 5.0${round + 1}M`));
        await page.waitForTimeout(500);
      }),
    );
    const times = Object.entries({ list, filter, all, update }).map(([what, ms]) => `${what} ${ms.toFixed(0)} ms`);
    console.log(`${times.join(', ')} (the list: until it is there; else: the longest pause)`);
    for (const [what, limit] of Object.entries(LIMITS)) {
      expect({ list, filter, all, update }[what as keyof typeof LIMITS], what).toBeLessThan(limit);
    }
  });
});
