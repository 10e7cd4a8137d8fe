// Watching points, mazes, grids and bits in a browser: choosing a run, playing, views of their own, values, side by side.
import { expect, test } from 'vitest';
import { picture } from '../testing/browser.js';
import { describeWatch, goalOf, reached, reading, stageBox } from './testing.js';

const runs = {
  point: { env: 'point/reach', steps: 2500 },
  blind: { env: 'point/reach', steps: 2500, relabel: 'none' },
  maze: { env: 'point/maze-umaze', steps: 300 },
  grid: { env: 'grid', steps: 300 },
  bits: { env: 'bit-flip', steps: 300 },
};

describeWatch('watch in the plane', runs, (get, names) => {
  test('a run is chosen from the list, and from the Runs page', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/watch');
    await page.locator(`a[href$="${names.point}"]`).click();
    await stageBox(page);
    expect(page.url()).toContain(`run=${names.point}`);
    await page.goto(new URL('/runs', page.url()).href);
    await page.getByLabel(`Watch ${names.bits}`, { exact: true }).click();
    await stageBox(page);
    await page.getByRole('button', { name: 'Bit 0 of the goal' }).waitFor();
    const lost = await open('/watch?run=nothing');
    await lost.getByText('There is no such run').waitFor();
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
    await expect.poll(step).toBe(0);
    for (let i = 1; i <= 3; i++) {
      await page.keyboard.press('.');
      await expect.poll(step).toBe(i);
    }
    await page.waitForTimeout(400);
    expect(await step()).toBe(3); // it stays where it was paused
    const goal = () => goalOf(page, ['x', 'y']);
    const drawn = await goal();
    await page.keyboard.press('g');
    await expect.poll(goal).not.toEqual(drawn);
    // Numbers put it to the middle, where it can be taken hold of and dragged.
    await page.getByLabel('x', { exact: true }).fill('0');
    await page.getByLabel('y', { exact: true }).fill('0');
    await expect.poll(goal).toEqual([0, 0]);
    const box = await stageBox(page);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 100, y + 50, { steps: 5 });
    await page.mouse.up();
    await expect.poll(async () => (await goal())[0]).toBeGreaterThan(0.2);
    const [right, up] = await goal();
    expect(up / right).toBeCloseTo(-0.5, 1);
    // A goal that was placed stays; now for others.
    await page.getByLabel('When an attempt is over').first().click();
    await page.getByRole('option', { name: 'go on to a new goal' }).click();
    await page.getByText('max', { exact: true }).click();
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(() => reached(page)).toBeGreaterThan(10);
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
    await expect.poll(x).not.toBe(before);
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
    await page.close();
    await early.close();

    const bits = await open(`/watch?run=${names.bits}&checkpoint=last`, { width: 900, height: 700 });
    await stageBox(bits);
    await bits.getByRole('button', { name: 'Pause' }).click();
    await bits.getByLabel('Values V(s, g)').first().click();
    await bits.getByRole('option', { name: /after each flip/ }).click();
    await bits.locator('.field-legend').waitFor();
    expectNoErrors(/404/); // the browser's own words about the state that is not there
  });

  test('side by side: one state under several goals, with and without hindsight', async () => {
    const { open, expectNoErrors } = get();
    const page = await open(`/watch?run=${names.point}&goals=3`);
    await stageBox(page);
    expect(await page.locator('.panel-mark').count()).toBe(3);
    await page.getByText('max', { exact: true }).click();
    for (const panel of [0, 1, 2]) await expect.poll(() => reached(page, panel)).toBeGreaterThan(2);
    await page.close();

    const pair = await open(`/watch?run=${names.point}&with=${names.blind}&checkpoint=last`);
    await stageBox(pair);
    await pair.getByText('no hindsight').first().waitFor();
    await pair.getByText('max', { exact: true }).click();
    await expect.poll(async () => (await reached(pair, 0)) - (await reached(pair, 1))).toBeGreaterThan(5);
    await pair.getByText('1x', { exact: true }).click();
    await pair.waitForTimeout(2500);
    await pair.getByRole('button', { name: 'Pause' }).click();
    await picture(pair, 'watch-hindsight');
    await pair.close();
    expectNoErrors();
  });
});
