// The Runs page in a browser: list, curves, differences, starting and stopping, downloads, keyboard, both schemes, narrow.
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { metricsRows, temporaryFolder, writeRun } from '../../src/studio/testing.js';
import { describeStudio, picture } from '../testing/browser.js';

const parent = temporaryFolder();
// A folder named as people's is, for the commands that the pages show.
process.chdir(parent);
const full = temporaryFolder();
afterAll(() => {
  for (const folder of [parent, full]) rmSync(folder, { recursive: true, force: true });
});

const settings = { env: { name: 'arm/push' }, steps: 200_000 };
const stamp = (minutes: number) => new Date(Date.now() - 60_000 * minutes).toISOString();
for (const seed of [0, 1, 2]) {
  const name = `arm-push__sac__${seed}__20261121-10000${seed}`;
  writeRun(full, { name, rows: 400, config: { ...settings, seed }, created: stamp(100 - seed) });
}
for (const seed of [0, 1]) {
  const name = `arm-push__sac__${seed}__20261121-11000${seed}`;
  const config = { ...settings, seed: seed + 5, relabel: 'none', training: { batchSize: 512 } };
  writeRun(full, { name, rows: 250, config, created: stamp(70 - seed) });
  mkdirSync(join(full, name, 'checkpoints', 'last'), { recursive: true });
}
writeRun(full, {
  name: 'point-reach__td3__0__20261121-120000',
  rows: 30,
  config: { agent: { name: 'td3' }, steps: 50_000 },
  created: stamp(3),
  going: true,
});

