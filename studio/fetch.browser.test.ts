// The Fetch robot in the tab: where its models are a run of it is watched, its goal placed, and another one trained; else it says what to get.
import { describe, expect, test } from 'vitest';
import { loadFetchAssets } from '../src/envs/fetch/assets.js';
import { picture } from './testing/browser.js';
import { describeWatch, goalOf, reading, stageBox } from './watch/testing.js';

const here = await loadFetchAssets().then(
  () => true,
  () => false,
);
if (!here) console.log('Fetch in the tab not tried: its models are not here (docs/environments/fetch.md).');

const runs = { reach: { env: 'fetch/reach', steps: 100 } };
describe.skipIf(!here)('where its models are', () =>
  describeWatch('the Fetch robot', runs, (get, names) => {
    test('a run of it is watched and its goal placed', async () => {
      const { open, expectNoErrors } = get();
      const page = await open(`/watch?run=${names.reach}`, { width: 1100, height: 700 });
      const box = await stageBox(page);
      const axes = await page.locator('label', { hasText: /-x$|-y$|-z$/ }).allTextContents();
      expect(axes).toHaveLength(3);
      const from = await goalOf(page, axes);
      await page.mouse.click(box.x + 0.6 * box.width, box.y + 0.5 * box.height);
      await expect.poll(() => goalOf(page, axes)).not.toEqual(from);
      const distance = async () => Number(await reading(page, 'Distance now'));
      const first = await distance();
      await expect.poll(distance).not.toBe(first);
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.waitForTimeout(800); // what stands still is drawn finer
      await picture(page, 'watch-fetch');
      expectNoErrors();
    });

    test('one is trained in the tab', async () => {
      const { open, expectNoErrors } = get();
      const page = await open('/train?env=fetch/reach&steps=300&set=evaluation.episodes=2');
      await page.getByRole('button', { name: 'Start training' }).click();
      await expect
        .poll(() => page.locator('[data-phase]').getAttribute('data-phase'), { timeout: 240_000 })
        .toBe('ended');
      await page.getByText(/of the last \d+ goals? reached/).waitFor();
      expectNoErrors();
    });
  }),
);

describe.skipIf(here)('where its models are not', () =>
  describeWatch('the Fetch robot', {}, (get) => {
    test('training it in the tab says how to get them', async () => {
      const { open } = get();
      const page = await open('/train?env=fetch/reach&steps=300');
      await page.getByRole('button', { name: 'Start training' }).click();
      await page.getByRole('alert').getByText('pip install --no-deps gymnasium-robotics').waitFor();
      await page.getByRole('button', { name: 'Try again' }).waitFor();
    });
  }),
);
