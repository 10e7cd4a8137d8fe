// The Watch page in a browser: goals placed by clicks and keys, policies that reach them, values, clips, no WebGL, fluency.
import { rmSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createDiskStore } from '../../src/runs/disk-store.js';
import { temporaryFolder } from '../../src/studio/testing.js';
import { train } from '../../src/training/train.js';
import { describeStudio, picture } from '../testing/browser.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const names: Record<string, string> = {};
async function trained(key: string, env: string, steps: number, relabel?: string) {
  const { runDir } = await train({
    env,
    steps,
    seed: 1,
    relabel,
    store: createDiskStore(folder),
    config: { runtime: { worker: false, overlap: false }, evaluation: { every: steps, episodes: 5 } },
  });
  names[key] = runDir.split('/').at(-1) ?? '';
}

/** The canvas's box, once something was drawn on it. */
async function stageBox(page: Page) {
  await page.locator('.panel-mark').first().waitFor({ timeout: 60_000 });
  return (await page.locator('.stage-canvas').boundingBox())!;
}
const reading = (page: Page, name: string, panel = 0) =>
  page.locator(`[data-reading="${name}"]`).nth(panel).textContent();
const reached = async (page: Page, panel = 0) =>
  Number((await reading(page, 'Reached', panel))?.split(' ')[0] ?? 0) || 0;

// Scenes are drawn without a graphics card here, perhaps on a busy machine.
vi.setConfig({ testTimeout: 120_000 });
const patient = { timeout: 40_000 };