describeStudio('without runs', 'runs', (get) => {
  test('says what to do, and a run can be started, watched, stopped and gone on with', async () => {
    const { open, expectNoErrors, studio } = get();
    const page = await open();
    await page.getByText('No runs yet').waitFor();
    await picture(page, 'empty');
    await page.getByRole('button', { name: 'Start a run' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Environment').fill('point/reach');
    const usual = page.waitForResponse(/\/api\/form\?env=point(\/|%2F)reach/);
    await page.getByRole('option', { name: 'point/reach' }).click();
    await usual; // it fills Steps in anew, and would do so between the two halves of what follows
    await expect.poll(() => dialog.getByLabel('Steps', { exact: true }).inputValue()).toBe('5,000');
    await dialog.getByLabel('Steps', { exact: true }).fill('2000000');
    await dialog.getByRole('button', { name: 'All settings' }).click();
    await dialog.getByLabel('Search settings').fill('every');
    await dialog.getByLabel('evaluation.every').fill('many');
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await dialog
      .getByText('evaluation.every must be a whole number, at least 0, not "many" (from the form).')
      .waitFor();
    await dialog.getByRole('textbox', { name: 'evaluation.every' }).fill('500');
    await dialog.getByText('train point/reach --steps 2000000 --set evaluation.every=500').waitFor();
    await picture(page, 'start');
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();

    const row = page.locator('tr[data-run]');
    await row.waitFor();
    expect(await row.count()).toBe(1);
    await row.getByText('Running').waitFor();
    expect(studio.running()).toBe(1);
    // The curve grows by itself.
    const chart = page.locator('[data-metric="eval/success_rate"] [role=img]');
    await chart.waitFor();
    const lastStep = async () => /at ([\d.KM]+)$/.exec((await chart.getAttribute('aria-label')) ?? '')?.[1];
    const before = await lastStep();
    await expect.poll(lastStep).not.toBe(before);

    await page.getByRole('button', { name: /^Stop / }).click();
    await row.getByText('Stopped').waitFor();
    await expect.poll(() => studio.running()).toBe(0); // its process ends a moment after it has said so
    const steps = (await row.locator('.steps').getAttribute('title')) ?? '';
    await page.getByRole('button', { name: /^Resume / }).click();
    await row.getByText('Running').waitFor();
    await expect.poll(() => row.locator('.steps').getAttribute('title')).not.toBe(steps);

    await row.getByRole('button', { name: 'point/reach' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('Best policy as ONNX').waitFor();
    const download = page.waitForEvent('download');
    await drawer.getByText('Best policy as ONNX').click();
    expect((await download).suggestedFilename()).toMatch(/^point-reach__sac__0__.*\.onnx$/);
    await drawer.getByRole('button', { name: /^Stop / }).click();
    await drawer.getByText('Stopped').waitFor();
    const done = Number(
      /^([\d,]+) of/.exec((await row.locator('.steps').getAttribute('title')) ?? '')?.[1].replaceAll(',', ''),
    );
    // The table may show the steps of a moment before: more than it can have missed.
    await drawer.getByLabel('Train on to').fill(String(done + 5000));
    await drawer.getByRole('button', { name: 'Train on', exact: true }).click();
    await drawer.getByText('Done').waitFor();
    expectNoErrors(/status of 400 .*\/api\/runs/); // the setting that was refused above
  });
});

describeStudio('with runs', full, (get) => {
  test('the newest is shown; several are compared, seeds together, with what differs', async () => {
    const { open, expectNoErrors } = get();
    const page = await open();
    await page.locator('tr[data-run]').first().waitFor();
    expect(await page.locator('tr[data-run]').count()).toBe(6);
    expect(await page.locator('tr[data-selected]').count()).toBe(1);
    await page.locator('.chart canvas').first().waitFor();
    await page.getByLabel('Filter runs').fill('arm/push');
    await page.getByLabel('Select all shown runs').check();
    await page.getByLabel('Filter runs').fill('');
    await page.getByLabel('Show curves of point-reach').uncheck();
    await page.getByText('arm/push · sac · future:4 · 3 seeds').waitFor();
    await page.getByText('arm/push · sac · no hindsight · 2 seeds').waitFor();
    const differences = page.getByRole('region', { name: 'Differences' });
    await differences.getByText('training.batchSize').waitFor();
    expect(await differences.getByRole('rowheader').allTextContents()).toEqual([
      'relabel',
      'seed',
      'training.batchSize',
    ]);
    await page.getByRole('combobox', { name: 'Metrics' }).click();
    await page.getByRole('option', { name: 'Critic loss' }).click();
    await page.keyboard.press('Escape');
    await page.locator('[data-metric="train/critic_loss"] canvas').waitFor();
    await page.getByText('Training time').click();
    const label = await page.locator('[data-metric="eval/success_rate"] [role=img]').getAttribute('aria-label');
    expect(label).toMatch(/3 seeds: \d+(\.\d)?% at \d+ min/);
    await page.getByText('Steps', { exact: true }).last().click();
    await page.locator('[data-metric="eval/success_rate"] .u-over').hover({ position: { x: 200, y: 80 } });
    await page.locator('.pointer-values:visible').waitFor();
    // Reloading shows the same.
    await page.reload();
    await page.getByText('arm/push · sac · no hindsight · 2 seeds').waitFor();
    expectNoErrors();
  });

  test('rows are sorted by a click on their column', async () => {
    const page = await get().open();
    await page.getByRole('button', { name: 'Success' }).click();
    const values = await page.locator('td[data-label=Success]').allTextContents();
    const numbers = values.map((text) => Number.parseFloat(text));
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    await expect.poll(() => page.locator('th[aria-sort=descending]').textContent()).toContain('Success');
  });

  test('a curve grows by what is appended, and the zoom stays', async () => {
    const { open, expectNoErrors } = get();
    const page = await open();
    const chart = page.locator('[data-metric="eval/success_rate"] [role=img]');
    await chart.waitFor();
    expect(await chart.getAttribute('aria-label')).toMatch(/at 15K$/);
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(request.url()));
    appendFileSync(join(full, 'point-reach__td3__0__20261121-120000', 'metrics.jsonl'), metricsRows(10, { from: 30 }));
    await expect.poll(() => chart.getAttribute('aria-label')).toMatch(/at 20K$/);
    expect(fetched.filter((url) => url.includes('/metrics'))).toEqual([expect.stringContaining('after=')]);

    const box = (await chart.locator('.u-over').boundingBox())!;
    const [y, left, right] = [box.y + 60, box.x + 0.25 * box.width, box.x + 0.5 * box.width];
    await page.mouse.move(left, y);
    await page.mouse.down();
    await page.mouse.move(right, y, { steps: 4 });
    await page.mouse.up();
    const shown = async () => (await chart.getAttribute('data-shown'))?.split(' ').map(Number) ?? [];
    const zoomed = await shown();
    expect(zoomed[1] - zoomed[0]).toBeLessThan(6000);
    appendFileSync(join(full, 'point-reach__td3__0__20261121-120000', 'metrics.jsonl'), metricsRows(4, { from: 40 }));
    await expect.poll(() => chart.getAttribute('aria-label')).toMatch(/at 22K$/);
    expect(await shown()).toEqual(zoomed);
    await chart.locator('.u-over').dblclick();
    await expect.poll(shown).toEqual([1000, 22_000]);
    expectNoErrors();
  });

  test('everything can be reached and seen by keyboard', async () => {
    const page = await get().open();
    await page.locator('tr[data-run]').first().waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
        return { name: name.trim(), outline: getComputedStyle(element).outlineStyle, tag: element.tagName };
      });
      seen.add(focus.name);
    }
    for (const name of ['Runs', 'Start a run', 'Select all shown runs', 'Success', 'Filter runs']) {
      expect(
        [...seen].some((text) => text.startsWith(name)),
        name,
      ).toBe(true);
    }
  });

  test('dark, light, and narrow windows', async () => {
    const { open, expectNoErrors } = get();
    const dark = await open('/runs', { colorScheme: 'dark' });
    await dark.locator('.chart canvas').first().waitFor();
    const background = () => dark.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await background();
    await dark.getByLabel('Switch to light colours').click();
    await expect.poll(background).not.toBe(before);

    const narrow = await open('/runs', { width: 360, height: 740 });
    await narrow.locator('.chart canvas').first().waitFor();
    const width = await narrow.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(360);
    await narrow.locator('tr[data-run]').first().getByRole('button').first().click();
    await narrow.getByRole('dialog').getByText('Settings').waitFor();
    expectNoErrors();
  });

  test('the page may not compile text to code, its workers may: the physics runs there, isolated', async () => {
    const { open, expectNoErrors } = get();
    const page = await open();
    await page.getByLabel('What this browser can do').click();
    await page.getByText('✓ MuJoCo physics').waitFor();
    await page.getByText('✓ Threads').waitFor();
    expectNoErrors();
    // In a timer: the debugger's own evaluation may compile text.
    const evaluated = await page.evaluate(
      () =>
        new Promise((done) => {
          setTimeout(() => {
            const script = document.createElement('script');
            script.textContent = 'window.injected = true';
            document.body.append(script);
            try {
              done([Function('return 1')(), 'injected' in window]);
            } catch (error) {
              done([(error as Error).name, 'injected' in window]);
            }
          });
        }),
    );
    expect(evaluated).toEqual(['EvalError', false]);
  });

  test('the window has the title of the page that is open', async () => {
    const page = await get().open('/watch');
    const title = () => page.title();
    const follow = (name: string) => page.getByRole('link', { name, exact: true }).first().click();
    await expect.poll(title).toBe('Watch · anygoal studio');
    await follow('Lab');
    await expect.poll(title).toBe('Lab · anygoal');
    await follow('Dense or sparse at a wall');
    await expect.poll(title).toBe('Dense or sparse at a wall · anygoal');
    await follow('Train here');
    await expect.poll(title).toBe('Train here · anygoal studio');
    await page.goBack();
    await expect.poll(title).toBe('Dense or sparse at a wall · anygoal');
  });

  test('a lost connection is told, and found again', async () => {
    const page = await get().open();
    await page.locator('tr[data-run]').first().waitFor();
    await page.context().setOffline(true);
    await page.route('**/api/**', (route) => route.abort());
    await page.evaluate(() => window.dispatchEvent(new Event('offline')));
    await page.getByText('Connection to the studio lost').waitFor();
    await page.unroute('**/api/**');
    await page.context().setOffline(false);
    await page.getByText('Connection to the studio lost').waitFor({ state: 'hidden' });
  });
});
