// Train here in a browser: it learns, can be paused, stopped, saved, downloaded and gone on with, and says what is wrong.
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../src/studio/testing.js';
import { evaluateRun } from '../../src/training/policy.js';
import { describeStudio, picture } from '../testing/browser.js';
import { traceScript } from '../testing/main-thread.js';
import { withoutWebGl } from '../watch/testing.js';

const parent = temporaryFolder();
// A folder named as people's is, for the commands that the pages show.
process.chdir(parent);
afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** The output of the built command line. */
async function command(...words: string[]): Promise<string> {
  const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
  return (await promisify(execFile)(process.execPath, [program, ...words])).stdout;
}

/** For what has to be learned. */
const learning = { timeout: 240_000 };
const panels = (page: Page) => page.locator('[data-phase]');
const phases = (page: Page) =>
  panels(page).evaluateAll((all) => all.map((panel) => (panel as HTMLElement).dataset.phase));
/** The last value of a line as the chart tells it to screen readers, such as `in evaluation: 96% at 2K`. */
async function lastValue(
  page: Page,
  chart: string,
  line: string,
): Promise<{ value: number; step: string } | undefined> {
  const label = await page
    .locator(`[data-chart="${chart}"] [role=img]`)
    .getAttribute('aria-label', { timeout: 1000 })
    .catch(() => '');
  const [, value, step] = new RegExp(`${line}: (-?[\\d.]+)%? at ([\\d.KM]+)`).exec(label ?? '') ?? [];
  return value === undefined ? undefined : { value: Number(value), step };
}
const success = async (page: Page, line = 'in evaluation') => (await lastValue(page, 'Success', line))?.value;
const start = (page: Page) => page.getByRole('button', { name: 'Start training' }).click();
const stepsOf = async (page: Page) =>
  (await page.getByRole('progressbar', { name: 'Steps done' }).getAttribute('aria-valuenow')) ?? '';