describeStudio('watch', folder, (getStudio) => {
  const pages: Page[] = [];
  const get = () => {
    const tested = getStudio();
    const open = async (...args: Parameters<typeof tested.open>) => {
      const page = await tested.open(...args);
      pages.push(page);
      return page;
    };
    return { ...tested, open };
  };
  // What is left open goes on drawing.
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
  });
  beforeAll(async () => {
    await trained('point', 'point/reach', 2500);
    await trained('arm', 'arm/reach', 3000);
    await trained('blind', 'point/reach', 2500, 'none');
    await trained('maze', 'point/maze-umaze', 300);
    await trained('grid', 'grid', 300);
    await trained('bits', 'bit-flip', 300);
  }, 400_000);

  test('a run is chosen from the list, and from the Runs page', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/watch');
    await page.locator(`a[href$="${names.point}"]`).click();
    await stageBox(page);
    expect(page.url()).toContain(`run=${names.point}`);
    await page.goto(new URL('/runs', page.url()).href);
    await page.getByLabel(`Watch ${names.bits}`).click();
    await stageBox(page);
    await page.getByRole('button', { name: 'Bit 0 of the goal' }).waitFor();
    const lost = await open('/watch?run=nothing');
    await lost.getByText('There is no such run').waitFor();
    expectNoErrors();
  });

  test('the arm goes where a click puts the goal, and where keys and numbers put it', async () => {
    const { open, expectNoErrors } = get();
    const page = await open(`/watch?run=${names.arm}`, { viewport: { width: 1100, height: 700 } });
    const box = await stageBox(page);
    await page.getByLabel('When an attempt is over').first().click();
    await page.getByRole('option', { name: 'stay with this goal' }).click();
    const goal = () =>
      Promise.all(['x', 'y', 'z'].map(async (axis) => Number(await page.getByLabel(`gripper-${axis}`).inputValue())));
    for (const [x, y] of [
      [0.54, 0.44],
      [0.6, 0.52],
      [0.5, 0.52],
    ]) {
      const [before, from] = [await reached(page), await goal()];
      await page.mouse.click(box.x + x * box.width, box.y + y * box.height);
      await expect.poll(goal, patient).not.toEqual(from);
      expect((await goal())[2]).toBeCloseTo(from[2], 3); // a click keeps the height
      await expect.poll(() => reached(page), patient).toBe(before + 1);
    }
    const [before, from] = [await reached(page), await goal()];
    await page.locator('.stage').focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+PageUp');
    await expect.poll(async () => (await goal())[2]).toBeGreaterThan(Math.min(from[2] + 0.02, 0.68));
    await expect.poll(() => reached(page), patient).toBeGreaterThan(before);

    // Out of reach: at the nearest place, and said so.
    await page.getByLabel('gripper-x').fill('0.6');
    await page.mouse.click(box.x + 0.97 * box.width, box.y + 0.4 * box.height);
    await page.getByText('out of reach').waitFor();

    // Blows move it, and it comes back.
    const distance = async () => Number(await reading(page, 'Distance now'));
    await expect.poll(distance, patient).toBeLessThan(0.05);
    await page.getByRole('button', { name: 'Pause' }).click();
    const still = await distance();
    for (let i = 0; i < 3; i++) await page.getByLabel('Push the gripper left').click();
    await page.getByRole('button', { name: 'Step' }).click();
    await expect.poll(distance, patient).not.toBe(still);
    await picture(page, 'watch');
    expectNoErrors();
  });

  test('play, pause, single steps, speed, new starts and random goals, also by keys', async () => {
    const { open, expectNoErrors } = get();
    const page = await open(`/watch?run=${names.point}`);
    await stageBox(page);
    await page.locator('.stage').focus();
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Play' }).waitFor();
    const step = async () => Number((await reading(page, 'Step'))?.split(' ')[0]);
    await page.keyboard.press('r');
    await expect.poll(step, patient).toBe(0);
    for (let i = 1; i <= 3; i++) {
      await page.keyboard.press('.');
      await expect.poll(step, patient).toBe(i);
    }
    await page.waitForTimeout(400);
    expect(await step()).toBe(3); // it stays where it was paused
    const goal = await page.getByLabel('x', { exact: true }).inputValue();
    await page.keyboard.press('g');
    await expect.poll(() => page.getByLabel('x', { exact: true }).inputValue()).not.toBe(goal);
    await page.getByText('max', { exact: true }).click();
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(() => reached(page), patient).toBeGreaterThan(10);
    const [got, of] = ((await reading(page, 'Reached')) ?? '').split(' of ').map(Number);
    expect(got / of).toBeGreaterThan(0.8);
    expectNoErrors();
  });

  test('mazes, grids and bits have views of their own', async () => {
    const { open, expectNoErrors } = get();
    const maze = await open(`/watch?run=${names.maze}`);
    const box = await stageBox(maze);
    const x = () => maze.getByLabel('x', { exact: true }).inputValue();
    await maze.mouse.click(box.x + box.width / 2, box.y + 4);
    await maze.getByText('no goal at this place').waitFor();
    const before = await x();
    await maze.mouse.click(box.x + box.width / 2, box.y + box.height / 2 - 0.19 * box.height);
    await expect.poll(x, patient).not.toBe(before);
    await maze.close();

    const grid = await open(`/watch?run=${names.grid}`);
    await stageBox(grid);
    await grid.locator('.stage').focus();
    const cell = async () => {
      const [column, row] = ['x', 'y'].map((axis) => grid.getByLabel(axis, { exact: true }).inputValue());
      return `${await column},${await row}`;
    };
    const from = await cell();
    // Walls are on some sides of a cell, not on all.
    for (const key of ['ArrowDown', 'ArrowLeft', 'ArrowUp', 'ArrowRight']) {
      await grid.keyboard.press(key);
      await grid.waitForTimeout(600);
      if ((await cell()) !== from) break;
    }
    expect(await cell()).not.toBe(from);
    await grid.close();

    const bits = await open(`/watch?run=${names.bits}`);
    await stageBox(bits);
    await bits.getByRole('button', { name: 'Pause' }).click();
    const bit = bits.getByRole('button', { name: 'Bit 2 of the goal' });
    const was = await bit.textContent();
    await bit.click();
    await expect.poll(() => bit.textContent()).not.toBe(was);
    expectNoErrors();
  });

  test('values as a coloured field, of the last checkpoint, which keeps the critics', async () => {
    const { open, expectNoErrors } = get();
    const page = await open(`/watch?run=${names.point}&checkpoint=last`, { colorScheme: 'dark' });
    await stageBox(page);
    const choose = async (name: RegExp) => {
      await page.getByLabel('Values V(s, g)').first().click();
      await page.getByRole('option', { name }).click();
    };
    await choose(/all goals/);
    await page.locator('.field-legend').waitFor();
    await choose(/all states/);
    await page.getByText('discounted return to come').waitFor();
    await picture(page, 'watch-values');
    const early = await open(`/watch?run=${names.point}&checkpoint=0`);
    await stageBox(early);
    await early.getByLabel('Values V(s, g)').first().click();
    await early.getByRole('option', { name: /all goals/ }).click();
    await early.getByText('does not keep').waitFor();
    await early.getByRole('button', { name: 'Watch the last one' }).click();
    await expect.poll(() => early.url()).toContain('checkpoint=last');
    expectNoErrors(/404/); // the browser's own words about the state that is not there
  });

  test('side by side: one state under several goals, with and without hindsight', async () => {
    const { open, expectNoErrors } = get();
    const page = await open(`/watch?run=${names.point}&goals=3`);
    await stageBox(page);
    expect(await page.locator('.panel-mark').count()).toBe(3);
    await page.getByText('max', { exact: true }).click();
    for (const panel of [0, 1, 2]) await expect.poll(() => reached(page, panel), patient).toBeGreaterThan(2);
    await page.close();

    const pair = await open(`/watch?run=${names.point}&with=${names.blind}&checkpoint=last`);
    await stageBox(pair);
    await pair.getByText('no hindsight').first().waitFor();
    await pair.getByText('max', { exact: true }).click();
    await expect.poll(async () => (await reached(pair, 0)) - (await reached(pair, 1)), patient).toBeGreaterThan(5);
    await pair.getByText('1x', { exact: true }).click();
    await pair.waitForTimeout(2500);
    await pair.getByRole('button', { name: 'Pause' }).click();
    await picture(pair, 'watch-hindsight');
    await pair.close();

    const arms = await open(`/watch?run=${names.arm}&goals=2`, { viewport: { width: 1100, height: 720 } });
    await stageBox(arms);
    await arms.getByText('goal reached').first().waitFor(patient);
    await arms.getByRole('button', { name: 'Pause' }).click();
    await arms.evaluate(() => window.scrollTo(0, 0));
    await arms.waitForTimeout(800);
    await picture(arms, 'watch-side-by-side');
    expectNoErrors();
  });

  test('a clip is recorded and saved', async () => {
    const { open, expectNoErrors } = get();
    const page = await open(`/watch?run=${names.point}`, { viewport: { width: 700, height: 700 } });
    await stageBox(page);
    await page.getByRole('button', { name: 'Record' }).click();
    await page.waitForTimeout(1500);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Stop and save' }).click();
    const clip = await download;
    expect(clip.suggestedFilename()).toBe('point-reach.webm');
    const bytes = await (await clip.createReadStream()).toArray();
    const all = Buffer.concat(bytes as Buffer[]);
    expect(all.length).toBeGreaterThan(1000);
    expect([...all.subarray(0, 4)]).toEqual([0x1a, 0x45, 0xdf, 0xa3]); // EBML
    expectNoErrors();
  });

  test('without WebGL: a note, and the scene from above, where goals are placed too', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/runs');
    await page.addInitScript(() => {
      const original = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
        return kind.startsWith('webgl') ? null : Reflect.apply(original, this, [kind, ...rest]);
      } as typeof original;
    });
    await page.goto(new URL(`/watch?run=${names.arm}`, page.url()).href);
    const box = await stageBox(page);
    await page.getByText('This browser has no WebGL').waitFor();
    await page.mouse.click(box.x + 0.55 * box.width, box.y + 0.45 * box.height);
    await expect.poll(() => reached(page), patient).toBeGreaterThan(0);
    expectNoErrors();
  });

  test('narrow windows, and little script for each frame', async () => {
    const { open, expectNoErrors } = get();
    const page = await open(`/watch?run=${names.arm}`, { viewport: { width: 360, height: 740 } });
    await stageBox(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const frames = () =>
      page.evaluate(() => performance.getEntriesByName('watch-frame').map(({ duration }) => duration));
    await expect.poll(async () => (await frames()).length, patient).toBeGreaterThan(10);
    // What compiles shaders comes first and once.
    await page.evaluate(() => performance.clearMeasures());
    await expect.poll(async () => (await frames()).length, patient).toBeGreaterThan(20);
    const spent = await frames();
    const median = spent.toSorted((a, b) => a - b)[Math.floor(spent.length / 2)];
    console.log(`main-thread script of a frame: median ${median.toFixed(1)} ms of ${spent.length}`);
    expect(median).toBeLessThan(8);
    // Nothing moves: nothing is drawn.
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.waitForTimeout(1000);
    await page.evaluate(() => performance.clearMeasures());
    await page.waitForTimeout(700);
    expect(await page.evaluate(() => performance.getEntriesByName('watch-frame').length)).toBeLessThan(3);
    await page.evaluate(() => window.scrollTo(0, 0));
    await picture(page, 'watch-narrow');
    expectNoErrors();
  });
});
