// The lab's pages in Chromium, as static files under a path: each picture is touched and tells what the library computes.
import { expect, test } from 'vitest';
import { rank } from '../../examples/lab/comparison.js';
import { weigh } from '../../examples/lab/remedies.js';
import { percent, whole } from '../../src/lab/index.js';
import { isPicturing, picture } from '../testing/browser.js';
import { FLUID_MS, traceScript } from '../testing/main-thread.js';
import { labPages } from './lab-pages.js';
import { remedies } from './measured/remedies.js';
import { ranked } from './pages/comparison.js';
import { describeLab } from './testing/site.js';
import { touchPages } from './testing/touched.js';
import { cellOf, settingsOf, visit } from './testing/visit.js';

/** Milliseconds from the address to the picture. */
const FIRST_PICTURE_MS = 2000;

describeLab('the lab', (lab) => {
  const { get } = lab;

  test('each page tells what the library computes, when it is touched too', () => touchPages(lab));

  test('the tables of measured runs say what the records say, and lead to them', async () => {
    const page = await get().open('/', { width: 1280, height: 1000 });
    const cell = (row: string, column: number) => cellOf(page, row, column);
    await visit(lab, page, 'remedies', 'problem=forgetting');
    const { without, remedied } = remedies.forgetting;
    const { before, after, chance } = weigh({ without: without.values, remedied: remedied.values, better: 'more' });
    expect(await cell('[data-problem="forgetting"]', 2)).toBe(percent(before));
    expect(await cell('[data-problem="forgetting"]', 3)).toBe(percent(after));
    expect(await page.locator('[data-figure="chance"]').innerText()).toBe(percent(chance));
    const record = await page.locator('.lab-record a').first().getAttribute('href');
    expect(JSON.parse(await (await fetch(new URL(record ?? '', page.url()))).text()).name).toBe('forgetting-nothing');
    await page.getByRole('button', { name: remedies.sparse.problem }).click();
    await expect.poll(() => settingsOf(page)).toBe('');

    await visit(lab, page, 'comparison', 'question=goals');
    const ranks = rank(ranked({ question: 'goals' }));
    for (const { name, mean } of ranks) expect(await cell(`[data-way="${name}"]`, 1)).toBe(whole(mean));
    const box = (await page.locator('.lab-plane').boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height * 0.85); // the last row
    await page.locator('.lab-record', { hasText: `${ranks[ranks.length - 1].name}:` }).waitFor();
    get().expectNoErrors();
  });

  test('the first picture is there soon, and dragging leaves frames room', async () => {
    const page = await get().open('/', { width: 1280, height: 1000 });
    // Other programs make it later, never sooner: the best of up to three.
    let first = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3 && first >= FIRST_PICTURE_MS; i++) {
      const begin = performance.now();
      await visit(lab, page, 'gradients');
      first = Math.min(first, performance.now() - begin);
    }
    const box = (await page.locator('.lab-plane').boundingBox())!;
    const trace = await traceScript(page);
    const tip = (await page.getByRole('slider', { name: 'Gradient of task 1' }).boundingBox())!;
    await page.mouse.move(tip.x + tip.width / 2, tip.y + tip.height / 2);
    await page.mouse.down();
    for (let i = 0; i < 120; i++) {
      const angle = i / 15;
      await page.mouse.move(
        box.x + box.width * (0.5 + 0.3 * Math.cos(angle)),
        box.y + box.height * (0.5 - 0.3 * Math.sin(angle)),
      );
    }
    await page.mouse.up();
    const script = await trace.end();
    console.log(`first picture ${first.toFixed(0)} ms; script per frame: ${JSON.stringify(script)}`);
    expect(first).toBeLessThan(FIRST_PICTURE_MS);
    expect(script.p99).toBeLessThan(FLUID_MS);
    get().expectNoErrors();
  });

  test('narrow, dark, by keys, with still motion, with its link and code; under the studio too', async () => {
    const page = await get().open('/lab', { width: 360, height: 740, colorScheme: 'dark' });
    await page.getByRole('heading', { name: 'The lab' }).waitFor();
    expect(await page.locator('.lab-card').count()).toBe(labPages.length);
    const link = (await page.getByRole('navigation', { name: 'Pages', exact: true }).getByText('Lab').boundingBox())!;
    expect(link.x + link.width).toBeLessThan(360);
    await page.locator('.lab-card', { hasText: 'Q backs up' }).click();
    await page.waitForURL('**/lab/backups');
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(() => page.url()).toContain('sweeps=80');
    await page.getByRole('button', { name: /terminated|ends the episode: what is that/ }).click();
    await page.getByText('nothing comes after').waitFor();

    for (const { slug } of labPages) {
      await visit(lab, page, slug);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(over, slug).toBeLessThanOrEqual(0);
    }
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await visit(lab, page, 'specialists', 'tasks=7');
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await page.getByRole('button', { name: 'Copy the code' }).click();
    await expect
      .poll(copied)
      .toContain("console.log(compare({ tasks: 7, shared: 0.8, overhead: 3, model: 'added' }));");
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect.poll(copied).toBe(`${lab.address()}specialists.html?tasks=7`);
    await page.getByRole('button', { name: 'As at first' }).click();
    await expect.poll(() => settingsOf(page)).toBe('');
    await page.getByRole('link', { name: 'All', exact: true }).click();
    await page.waitForURL(lab.address());
    expect(await page.title()).toBe('Lab · anygoal');
    await page.goBack();
    await page.getByRole('heading', { name: 'Specialists or generalist' }).waitFor();
    get().expectNoErrors();
  });

  test.runIf(isPicturing)('pictures', async () => {
    const page = await get().open('/', { width: 1100, height: 900 });
    for (const { slug } of labPages) {
      await visit(lab, page, slug);
      const start = page.getByRole('button', { name: /^(Train|Fit)/ });
      if ((await start.count()) > 0) {
        await start.click();
        await page.locator('button[data-phase="trained"]').waitFor({ timeout: 400_000 });
        await page.waitForTimeout(6000);
        await page.evaluate(() => window.scrollTo(0, 0));
      }
      await page.waitForTimeout(600);
      await picture(page, `lab-${slug}`);
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    await visit(lab, page, 'gradients');
    await picture(page, 'lab-dark');
    await page.setViewportSize({ width: 360, height: 740 });
    await visit(lab, page, 'backups');
    await picture(page, 'lab-narrow');
  });
});
