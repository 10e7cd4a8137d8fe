// What is typed in Watch is asked for, in every start from then on; what is not understood is told.
import { expect, test } from 'vitest';
import { describeWatch, reading, stageBox } from './testing.js';

const runs = { words: { env: 'babyai/go-to-local', steps: 200 } };

describeWatch('words', runs, (get, names) => {
  test('a sentence is asked for, and left to the starts again', async () => {
    const { open, expectNoErrors } = get();
    const page = await open(`/watch?run=${names.words}`);
    await stageBox(page);
    const asked = () => reading(page, 'Asked');
    const say = async (sentence: string) => {
      await page.getByLabel('Ask for').fill(sentence);
      await page.keyboard.press('Enter');
    };
    await say('Walk to a crimson sphere');
    await expect.poll(asked).toBe('Walk to a crimson sphere');
    await page.getByRole('button', { name: 'New start' }).click();
    expect(await asked()).toBe('Walk to a crimson sphere');
    await say('go to the rad ball');
    await page.getByText('did you mean "red"').waitFor();
    expect(await asked()).toBe('Walk to a crimson sphere');
    await page.getByText('babyai/go-to-local has no goals, so there is no picture').waitFor();
    await say('');
    await expect.poll(asked).toMatch(/^go to (the|a) /);
    expectNoErrors();
  });
});
