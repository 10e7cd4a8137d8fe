// The pictures of the Runs page in the documents, of real runs; made on request only: UPDATE_SCREENSHOTS=1.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { createDiskStore } from '../../src/runs/disk-store.js';
import { temporaryFolder } from '../../src/studio/testing.js';
import { train } from '../../src/training/train.js';
import { describeStudio, isPicturing, picture } from '../testing/browser.js';

describe.runIf(isPicturing)('pictures', () => {
  const parent = temporaryFolder();
  process.chdir(parent); // for the commands that the pages show
  beforeAll(async () => {
    const store = createDiskStore('runs');
    const config = { runtime: { worker: false, overlap: false }, evaluation: { every: 500, episodes: 30 } };
    for (const relabel of ['none', 'future:4']) {
      for (const seed of [0, 1, 2]) await train({ env: 'point/reach', relabel, seed, steps: 8000, store, config });
    }
    await train({ env: 'bit-flip', seed: 0, steps: 6000, store, config });
  });
  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  describeStudio('of runs', 'runs', (get) => {
    test('compared, dark, narrow, one in detail', async () => {
      const page = await get().open();
      await page.locator('tr[data-run]').first().waitFor();
      await page.getByLabel('Filter runs').fill('point');
      await page.getByLabel('Select all shown runs').check();
      await page.getByLabel('Filter runs').fill('');
      await page.getByLabel('Show curves of bit-flip').uncheck();
      await page.getByText('point/reach · sac · future:4 · 3 seeds').waitFor();
      await page.getByRole('region', { name: 'Differences' }).getByText('relabel').waitFor();
      await page.locator('.chart canvas').nth(1).waitFor();
      await page.locator('[data-metric="eval/success_rate"] .u-over').hover({ position: { x: 200, y: 80 } });
      await picture(page, 'runs', { fullPage: true });
      await page.getByLabel('Switch to dark colours').click();
      await page.mouse.move(0, 0);
      await picture(page, 'runs-dark', { fullPage: true });
      await page.setViewportSize({ width: 360, height: 740 });
      await picture(page, 'runs-narrow');
      await page.getByLabel('Switch to light colours').click();
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.locator('tr[data-run]').nth(1).getByRole('button').first().click();
      await page.getByRole('dialog').getByText('Best policy as ONNX').waitFor();
      await page.waitForTimeout(500); // the drawer slides in
      await picture(page, 'run');
    }, 120_000);
  });
});
