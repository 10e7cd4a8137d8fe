// The lab's pages in Chromium, as static files under a path: each picture is touched and tells what the library computes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { backUp } from '../../examples/lab/backups.js';
import { flip } from '../../examples/lab/coin-flip.js';
import { rank } from '../../examples/lab/comparison.js';
import { descend } from '../../examples/lab/descent.js';
import { combine } from '../../examples/lab/gradients.js';
import { relabel } from '../../examples/lab/hindsight.js';
import { neighbours, sentencesOf } from '../../examples/lab/instructions.js';
import { explore } from '../../examples/lab/random-exploration.js';
import { weigh } from '../../examples/lab/remedies.js';
import { choose } from '../../examples/lab/same-state.js';
import { compare } from '../../examples/lab/specialists.js';
import { follow } from '../../examples/lab/wall.js';
import { number, percent, powerOfTen, whole } from '../../src/lab/index.js';
import { temporaryFolder } from '../../src/studio/testing.js';
import { describeStudio, isPicturing, picture } from '../testing/browser.js';
import { FLUID_MS, traceScript } from '../testing/main-thread.js';
import { serveFolder } from '../testing/static-server.js';
import { labPages } from './lab-pages.js';
import { remedies } from './measured/remedies.js';
import { settings as backups } from './pages/backups.js';
import { ranked } from './pages/comparison.js';
import { descended, settings as descent } from './pages/descent.js';
import { settings as gradients } from './pages/gradients.js';
import { settings as hand } from './pages/hand-calculation.js';
import { settings as hindsight, relabelled } from './pages/hindsight.js';
import { settings as exploration, explored } from './pages/random-exploration.js';
import { settings as sameState } from './pages/same-state.js';
import { settings as wall } from './pages/wall.js';
import { initialValues, readSettings } from './settings.js';

const runs = temporaryFolder();
const site = mkdtempSync(join(tmpdir(), 'anygoal-lab-'));
afterAll(() => {
  for (const folder of [runs, site]) rmSync(folder, { recursive: true, force: true });
});

/** Milliseconds from the address to the picture. */
const FIRST_PICTURE_MS = 2000;

