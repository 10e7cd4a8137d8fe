// Watching the arm in a browser: goals placed by clicks, drags, keys and numbers, and reached; the camera, pushes, clips, a browser that lacks something.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { isPicturing, picture } from '../testing/browser.js';
import { describeWatch, goalOf, reached, reading, settled, stageBox, typeGoal, withoutWebGl } from './testing.js';

const runs = {
  arm: { env: 'arm/reach', steps: 3000 },
  push: { env: 'arm/push', steps: 60 },
};
/** Drawing without a graphics card takes long. The pictures of the documents are larger. */
const small = isPicturing ? { width: 1100, height: 710 } : { width: 920, height: 520 };
const axes = ['gripper-x', 'gripper-y', 'gripper-z'];

describeWatch('watch the arm', runs, (get, names) => {
  test('it goes where a click, a drag, keys and numbers put the goal', async () => {
    const { open, expectNoErrors } = get();
    const page = await open(`/watch?run=${names.arm}`, small);
    await stageBox(page);
    await page.getByLabel('When an attempt is over').first().click();
    await page.getByRole('option', { name: 'stay with this goal' }).click();
    await page.locator('.stage').scrollIntoViewIfNeeded();
    const box = await stageBox(page);
    const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
    const goal = () => goalOf(page, axes);
    const distance = async () => Number(await reading(page, 'Distance now'));
    // At a height of its own a goal that was drawn lies elsewhere under the same pixel, perhaps beyond reach.
    await typeGoal(page, { 'gripper-x': 0.55, 'gripper-y': 0, 'gripper-z': 0.6 });
    // Once it is reached and counted, what follows counts alone.
    await expect.poll(distance).toBeLessThan(0.05);
    const counted = async () => (await settled(async () => [await reached(page)]))[0];
    for (const place of [at(0.6, 0.52), at(0.54, 0.46)]) {
      const [before, from] = [await counted(), await goal()];
      await page.mouse.click(...place);
      await expect.poll(goal).not.toEqual(from);
      expect((await goal())[2]).toBeCloseTo(from[2], 3); // a click keeps the height
      await expect.poll(() => reached(page)).toBe(before + 1);
    }

    // It is where it was clicked, so there it can be taken hold of.
    const clicked = await goal();
    await page.mouse.move(...at(0.54, 0.46));
    await page.mouse.down();
    await page.mouse.move(...at(0.56, 0.49), { steps: 4 });
    await expect.poll(goal).not.toEqual(clicked);
    const halfway = await goal();
    await page.mouse.move(...at(0.58, 0.52), { steps: 4 });
    await page.mouse.up();
    await expect.poll(goal).not.toEqual(halfway);
    const dragged = await settled(goal);
    expect(dragged[2]).toBeCloseTo(clicked[2], 3);
    expect(Math.hypot(dragged[0] - clicked[0], dragged[1] - clicked[1])).toBeGreaterThan(0.02);
    // With Shift up and down.
    await page.keyboard.down('Shift');
    await page.mouse.down();
    await page.mouse.move(...at(0.58, 0.45), { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await expect.poll(async () => (await goal())[2]).toBeGreaterThan(dragged[2] + 0.02);
    const lifted = await settled(goal);
    expect(Math.hypot(lifted[0] - dragged[0], lifted[1] - dragged[1])).toBeLessThan(0.01);
    const before = await reached(page);
    await page.mouse.click(...at(0.6, 0.5));
    await expect.poll(() => reached(page)).toBeGreaterThan(before);

    await page.locator('.stage').focus();
    const keys = await goal();
    for (let i = 0; i < 3; i++) await page.keyboard.press('PageDown');
    await expect.poll(async () => (await goal())[2]).toBeLessThan(keys[2]);
    await page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(async () => (await goal()).slice(0, 2)).not.toEqual(keys.slice(0, 2));

    // Out of reach: at the nearest place, and said so.
    await page.getByLabel('gripper-x').fill('0.6');
    await expect.poll(async () => (await goal())[0]).toBe(0.6);
    await page.locator('.stage-canvas').click({ position: { x: 0.97 * box.width, y: 0.4 * box.height } });
    await page.getByText('out of reach').waitFor();

    // Blows move it.
    await expect.poll(distance).toBeLessThan(0.05);
    await page.getByRole('button', { name: 'Pause' }).click();
    const still = await distance();
    for (let i = 0; i < 3; i++) await page.getByLabel('Push the gripper left').click();
    await page.getByRole('button', { name: 'Step' }).click();
    await expect.poll(async () => Math.abs((await distance()) - still)).toBeGreaterThan(0.005);
    await page.evaluate(() => window.scrollTo(0, 0));
    await picture(page, 'watch');
    expectNoErrors();
  });

  test('blows move the object', async () => {
    const { open, expectNoErrors } = get();
    const page = await open(`/watch?run=${names.push}`, { width: 500, height: 500 });
    await stageBox(page);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'New start' }).click();
    await expect.poll(() => reading(page, 'Step')).toMatch(/^0 of/);
    const distance = async () => Number(await reading(page, 'Distance now'));
    const start = await distance();
    for (let i = 0; i < 3; i++) await page.getByLabel('Push the object right').click();
    for (let i = 0; i < 3; i++) await page.getByRole('button', { name: 'Step' }).click();
    await expect.poll(async () => Math.abs((await distance()) - start)).toBeGreaterThan(0.01);
    expectNoErrors();
  });

  test('one state under two goals', async () => {
    const { open, expectNoErrors } = get();
    const page = await open(`/watch?run=${names.arm}&goals=2`, small);
    const { width, height } = await stageBox(page);
    // The goal of each half is its own.
    await typeGoal(page, { 'gripper-z': 0.6 });
    // In a narrow window A is above B: a click below the middle would choose B.
    const y = isPicturing ? 0.55 : 0.3;
    await page.locator('.stage-canvas').click({ position: { x: 0.32 * width, y: y * height } });
    await expect.poll(() => reached(page, 0)).toBeGreaterThan(0);
    const first = await goalOf(page, axes);
    await page.getByRole('radiogroup', { name: 'Which goal' }).getByText('B', { exact: true }).click();
    await expect.poll(() => goalOf(page, axes)).not.toEqual(first);
    await typeGoal(page, { 'gripper-x': 0.5, 'gripper-y': 0.05, 'gripper-z': 0.6 });
    await expect.poll(() => reached(page, 1)).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.waitForTimeout(800); // what stands still is drawn finer
    await picture(page, 'watch-side-by-side');
    expectNoErrors();
  });

  test('without WebGL: a note, and the scene from above, where goals are placed too', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/runs');
    await withoutWebGl(page);
    await page.goto(new URL(`/watch?run=${names.arm}`, page.url()).href);
    const { width, height } = await stageBox(page);
    await page.getByText('This browser has no WebGL').waitFor();
    await typeGoal(page, { 'gripper-z': 0.6 });
    await page.locator('.stage-canvas').click({ position: { x: 0.55 * width, y: 0.45 * height } });
    await expect.poll(() => reached(page)).toBeGreaterThan(0);
    expectNoErrors();
  });

  test('without WebAssembly: what is missing, and what works all the same', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/runs');
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
    for (const [path, otherwise] of [
      [`/watch?run=${names.arm}`, 'The Runs page shows its curves'],
      ['/train', 'Runs can be started from the Runs page'],
    ]) {
      await page.goto(new URL(path, page.url()).href);
      const note = page.getByRole('alert');
      await note.getByText('This browser has no WebAssembly').waitFor();
      expect(await note.textContent()).toContain(otherwise);
    }
    await page.goto(new URL('/runs', page.url()).href);
    await page.locator('.chart canvas').first().waitFor();
    expectNoErrors();
  });

  test('narrow windows: little script for each frame and none while nothing moves, the camera follows, a clip plays', async () => {
    const { open, expectNoErrors } = get();
    const page = await open(`/watch?run=${names.arm}`, { width: 360, height: 740 });
    await stageBox(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const frames = () =>
      page.evaluate(() => performance.getEntriesByName('watch-frame').map(({ duration }) => duration));
    const some = async (count: number) => {
      await page.evaluate(() => performance.clearMeasures());
      await expect.poll(async () => (await frames()).length).toBeGreaterThan(count);
      return frames();
    };
    await some(10); // what compiles shaders comes first and once
    const spent = await some(20);
    const median = spent.toSorted((a, b) => a - b)[Math.floor(spent.length / 2)];
    console.log(`main-thread script of a frame: median ${median.toFixed(1)} ms of ${spent.length}`);
    expect(median).toBeLessThan(8);

    const target = async () =>
      ((await page.locator('.stage-canvas').getAttribute('data-target')) ?? '').split(' ').map(Number);
    const goTo = async (x: string, y: string) => {
      await page.getByLabel('gripper-x').fill(x);
      await page.getByLabel('gripper-y').fill(y);
      await expect.poll(() => goalOf(page, axes.slice(0, 2))).toEqual([Number(x), Number(y)]);
      await expect.poll(async () => Number(await reading(page, 'Distance now'))).toBeLessThan(0.04);
    };
    // What the camera follows counts from where the gripper is now: at the goal, not where a new episode began meanwhile.
    for (let isThere = false; !isThere; ) {
      await goTo('0.45', '-0.1');
      await page.getByRole('button', { name: 'Pause' }).click();
      isThere = Number(await reading(page, 'Distance now')) < 0.04;
      if (!isThere) await page.getByRole('button', { name: 'Play', exact: true }).click();
    }
    const home = await target();
    await page.getByLabel('Follow').check();
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await goTo('0.65', '0.15');
    // As far as the gripper went, within the tolerance of both goals.
    const missing = async () => {
      const now = await target();
      return Math.hypot(now[0] - home[0] - 0.2, now[1] - home[1] - 0.25);
    };
    await expect.poll(missing).toBeLessThan(0.1);
    await page.getByLabel('Follow').uncheck();
    await page.getByRole('button', { name: 'Camera back' }).click();
    const away = async () => Math.hypot(...(await target()).map((value, i) => value - home[i]));
    await expect.poll(away).toBeLessThan(0.15);

    await page.getByRole('button', { name: 'Record' }).click();
    await some(60); // the encoder begins some frames late
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Stop and save' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe('arm-reach.webm');
    const played = await play(page, Buffer.concat((await (await download.createReadStream()).toArray()) as Buffer[]));
    expect(played.seconds).toBeGreaterThan(0.2);
    expect(played.width).toBeGreaterThan(300);
    expect(played.colors).toBeGreaterThan(100);

    await page.getByRole('button', { name: 'Pause' }).click();
    const quiet = async () => {
      await page.evaluate(() => performance.clearMeasures());
      await page.waitForTimeout(700);
      return (await frames()).length;
    };
    await expect.poll(quiet).toBe(0);
    await page.evaluate(() => window.scrollTo(0, 0));
    await picture(page, 'watch-narrow');
    expectNoErrors();
  });
});

/** Plays a clip to its end: how long it is, and what its last picture shows. */
function play(page: Page, clip: Buffer): Promise<{ seconds: number; width: number; colors: number }> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const video = document.createElement('video');
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/webm' }));
    await new Promise((resolve, reject) => {
      video.onended = resolve;
      video.onerror = () => reject(new Error(video.error?.message));
      void video.play();
    });
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    const pen = canvas.getContext('2d')!;
    pen.drawImage(video, 0, 0);
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    const colors = new Set<number>();
    for (let i = 0; i < data.length; i += 4) colors.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    return { seconds: video.currentTime, width: video.videoWidth, colors: colors.size };
  }, clip.toString('base64'));
}
