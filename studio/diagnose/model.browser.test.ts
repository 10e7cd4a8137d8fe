// The diagnosis of a model in a browser: computed by a process of its own, drawn with verdict, reasons, numbers and errors.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDiskStore } from '../../src/runs/disk-store.js';
import { temporaryFolder } from '../../src/studio/testing.js';
import { train } from '../../src/training/train.js';
import { describeStudio, isPicturing, picture } from '../testing/browser.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A picture is of a model that has learned something. */
const model = isPicturing
  ? { kind: 'ensemble', members: 5, elites: 3, hidden: [64, 64], rollouts: 2000 }
  : { kind: 'ensemble', members: 2, elites: 2, hidden: [16], epochs: 5, rollouts: 100 };

describeStudio('whether a model is worth it', folder, (get) => {
  let name = '';
  beforeAll(async () => {
    const { runDir } = await train({
      env: 'pendulum',
      agent: 'sac',
      steps: isPicturing ? 1000 : 400,
      seed: 1,
      store: createDiskStore(folder),
      config: {
        agent: { hidden: isPicturing ? [64, 64] : [16] },
        training: { batchSize: 64, warmupSteps: 100, updatesPerStep: isPicturing ? 5 : 0.1 },
        runtime: { worker: false, overlap: false },
        evaluation: { every: 500, episodes: 1 },
        model,
      },
    });
    name = runDir.split('/').at(-1) ?? '';
  });

  test('is asked for and drawn', async () => {
    const { open, expectNoErrors } = get();
    const page = await open('/runs', { height: 1700 });
    await page.locator(`tr[data-run="${name}"] .run-name button`).click();
    const section = page.getByRole('region', { name: 'Whether a model of the world is worth it' });
    await section.getByRole('textbox', { name: 'Seconds of a real step' }).fill('0.05');
    await section.getByText(`model diagnose ${folder}/${name} --step-seconds 0.05`).waitFor();
    await section.getByRole('button', { name: 'Diagnose the model' }).click();
    await section.locator('[data-verdict]').waitFor();
    for (const about of ['prediction', 'returns', 'cost']) {
      expect(await section.locator(`[data-reason="${about}"]`).count()).toBeGreaterThan(0);
    }
    const numbers = section.getByRole('table', { name: 'One step, by number' });
    expect(await numbers.getByRole('row').count()).toBe(5); // three of the state, and the reward
    await section.getByRole('img', { name: /^Error along real actions\. model: / }).waitFor();
    for (const table of ['What intervals hold', 'Returns along real actions', 'Values of the critics']) {
      await section.getByRole('table', { name: table }).waitFor();
    }
    await section.scrollIntoViewIfNeeded();
    await picture(page, 'model-diagnosis');
    expectNoErrors();
  });
});
