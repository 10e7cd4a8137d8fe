// The diagnosis of a run in a browser: computed by a process of its own, drawn with matrix, layers, groups and transfer.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDiskStore } from '../../src/runs/disk-store.js';
import { temporaryFolder } from '../../src/studio/testing.js';
import { train } from '../../src/training/train.js';
import { describeStudio, isPicturing, picture } from '../testing/browser.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Pictures are of policies that have learned something. */
const STEPS = isPicturing ? 5000 : 600;

describeStudio('what tasks do to each other', folder, (get) => {
  const names: string[] = [];
  beforeAll(async () => {
    for (const weights of [{}, { 'turned-round': 0 }, { reach: 0 }]) {
      const { runDir } = await train({
        env: 'point/two-tasks',
        agent: 'mtsac',
        steps: STEPS,
        seed: 1,
        store: createDiskStore(folder),
        config: {
          tasks: { weights },
          agent: { hidden: [32, 32], scaleRewards: true, learningRate: 0.003, initialTemperature: 0.1 },
          training: { batchSize: 64 },
          runtime: { worker: false, overlap: false },
          evaluation: { every: STEPS / 5, episodes: 20 },
        },
      });
      names.push(runDir.split('/').at(-1) ?? '');
    }
  });

  test.each(['light', 'dark'] as const)('is asked for and drawn, %s', async (colorScheme) => {
    const { open, expectNoErrors } = get();
    const page = await open('/runs', { colorScheme, height: 1500 });
    await page.locator(`tr[data-run="${names[0]}"] .run-name button`).click();
    const section = page.getByRole('region', { name: 'What the tasks do to each other' });
    await section.getByText(`tasks diagnose ${folder}/${names[0]}`).waitFor();
    await section.getByRole('combobox', { name: 'Compare with specialists' }).click();
    for (let i = 0; i < 2; i++) await page.getByRole('option').nth(i).click();
    await page.keyboard.press('Escape');
    await section.getByRole('button', { name: 'Diagnose', exact: true }).click();
    const actor = section.getByRole('region', { name: 'Gradients of actor' });
    await actor.waitFor();
    const cells = await actor.locator('.diagnosis-cell').allTextContents();
    expect(cells).toHaveLength(4);
    expect([cells[0], cells[3]]).toEqual(['1.00', '1.00']);
    expect(cells[1]).toBe(cells[2]); // a matrix of cosines is symmetric
    expect(Number(cells[1])).toBeGreaterThanOrEqual(-1);
    await actor.getByText(/^Groups that agree: /).waitFor();
    expect(await actor.getByRole('table', { name: 'By layer' }).getByRole('row').count()).toBeGreaterThan(2);
    const transfer = section.getByRole('table', { name: 'Transfer' });
    for (const task of ['reach', 'turned-round']) await transfer.locator(`[data-transfer="${task}"]`).waitFor();
    await actor.getByRole('combobox', { name: 'Layer of actor' }).click();
    await page.getByRole('option', { name: 'layer 1' }).click();
    expect(await actor.locator('.diagnosis-cell').count()).toBe(4);
    await section.scrollIntoViewIfNeeded();
    if (colorScheme === 'light') await picture(page, 'diagnosis');
    expectNoErrors();
  });

  test('what cannot be compared is said, and curves of training stand by task', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/runs?metrics=rollout/*/success_rate');
    await page.getByLabel(`Show curves of ${names[0]}`, { exact: true }).check();
    const chart = page.locator('[data-metric="rollout/*/success_rate"]');
    await chart.locator('canvas').waitFor();
    const listed = async () => {
      const texts = await chart.getByRole('list', { name: 'Tasks' }).getByRole('listitem').allTextContents();
      return new Set(texts.map((text) => text.split(' ')[0]));
    };
    await expect.poll(listed, { timeout: 10_000 }).toEqual(new Set(['reach', 'turned-round']));
    await page.locator(`tr[data-run="${names[1]}"] .run-name button`).click();
    const section = page.getByRole('region', { name: 'What the tasks do to each other' });
    await section.getByRole('combobox', { name: 'Compare with specialists' }).click();
    await page.getByRole('option').last().click();
    await page.keyboard.press('Escape');
    await section.getByRole('button', { name: 'Diagnose', exact: true }).click();
    await section
      .getByRole('alert')
      .or(section.getByRole('table', { name: 'Transfer' }))
      .waitFor();
    expectNoErrors(/status of (400|500)/);
  });
});