describeStudio('Train here', 'runs', (get) => {
  test('a point learns to reach, the page stays fluid, and the run is saved, listed, evaluated and gone on with', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/train?env=point/reach&steps=4000');
    const trace = await traceScript(page);
    await start(page);
    await expect.poll(() => lastValue(page, 'Success', 'in evaluation'), learning).toBeDefined();
    const first = await lastValue(page, 'Success', 'in evaluation');
    // Pausing holds the steps, the policy goes on acting, and going on goes on.
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    await page.waitForTimeout(700);
    const held = await stepsOf(page);
    await page.waitForTimeout(1500);
    expect(await stepsOf(page)).toBe(held);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(() => stepsOf(page)).not.toBe(held);
    // It learns, and the curve grows.
    await expect.poll(() => success(page), learning).toBeGreaterThanOrEqual(95);
    expect(first?.value).toBeLessThan(60);
    expect((await lastValue(page, 'Success', 'in evaluation'))?.step).not.toBe(first?.step);
    await expect.poll(() => lastValue(page, 'Losses', 'critic')).toBeDefined();
    await page.getByText(/of the last \d+ goals? reached/).waitFor();
    const script = await trace.end();
    console.log(`script of the page while it trains, ms of a frame: ${JSON.stringify(script)}`);
    // What the page aims at is 8 ms; other programs of the computer slow it by sharing its caches.
    expect(script.p95).toBeLessThan(16);
    expect(script.share).toBeLessThan(0.25);

    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Save to runs' }).waitFor();
    await page.getByRole('button', { name: 'Save to runs' }).click();
    await page.getByText('It is among the runs now').waitFor();
    const [run] = readdirSync('runs');
    expect(await command('eval', `runs/${run}`)).toMatch(/success/i);
    expect((await evaluateRun({ run: `runs/${run}`, episodes: 50 })).successRate).toBeGreaterThanOrEqual(0.9);

    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download .zip' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe(`${run}.zip`);
    const files = unzipSync(new Uint8Array(readFileSync(await download.path())));
    for (const [path, bytes] of Object.entries(files)) {
      const to = join(parent, 'unzipped', path);
      mkdirSync(join(to, '..'), { recursive: true });
      writeFileSync(to, bytes);
    }
    const before = Number(readFileSync(join(parent, 'unzipped', run, 'checkpoints/last'), 'utf8'));
    await command('train', '--resume', join('unzipped', run), '--steps', String(before + 200));
    expect(readFileSync(join(parent, 'unzipped', run, 'metrics.jsonl'), 'utf8')).toContain(`"step":${before + 200},`);

    // Other pages do not end it: it trains on from where it was.
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.locator(`tr[data-run="${run}"]`).waitFor();
    await page.getByRole('link', { name: 'Train here' }).click();
    await page.getByLabel('Train on to').fill('4500');
    await page.getByRole('button', { name: 'Train on' }).click();
    await expect.poll(() => phases(page), learning).toEqual(['ended']);
    await page.getByText('4.5K / 4.5K').waitFor();
    // That is not saved yet.
    await page.getByRole('button', { name: 'New training' }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: 'Save to runs' }).click();
    await page.getByText('It is among the runs now').waitFor();
    expect(readdirSync('runs').sort()).toEqual([run, `${run}-2`]);
    await page.getByRole('button', { name: 'New training' }).click();
    await page.getByRole('button', { name: 'Start training' }).waitFor();
    expect(page.workers()).toEqual([]);
    expectNoErrors();
  });

  test('with and without hindsight side by side, in both schemes and narrow', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/train?env=point/reach&steps=3000');
    await picture(page, 'train-choose');
    await page.getByRole('button', { name: 'With and without hindsight' }).click();
    await expect.poll(() => panels(page).count()).toBe(2);
    await expect.poll(() => success(page, 'future:4, in evaluation'), learning).toBeGreaterThanOrEqual(80);
    await expect.poll(() => success(page, 'no hindsight, in evaluation'), learning).toBeLessThan(20);
    await picture(page, 'train-hindsight', { fullPage: true });
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture(page, 'train-dark', { fullPage: true });
    await page.setViewportSize({ width: 360, height: 800 });
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await picture(page, 'train-narrow', { fullPage: true });
    // Closing would lose it, so the browser asks.
    const asked = new Promise((resolve) => {
      page.once('dialog', (dialog) => {
        resolve(dialog.type());
        void dialog.accept();
      });
    });
    await page.close({ runBeforeUnload: true });
    expect(await asked).toBe('beforeunload');
    expectNoErrors();
  });

  test('the arm practises in three dimensions', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/train', { width: 1280, height: 860 });
    await start(page);
    await expect.poll(() => success(page), learning).toBeGreaterThanOrEqual(95);
    await page.getByText('goal reached').waitFor();
    await picture(page, 'train');
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => phases(page), learning).toEqual(['ended']);
    expectNoErrors();
  });

  test('what does not go together is said in the words of the library', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/train?env=bit-flip&agent=sac');
    await start(page);
    await page.getByText('agent "sac" needs continuous actions, but bit-flip has discrete ones; use one of').waitFor();
    await page.goto(new URL('/train?env=point/reach&agent=ppo&relabel=future:4', page.url()).href);
    await start(page);
    await page.getByText('relabel "future:4" does not go with agent "ppo": it is on-policy').waitFor();
    expectNoErrors();
  });

  test('a worker that breaks can be tried again', async () => {
    const { open } = get();
    const page = await open('/train?env=point/reach&steps=600');
    await page.route('**/workers/train.worker-*.js', (route) => route.abort());
    await start(page);
    await page.getByText('its script did not load').waitFor();
    await page.unroute('**/workers/train.worker-*.js');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => phases(page), learning).toEqual(['ended']);
  });

  test('without WebGL the arm trains all the same, drawn from above', async () => {
    const { open, expectNoErrors } = get();
    const page = await open();
    await withoutWebGl(page);
    await page.goto(new URL('/train?steps=700', page.url()).href);
    await start(page);
    await page.getByText('This browser has no 3-D graphics (WebGL)').waitFor();
    await expect.poll(() => phases(page), learning).toEqual(['ended']);
    await expect.poll(() => success(page)).toBeDefined();
    expectNoErrors();
  });

  test('without isolation: a note, and training all the same', async () => {
    const { open, expectNoErrors } = get();
    const page = await open();
    // As a proxy might that drops headers it does not know.
    const isFile = ({ pathname }: URL) => !pathname.startsWith('/api/');
    await page.route(isFile, async (route) => {
      const response = await route.fetch();
      const headers = Object.fromEntries(
        Object.entries(response.headers()).filter(([name]) => !name.startsWith('cross-origin-')),
      );
      await route.fulfill({ response, headers });
    });
    await page.goto(new URL('/train?env=bit-flip&steps=300', page.url()).href);
    await page.getByText('This page is not isolated').waitFor();
    await start(page);
    await expect.poll(() => phases(page), learning).toEqual(['ended']);
    expectNoErrors();
  });
});