describeStudio('the lab', runs, (get) => {
  let served: Awaited<ReturnType<typeof serveFolder>>;
  beforeAll(async () => {
    const configFile = fileURLToPath(new URL('../lab-site/vite.config.ts', import.meta.url));
    // As people get it: under the tests' own mode React brings its development build, which takes three times as long.
    vi.stubEnv('NODE_ENV', 'production');
    await build({ configFile, logLevel: 'error', build: { outDir: site } });
    vi.unstubAllEnvs();
    served = await serveFolder(site, '/some/where/');
  });
  afterAll(() => served?.close());

  /** One window for all pages: what is opened anew is the address. */
  async function visit(page: Page, slug: string, query = ''): Promise<void> {
    await page.goto(`${served.address}${slug}.html${query && `?${query}`}`);
    await page.locator('.lab-picture .lab-plane').first().waitFor();
  }
  const settingsOf = (page: Page) => new URL(page.url()).search;

  test('each page tells what the library computes, when it is touched too', async () => {
    const page = await get().open('/', { width: 1280, height: 1000 });
    const figure = (name: string) => page.locator(`[data-figure="${name}"]`).innerText();
    const cell = (row: string, column: number) => page.locator(`tr${row} td`).nth(column).innerText();

    await visit(page, 'random-exploration', 'trials=20000');
    const first = { ...initialValues(exploration), trials: 20_000 };
    expect(await figure('hits')).toBe(whole(explore(explored(first)).hits));
    await page.getByRole('slider', { name: 'Dimensions' }).press('ArrowLeft');
    await page.getByRole('slider', { name: 'Goal', exact: true }).press('Shift+ArrowLeft');
    await expect.poll(() => settingsOf(page)).toMatch(/dimensions=2.*goal=0\.4,/);
    const now = readSettings(exploration, settingsOf(page));
    expect(now.goal[0][0]).toBeCloseTo(0.4, 9);
    expect(await figure('hits')).toBe(whole(explore(explored(now)).hits));
    expect(await figure('chance')).toBe(powerOfTen(explore(explored(now)).log10Probability));

    await visit(page, 'backups');
    const start = initialValues(backups);
    const gap = async (sweeps: number) => {
      const { v, exactV } = backUp({ ...readSettings(backups, settingsOf(page)), sweeps });
      return number(Math.max(...v.map((value, i) => Math.abs(value - exactV[i]))), 2);
    };
    expect(await figure('gap')).toBe(await gap(start.sweeps));
    await page.locator('[data-cell="0"]').click();
    await page.getByRole('button', { name: 'One sweep' }).click();
    await expect.poll(() => settingsOf(page)).toContain('goal=0&sweeps=5');
    expect(await figure('gap')).toBe(await gap(5));

    await visit(page, 'wall', 'discount=0.9');
    const told = (reward: string) => page.locator(`[data-reward="${reward}"] figcaption`).innerText();
    expect([await told('dense'), await told('sparse')].map((text) => text.replace(/^.*: /, ''))).toEqual([
      'stuck',
      `arrives after ${follow({ ...initialValues(wall), discount: 0.9 }).sparse.path.length - 1} steps`,
    ]);
    const map = page.getByRole('application', { name: /^Dense/ });
    await map.focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'Enter']) await map.press(key);
    await expect.poll(() => settingsOf(page)).toContain('start=10');

    await visit(page, 'hindsight');
    const box = (await page.locator('.lab-plane').boundingBox())!;
    const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
    await page.mouse.move(...at(0.2, 0.9));
    await page.mouse.down();
    await page.mouse.move(...at(0.5, 0.85), { steps: 4 });
    await page.mouse.move(...at(0.7, 0.6), { steps: 4 });
    await page.mouse.up();
    const counted = () => percent(relabel(relabelled(readSettings(hindsight, settingsOf(page)))).counted);
    await expect.poll(() => readSettings(hindsight, settingsOf(page)).path.at(-1)?.[0]).toBeGreaterThan(0.65);
    await expect.poll(async () => (await cell('[data-strategy="future"]', 3)) === counted()).toBe(true);
    expect(readSettings(hindsight, settingsOf(page)).path.length).toBeGreaterThan(8);

    await visit(page, 'positive-ratio');
    await page.getByLabel(/Which share of all is relabelled/).fill('4/5');
    await page.getByLabel(/on average over all steps/).fill('0.5');
    await page.getByText('✓ right').waitFor();
    expect(await page.getByText('not yet').count()).toBe(1);

    await visit(page, 'hand-calculation');
    expect(await cell('[data-update="0’"]', 8)).toBe('0.0009604');
    await page.getByRole('slider', { name: 'State 3' }).press('ArrowUp');
    await page.getByText('forwards', { exact: true }).click();
    await expect.poll(() => settingsOf(page)).toContain('order=forwards');
    expect(await cell('[data-update="0’"]', 8)).toBe('0');
    expect(readSettings(hand, settingsOf(page)).path[3]).toEqual([0.5, 0.82]);

    await visit(page, 'same-state');
    const { goals, ...given } = readSettings(sameState, '');
    const [a] = choose({ ...given, goals: goals.map(([goal]) => goal) });
    expect(await cell('[data-move="up"]', 1)).toBe(number(a.here.up, 3));
    await page.locator('[data-cell="0"]').click();
    await expect.poll(() => settingsOf(page)).toContain('state=0');
    expect(await cell('[data-move="stay"]', 3)).toBe(
      number(choose({ ...given, state: 0, goals: goals.map(([goal]) => goal) })[2].here.stay, 3),
    );

    await visit(page, 'coin-flip', 'k=8');
    const [, future] = flip({ chance: 0.5, k: 8, wanted: 0.5, seed: 0 });
    expect(await cell('[data-method="future"]', 1)).toBe(number(future.expected, 3));
    await expect.poll(() => cell('[data-method="future"]', 2)).toBe(future.simulated.toFixed(3));

    await visit(page, 'specialists', 'shared=0.5');
    const { gain } = compare({ tasks: 100, shared: 0.5, overhead: 3, model: 'added' });
    await page.getByText(number(gain, 3), { exact: true }).waitFor();
    await page.getByText('c/K = 3%, or (c-1)/(K-1) = 2.02%').waitFor();

    await visit(page, 'gradients');
    const direction = ([x, y]: readonly number[]) => `(${x.toFixed(2)}, ${y.toFixed(2)})`;
    await page.getByRole('slider', { name: 'Gradient of task 2' }).press('ArrowDown');
    const { gradients: arrows, radius, steps, seed } = initialValues(gradients);
    const moved = [[...arrows[0]], [arrows[1][0], arrows[1][1] - 0.05]];
    const combined = await combine({ gradients: moved, radius, steps, seed });
    for (const method of ['sum', 'pcgrad', 'cagrad', 'gradnorm'] as const) {
      await expect.poll(() => cell(`[data-method="${method}"]`, 1)).toBe(direction(combined[method]));
    }

    await visit(page, 'descent', 'steepness=2');
    await page.getByRole('slider', { name: 'Start' }).press('ArrowUp');
    const descents = await descend({ ...descended(readSettings(descent, 'steepness=2')), start: [-0.8, -0.85] });
    const sum = ([one, two]: readonly number[]) => (one + two).toFixed(3);
    for (const method of ['sum', 'pcgrad']) {
      await expect.poll(() => cell(`[data-method="${method}"]`, 4)).toBe(sum(descents[method].losses));
    }
    get().expectNoErrors();
  });

  test('a universal value function is trained in the page and asked for any goal', async () => {
    const page = await get().open('/', { width: 1100, height: 900 });
    // Few steps: that it learns to reach all goals in 5,000 is docs/held-out-goals.md's.
    await visit(page, 'universal', 'steps=1000&goals=100');
    await page.getByRole('button', { name: 'Train' }).click();
    const told = () => page.locator('tr[data-success="goal"] td').nth(1).innerText();
    await expect.poll(told).toMatch(/^\d of 6$/);
    const value = () => page.locator('.lab-field path').last().getAttribute('d'); // the best places
    const before = await value();
    await page.getByRole('slider', { name: 'Goal', exact: true }).press('Shift+ArrowDown');
    await expect.poll(value).not.toBe(before);
    get().expectNoErrors();
  });

  test('what is trained in the page answers, and says what the library says of it', async () => {
    const page = await get().open('/', { width: 1280, height: 1000 });
    const cell = (row: string, column: number) => page.locator(`tr${row} td`).nth(column).innerText();
    const number = async (row: string, column: number) => Number.parseFloat(await cell(row, column));
    const train = () =>
      page
        .locator('button[data-phase], .lab-row button')
        .filter({ hasText: /Train|Fit/ })
        .first()
        .click();
    const trained = () => page.locator('button[data-phase="trained"]').waitFor();

    await visit(page, 'conditioning', 'steps=750');
    await train();
    await trained();
    expect(await Promise.all([0, 1, 2].map((layer) => cell(`[data-layer="${layer}"]`, 2)))).toEqual(['0%', '0%', '0%']);
    expect(await number('[data-layer="3"]', 2)).toBeGreaterThan(0);
    const moved = () => page.locator('.lab-unit[data-moved]').count();
    expect(await moved()).toBe(2); // the two numbers of the action
    await page.getByRole('button', { name: /^The network under task 1/ }).click();
    await page.getByRole('button', { name: /^The network under task 2/ }).waitFor();
    const goalY = () => page.locator('.lab-unit-value').nth(3).getAttribute('opacity');
    const before = await goalY();
    await page.getByRole('slider', { name: 'Goal' }).press('Shift+ArrowDown');
    await expect.poll(goalY).not.toBe(before);

    await visit(page, 'instructions', 'updates=200&dropout=0&sentence=go to the red square');
    const near = async (sentence: string) => {
      const { sentences, cosines } = await neighbours([...sentencesOf(true), sentence]);
      const own = cosines[sentences.length - 1].slice(0, -1);
      const best = own.indexOf(Math.max(...own));
      return [sentences[best], own[best].toFixed(2)];
    };
    const nearest = async () => [await cell('[data-near="0"]', 0), await cell('[data-near="0"]', 1)];
    await expect.poll(nearest).toEqual(await near('go to the red square'));
    await train();
    const at = () => page.locator('[data-figure="at"]').innerText();
    await expect.poll(at).toBe('It ends at the red square.');
    await page.getByLabel('An instruction').fill('walk to the green circle');
    await expect.poll(at).toBe('It ends at the green circle.');
    await expect.poll(nearest).toEqual(await near('walk to the green circle'));

    await visit(page, 'model-rollouts', 'episodes=2&horizon=20');
    await train();
    await trained();
    await expect.poll(() => cell('[data-ahead="1"]', 1)).toMatch(/^0/);
    expect(await number('[data-ahead="1"]', 1)).toBeLessThan(await number('[data-ahead="1"]', 2));
    await expect.poll(() => page.locator('.lab-plane .lab-thin .lab-line').count()).toBe(5);
    await page.getByRole('slider', { name: 'Start' }).press('ArrowRight');
    await expect.poll(() => settingsOf(page)).toContain('start=61');

    await visit(page, 'forgetting', 'steps=500');
    await train();
    await trained();
    await expect.poll(() => page.locator('.lab-moves path').count()).toBe(2);
    const moves = () => page.locator('.lab-moves path').first().getAttribute('d');
    const after = await moves();
    await page.getByRole('slider', { name: 'Moment' }).press('ArrowLeft');
    await expect.poll(moves).not.toBe(after);
    await expect.poll(() => settingsOf(page)).toContain('moment=0.9');

    await visit(page, 'planner-policy', 'episodes=1&updates=200');
    await train();
    await trained();
    await expect.poll(() => cell('[data-way="policy"]', 1)).toMatch(/^-/);
    await expect.poll(() => cell('[data-way="planner"]', 1)).toMatch(/^-/);
    const speed = async (way: string) => Number((await cell(`[data-way="${way}"]`, 2)).replaceAll(',', ''));
    expect(await speed('policy')).toBeGreaterThan(10 * (await speed('planner')));
    get().expectNoErrors();
  });

  test('the tables of measured runs say what the records say, and lead to them', async () => {
    const page = await get().open('/', { width: 1280, height: 1000 });
    const cell = (row: string, column: number) => page.locator(`tr${row} td`).nth(column).innerText();
    await visit(page, 'remedies', 'problem=forgetting');
    const { without, remedied } = remedies.forgetting;
    const { before, after, chance } = weigh({ without: without.values, remedied: remedied.values, better: 'more' });
    expect(await cell('[data-problem="forgetting"]', 2)).toBe(percent(before));
    expect(await cell('[data-problem="forgetting"]', 3)).toBe(percent(after));
    expect(await page.locator('[data-figure="chance"]').innerText()).toBe(percent(chance));
    const record = await page.locator('.lab-record a').first().getAttribute('href');
    expect(JSON.parse(await (await fetch(new URL(record ?? '', page.url()))).text()).name).toBe('forgetting-nothing');
    await page.getByRole('button', { name: remedies.sparse.problem }).click();
    await expect.poll(() => settingsOf(page)).toBe('');

    await visit(page, 'comparison', 'question=goals');
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
      await visit(page, 'gradients');
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
      await visit(page, slug);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(over, slug).toBeLessThanOrEqual(0);
    }
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await visit(page, 'specialists', 'tasks=7');
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await page.getByRole('button', { name: 'Copy the code' }).click();
    await expect
      .poll(copied)
      .toContain("console.log(compare({ tasks: 7, shared: 0.8, overhead: 3, model: 'added' }));");
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect.poll(copied).toBe(`${served.address}specialists.html?tasks=7`);
    await page.getByRole('button', { name: 'As at first' }).click();
    await expect.poll(() => settingsOf(page)).toBe('');
    await page.getByRole('link', { name: 'All', exact: true }).click();
    await page.waitForURL(served.address);
    expect(await page.title()).toBe('Lab · anygoal');
    await page.goBack();
    await page.getByRole('heading', { name: 'Specialists or generalist' }).waitFor();
    get().expectNoErrors();
  });

  test.runIf(isPicturing)('pictures', async () => {
    const page = await get().open('/', { width: 1100, height: 900 });
    for (const { slug } of labPages) {
      await visit(page, slug);
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
    await visit(page, 'gradients');
    await picture(page, 'lab-dark');
    await page.setViewportSize({ width: 360, height: 740 });
    await visit(page, 'backups');
    await picture(page, 'lab-narrow');
  });
});
