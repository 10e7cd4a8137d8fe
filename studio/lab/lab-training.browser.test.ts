// The lab's pages that train, in Chromium: they do so in the page, answer, and say what the library says of it.
import { expect, test } from 'vitest';
import { neighbours, sentencesOf } from '../../examples/lab/instructions.js';
import { describeLab } from './testing/site.js';
import { cellOf, type Lab, settingsOf, visit } from './testing/visit.js';

async function trainUniversal(lab: Lab): Promise<void> {
  const page = await lab.get().open('/', { width: 1100, height: 900 });
  // Few steps: that it learns to reach all goals in 5,000 is docs/held-out-goals.md's.
  await visit(lab, page, 'universal', 'steps=1000&goals=100');
  await page.getByRole('button', { name: 'Train' }).click();
  const told = () => page.locator('tr[data-success="goal"] td').nth(1).innerText();
  await expect.poll(told).toMatch(/^\d of 6$/);
  const value = () => page.locator('.lab-field path').last().getAttribute('d'); // the best places
  const before = await value();
  await page.getByRole('slider', { name: 'Goal', exact: true }).press('Shift+ArrowDown');
  await expect.poll(value).not.toBe(before);
  lab.get().expectNoErrors();
}

async function trainOthers(lab: Lab): Promise<void> {
  const page = await lab.get().open('/', { width: 1280, height: 1000 });
  const cell = (row: string, column: number) => cellOf(page, row, column);
  const number = async (row: string, column: number) => Number.parseFloat(await cell(row, column));
  const train = () =>
    page
      .locator('button[data-phase], .lab-row button')
      .filter({ hasText: /Train|Fit/ })
      .first()
      .click();
  const trained = () => page.locator('button[data-phase="trained"]').waitFor();

  await visit(lab, page, 'conditioning', 'steps=750');
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

  await visit(lab, page, 'instructions', 'updates=200&dropout=0&sentence=go to the red square');
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

  await visit(lab, page, 'model-rollouts', 'episodes=2&horizon=20');
  await train();
  await trained();
  await expect.poll(() => cell('[data-ahead="1"]', 1)).toMatch(/^0/);
  expect(await number('[data-ahead="1"]', 1)).toBeLessThan(await number('[data-ahead="1"]', 2));
  await expect.poll(() => page.locator('.lab-plane .lab-thin .lab-line').count()).toBe(5);
  await page.getByRole('slider', { name: 'Start' }).press('ArrowRight');
  await expect.poll(() => settingsOf(page)).toContain('start=61');

  await visit(lab, page, 'forgetting', 'steps=500');
  await train();
  await trained();
  await expect.poll(() => page.locator('.lab-moves path').count()).toBe(2);
  const moves = () => page.locator('.lab-moves path').first().getAttribute('d');
  const after = await moves();
  await page.getByRole('slider', { name: 'Moment' }).press('ArrowLeft');
  await expect.poll(moves).not.toBe(after);
  await expect.poll(() => settingsOf(page)).toContain('moment=0.9');

  await visit(lab, page, 'planner-policy', 'episodes=1&updates=200');
  await train();
  await trained();
  await expect.poll(() => cell('[data-way="policy"]', 1)).toMatch(/^-/);
  await expect.poll(() => cell('[data-way="planner"]', 1)).toMatch(/^-/);
  const speed = async (way: string) => Number((await cell(`[data-way="${way}"]`, 2)).replaceAll(',', ''));
  expect(await speed('policy')).toBeGreaterThan(10 * (await speed('planner')));
  lab.get().expectNoErrors();
}

describeLab('training in the lab', (lab) => {
  test('a universal value function is trained in the page and asked for any goal', () => trainUniversal(lab));

  test('what is trained in the page answers, and says what the library says of it', () => trainOthers(lab));
});
