// Pages of the lab that compute at once: each tells what the library computes, when it is touched too.
import { expect } from 'vitest';
import { backUp } from '../../../examples/lab/backups.js';
import { flip } from '../../../examples/lab/coin-flip.js';
import { descend } from '../../../examples/lab/descent.js';
import { combine } from '../../../examples/lab/gradients.js';
import { relabel } from '../../../examples/lab/hindsight.js';
import { explore } from '../../../examples/lab/random-exploration.js';
import { choose } from '../../../examples/lab/same-state.js';
import { compare } from '../../../examples/lab/specialists.js';
import { follow } from '../../../examples/lab/wall.js';
import { number, percent, powerOfTen, whole } from '../../../src/lab/index.js';
import { settings as backups } from '../pages/backups.js';
import { descended, settings as descent } from '../pages/descent.js';
import { settings as gradients } from '../pages/gradients.js';
import { settings as hand } from '../pages/hand-calculation.js';
import { settings as hindsight, relabelled } from '../pages/hindsight.js';
import { settings as exploration, explored } from '../pages/random-exploration.js';
import { settings as sameState } from '../pages/same-state.js';
import { settings as wall } from '../pages/wall.js';
import { initialValues, readSettings } from '../settings.js';
import { cellOf, type Lab, settingsOf, visit } from './visit.js';

export async function touchPages(lab: Lab): Promise<void> {
  const page = await lab.get().open('/', { width: 1280, height: 1000 });
  const figure = (name: string) => page.locator(`[data-figure="${name}"]`).innerText();
  const cell = (row: string, column: number) => cellOf(page, row, column);

  await visit(lab, page, 'random-exploration', 'trials=20000');
  const first = { ...initialValues(exploration), trials: 20_000 };
  expect(await figure('hits')).toBe(whole(explore(explored(first)).hits));
  await page.getByRole('slider', { name: 'Dimensions' }).press('ArrowLeft');
  await page.getByRole('slider', { name: 'Goal', exact: true }).press('Shift+ArrowLeft');
  await expect.poll(() => settingsOf(page)).toMatch(/dimensions=2.*goal=0\.4,/);
  const now = readSettings(exploration, settingsOf(page));
  expect(now.goal[0][0]).toBeCloseTo(0.4, 9);
  expect(await figure('hits')).toBe(whole(explore(explored(now)).hits));
  expect(await figure('chance')).toBe(powerOfTen(explore(explored(now)).log10Probability));

  await visit(lab, page, 'backups');
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

  await visit(lab, page, 'wall', 'discount=0.9');
  const told = (reward: string) => page.locator(`[data-reward="${reward}"] figcaption`).innerText();
  expect([await told('dense'), await told('sparse')].map((text) => text.replace(/^.*: /, ''))).toEqual([
    'stuck',
    `arrives after ${follow({ ...initialValues(wall), discount: 0.9 }).sparse.path.length - 1} steps`,
  ]);
  const map = page.getByRole('application', { name: /^Dense/ });
  await map.focus();
  for (const key of ['ArrowDown', 'ArrowRight', 'Enter']) await map.press(key);
  await expect.poll(() => settingsOf(page)).toContain('start=10');

  await visit(lab, page, 'hindsight');
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

  await visit(lab, page, 'positive-ratio');
  await page.getByLabel(/Which share of all is relabelled/).fill('4/5');
  await page.getByLabel(/on average over all steps/).fill('0.5');
  await page.getByText('✓ right').waitFor();
  expect(await page.getByText('not yet').count()).toBe(1);

  await visit(lab, page, 'hand-calculation');
  expect(await cell('[data-update="0’"]', 8)).toBe('0.0009604');
  await page.getByRole('slider', { name: 'State 3' }).press('ArrowUp');
  await page.getByText('forwards', { exact: true }).click();
  await expect.poll(() => settingsOf(page)).toContain('order=forwards');
  expect(await cell('[data-update="0’"]', 8)).toBe('0');
  expect(readSettings(hand, settingsOf(page)).path[3]).toEqual([0.5, 0.82]);

  await visit(lab, page, 'same-state');
  const { goals, ...given } = readSettings(sameState, '');
  const [a] = choose({ ...given, goals: goals.map(([goal]) => goal) });
  expect(await cell('[data-move="up"]', 1)).toBe(number(a.here.up, 3));
  await page.locator('[data-cell="0"]').click();
  await expect.poll(() => settingsOf(page)).toContain('state=0');
  expect(await cell('[data-move="stay"]', 3)).toBe(
    number(choose({ ...given, state: 0, goals: goals.map(([goal]) => goal) })[2].here.stay, 3),
  );

  await visit(lab, page, 'coin-flip', 'k=8');
  const [, future] = flip({ chance: 0.5, k: 8, wanted: 0.5, seed: 0 });
  expect(await cell('[data-method="future"]', 1)).toBe(number(future.expected, 3));
  await expect.poll(() => cell('[data-method="future"]', 2)).toBe(future.simulated.toFixed(3));

  await visit(lab, page, 'specialists', 'shared=0.5');
  const { gain } = compare({ tasks: 100, shared: 0.5, overhead: 3, model: 'added' });
  await page.getByText(number(gain, 3), { exact: true }).waitFor();
  await page.getByText('c/K = 3%, or (c-1)/(K-1) = 2.02%').waitFor();

  await visit(lab, page, 'gradients');
  const direction = ([x, y]: readonly number[]) => `(${x.toFixed(2)}, ${y.toFixed(2)})`;
  await page.getByRole('slider', { name: 'Gradient of task 2' }).press('ArrowDown');
  const { gradients: arrows, radius, steps, seed } = initialValues(gradients);
  const moved = [[...arrows[0]], [arrows[1][0], arrows[1][1] - 0.05]];
  const combined = await combine({ gradients: moved, radius, steps, seed });
  for (const method of ['sum', 'pcgrad', 'cagrad', 'gradnorm'] as const) {
    await expect.poll(() => cell(`[data-method="${method}"]`, 1)).toBe(direction(combined[method]));
  }

  await visit(lab, page, 'descent', 'steepness=2');
  await page.getByRole('slider', { name: 'Start' }).press('ArrowUp');
  const descents = await descend({ ...descended(readSettings(descent, 'steepness=2')), start: [-0.8, -0.85] });
  const sum = ([one, two]: readonly number[]) => (one + two).toFixed(3);
  for (const method of ['sum', 'pcgrad']) {
    await expect.poll(() => cell(`[data-method="${method}"]`, 4)).toBe(sum(descents[method].losses));
  }
  lab.get().expectNoErrors();
}
