// The Record page in a browser: an episode by keys, by the pointer, by touch; what is kept is saved, inspected and learned from.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { inspectData, openDataSet } from '../../src/datasets/index.js';
import { createDiskStore } from '../../src/runs/disk-store.js';
import { temporaryFolder } from '../../src/studio/testing.js';
import { train } from '../../src/training/train.js';
import { describeStudio, picture } from '../testing/browser.js';
import { stageBox } from '../watch/testing.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const phase = (page: Page): Promise<string | null> =>
  page.getByRole('group', { name: 'Episode' }).getAttribute('data-phase');
const kept = (page: Page, name: string) => page.locator(`[data-kept="${name}"]`).textContent();
/** The console's words for a name that is taken. */
const TAKEN = /status of 409/;
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** A key that is held so long, in milliseconds of the tab's own clock. */
async function hold(page: Page, key: string, ms: number): Promise<void> {
  await page.keyboard.down(key);
  await page.waitForTimeout(ms);
  await page.keyboard.up(key);
}

describeStudio('recording by hand', folder, (get) => {
  test('an episode by keys is kept, saved, inspected and learned from', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/record?env=point/two-tasks');
    await stageBox(page);
    for (let episode = 0; episode < 2; episode++) {
      await expect.poll(() => phase(page)).toBe('ready');
      // Tasks come in turn, those first of which the fewest are kept.
      await expect
        .poll(() => page.locator('[data-reading="Task"]').textContent())
        .toBe(['reach', 'turned-round'][episode]);
      await hold(page, 'ArrowRight', 450);
      await expect.poll(() => phase(page)).toBe('going');
      await hold(page, 'KeyW', 450);
      await page.keyboard.press('Enter');
      await expect.poll(() => phase(page)).toBe('over');
      await page.keyboard.press('Enter'); // too soon to be meant for keeping it
      expect(await phase(page)).toBe('over');
      await page.waitForTimeout(400);
      await page.keyboard.press('Enter');
      await expect.poll(() => kept(page, 'all')).toMatch(new RegExp(`^${episode + 1}, `));
    }
    expect(await kept(page, 'reach')).toMatch(/^1, /);
    expect(await kept(page, 'turned-round')).toMatch(/^1, /);
    await page.getByLabel('Name of the data set').fill('shown');
    await button(page, 'Save').click();
    await page.getByText(/^Saved: 2 episodes/).waitFor();
    const path = join(folder, 'data', 'shown.safetensors');
    await page.getByText(`train point/two-tasks --agent bc --data ${path}`).waitFor();

    const data = await openDataSet(path);
    expect((await inspectData(data)).findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(data.origin.policy).toBe('by hand');
    const { columns, steps } = await data.read(0, 2);
    expect([...columns.task]).toEqual([0, 1]);
    // Right first, whatever way the task's actions lead.
    const first = [columns.action.slice(0, 2), columns.action.slice(2 * steps[0], 2 * steps[0] + 2)];
    expect(first.map((action) => [...action])).toEqual([
      [1, 0],
      [-1, 0],
    ]);
    await data.close();
    const { updates } = await train({
      env: 'point/two-tasks',
      agent: 'bc',
      data: path,
      steps: 40,
      store: createDiskStore(join(folder, 'trained')),
      config: { runtime: { worker: false, overlap: false }, evaluation: { every: 0, episodes: 2 } },
    });
    expect(updates).toBe(40);

    // Under a name that is taken it is asked for first.
    await page.getByLabel('Replace the one that is there').waitFor();
    await button(page, 'Save').click();
    await page.getByText('there is a data set shown already').waitFor();
    await page.getByLabel('Replace the one that is there').check();
    await button(page, 'Save').click();
    await page.getByText(/^Saved: 2 episodes/).waitFor();
    await button(page, 'Train a policy from it').click();
    await page.waitForURL(/runs\?selected=/);
    await page.locator('tr[data-run]', { hasText: 'bc' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).first().click();
    expectNoErrors(TAKEN);
  });

  test('where it is pointed to the point goes; it ends once it is held, can be redone, discarded and downloaded', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/record?env=point/reach');
    /** As the page is laid out at that moment: it still moves a little while texts come. */
    const pointAtMiddle = async () => {
      const box = await stageBox(page);
      await page.mouse.click(box.x + 0.5 * box.width, box.y + 0.5 * box.height);
    };
    await expect.poll(() => phase(page)).toBe('ready');
    await pointAtMiddle();
    await expect.poll(() => phase(page)).toBe('going');
    await page.keyboard.press('r'); // the same start again
    await expect.poll(() => phase(page)).toBe('ready');
    await page.keyboard.press('Delete');
    await expect.poll(() => phase(page)).toBe('ready');
    await pointAtMiddle();
    await expect.poll(() => phase(page), { timeout: 30_000 }).toBe('over');
    await page.waitForTimeout(400);
    await button(page, 'Keep').click();
    await expect.poll(() => kept(page, 'episodes')).toMatch(/^1, /);
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Download').click()]);
    expect(download.suggestedFilename()).toBe('point-reach-by-hand.safetensors');
    const data = await openDataSet(await download.path());
    expect(data.steps).toHaveLength(1);
    const { columns } = await data.read(0, 1);
    expect(Math.max(...columns.observation.slice(-2).map(Math.abs))).toBeLessThan(0.02); // in the middle
    await data.close();
    expectNoErrors(TAKEN);
  });

  test('choices are steps: by arrow keys and by their buttons', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/record?env=grid');
    await stageBox(page);
    const up = async () => {
      await expect.poll(() => phase(page)).toBe('ready');
      await page.keyboard.press('ArrowUp');
      await page.locator('.panel-state', { hasText: 'step 1' }).waitFor();
      await page.waitForTimeout(300);
      await page.locator('.panel-state', { hasText: 'step 1' }).waitFor(); // there is no clock
    };
    await up();
    // Starts are drawn: where the goal is the next field the episode is over, and another one is begun.
    while ((await phase(page)) === 'over') {
      await page.keyboard.press('Delete');
      await up();
    }
    await button(page, 'left').click();
    await page.locator('.panel-state', { hasText: 'step 2' }).waitFor();
    expectNoErrors(TAKEN);
  });

  test('the gripper of the arm goes by buttons under a finger, and stays kept while other pages are open', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/record?env=tabletop/mt3', { width: 390, height: 844 });
    await stageBox(page);
    await expect.poll(() => phase(page)).toBe('ready');
    await page.getByText('0.25x').click();
    const raise = page.getByRole('button', { name: 'Higher' });
    await raise.dispatchEvent('pointerdown', { pointerId: 1, pointerType: 'touch', isPrimary: true });
    await expect.poll(() => phase(page)).toBe('going');
    await button(page, 'Close the gripper').click();
    await button(page, 'Open the gripper').waitFor();
    await raise.dispatchEvent('pointerup', { pointerId: 1, pointerType: 'touch' });
    await button(page, 'End here').click();
    await expect.poll(() => phase(page)).toBe('over');
    await page.waitForTimeout(400);
    await button(page, 'Keep').click();
    await expect.poll(() => kept(page, 'all')).toMatch(/^1, /);
    await page.evaluate(() => window.scrollTo(0, 200));
    await picture(page, 'record-narrow');
    await page.getByRole('link', { name: 'Runs' }).click();
    await page.waitForURL(/runs/);
    await page.getByRole('link', { name: 'Record' }).click();
    await expect.poll(() => kept(page, 'all')).toMatch(/^1, /);
    // Another environment would lose it: that is asked first.
    await page.getByRole('combobox', { name: 'Environment' }).click();
    await page.getByRole('option', { name: 'point/reach', exact: true }).click();
    await page.getByRole('button', { name: 'Keep them' }).click();
    await expect.poll(() => kept(page, 'all')).toMatch(/^1, /);
    expectNoErrors(TAKEN);
  });

  test('in three dimensions the gripper goes where it is pointed to, up with the wheel while it is dragged', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/record?env=tabletop/mt3');
    const box = await stageBox(page);
    await expect.poll(() => phase(page)).toBe('ready');
    await page.getByRole('combobox', { name: 'Task' }).click();
    await page.getByRole('option', { name: 'pick-and-place' }).click();
    await expect.poll(() => page.locator('[data-reading="Task"]').textContent()).toBe('pick-and-place');
    await page.getByText('0.25x').click();
    const [x, y] = [box.x + 0.55 * box.width, box.y + 0.6 * box.height];
    await page.mouse.click(x, y);
    await expect.poll(() => phase(page)).toBe('going');
    await page.waitForTimeout(2500);
    await picture(page, 'record');
    await page.mouse.move(x, y); // the hand wants to be here, so here it is dragged
    await page.mouse.down();
    await page.mouse.wheel(0, -300);
    await page.waitForTimeout(800);
    await page.mouse.up();
    await page.keyboard.press('Enter');
    await expect.poll(() => phase(page)).toBe('over');
    await page.waitForTimeout(400);
    await page.keyboard.press('Enter');
    await expect.poll(() => kept(page, 'pick-and-place')).toMatch(/^1, /);
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Download').click()]);
    const data = await openDataSet(await download.path());
    const { columns, steps } = await data.read(0, 1);
    const heights = Array.from({ length: steps[0] }, (_, i) => columns.action[4 * i + 2]);
    expect(Math.abs(columns.action[0]) + Math.abs(columns.action[1])).toBeGreaterThan(0.5);
    expect(Math.abs(heights[0])).toBeLessThan(0.5); // in the plane at first
    expect(Math.max(...heights)).toBe(1); // then up
    expect(columns.action[3]).toBe(1); // open
    await data.close();
    expectNoErrors(TAKEN);
  });

  test('in the dark, as a picture', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/record?env=point/maze-umaze', { colorScheme: 'dark' });
    await stageBox(page);
    await expect.poll(() => phase(page)).toBe('ready');
    await hold(page, 'ArrowLeft', 700);
    await picture(page, 'record-dark');
    expectNoErrors(TAKEN);
  });
});
