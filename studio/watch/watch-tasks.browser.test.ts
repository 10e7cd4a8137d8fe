// Runs with tasks in a browser: their policies act, starts have the chosen task, curves and figures stand by task.
import { expect, test } from 'vitest';
import { describeWatch, reading, stageBox } from './testing.js';

const runs = { two: { env: 'point/two-tasks', steps: 400 } };

describeWatch('tasks', runs, (get, names) => {
  test('in Watch a task is chosen, and left to chance again', async () => {
    const { open, expectNoErrors } = get();
    const page = await open(`/watch?run=${names.two}`);
    await stageBox(page);
    const task = () => reading(page, 'Task');
    for (const name of ['turned-round', 'reach']) {
      await page.getByRole('combobox', { name: 'Task' }).click();
      await page.getByRole('option', { name, exact: true }).click();
      await expect.poll(task).toBe(name);
      for (let i = 0; i < 4; i++) {
        await page.getByRole('button', { name: 'New start' }).click();
        expect(await task()).toBe(name);
      }
    }
    await page.getByLabel('Any task').click();
    const seen = new Set<string | null>();
    await expect
      .poll(async () => {
        await page.getByRole('button', { name: 'New start' }).click();
        seen.add(await task());
        return seen.size;
      })
      .toBe(2);
    expectNoErrors();
  });

  test('in Runs one chart has the curves of all tasks, and the run tells mean and worst', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/runs');
    await page.locator('tr[data-run]').first().waitFor();
    await page
      .getByLabel(/^Show curves of/)
      .first()
      .check();
    const chart = page.locator('[data-metric="eval/*/success_rate"]');
    await chart.locator('canvas').waitFor();
    expect(await chart.getByRole('list', { name: 'Tasks' }).getByRole('listitem').allTextContents()).toEqual([
      'reach',
      'turned-round',
    ]);
    await page.locator('tr[data-run]').first().getByRole('button').first().click();
    const run = page.getByRole('dialog');
    await run.getByText('Success, worst task').waitFor();
    await run.getByRole('table', { name: 'By task' }).getByText('turned-round').waitFor();
    expectNoErrors();
  });
});
