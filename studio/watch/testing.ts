// For tests of the Watch page: short runs to watch, what the page says.
import { rmSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { createDiskStore } from '../../src/runs/disk-store.js';
import { temporaryFolder } from '../../src/studio/testing.js';
import { train } from '../../src/training/train.js';
import { describeStudio, type Tested } from '../testing/browser.js';

export interface ShortRun {
  readonly env: string;
  readonly steps: number;
  readonly relabel?: string;
}

/** A studio with these runs, by key; `names` has their names once tests run. */
export function describeWatch<Key extends string>(
  name: string,
  runs: Readonly<Record<Key, ShortRun>>,
  tests: (get: () => Tested, names: Readonly<Record<Key, string>>) => void,
): void {
  const folder = temporaryFolder();
  const names = {} as Record<Key, string>;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  describeStudio(name, folder, (get) => {
    beforeAll(async () => {
      for (const [key, { env, steps, relabel }] of Object.entries(runs) as [Key, ShortRun][]) {
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
    });
    tests(get, names);
  });
}

/** The canvas's box, once something was drawn on it. */
export async function stageBox(page: Page) {
  await page.locator('.panel-mark').first().waitFor();
  return (await page.locator('.stage-canvas').boundingBox())!;
}

export const reading = (page: Page, name: string, panel = 0): Promise<string | null> =>
  page.locator(`[data-reading="${name}"]`).nth(panel).textContent();

/** Goals that were reached. */
export const reached = async (page: Page, panel = 0): Promise<number> =>
  Number((await reading(page, 'Reached', panel))?.split(' ')[0] ?? 0) || 0;

/** The goal as the inputs with these labels show it. */
export const goalOf = (page: Page, labels: readonly string[]): Promise<number[]> =>
  Promise.all(labels.map(async (label) => Number(await page.getByLabel(label, { exact: true }).inputValue())));

/** What it says when it has stopped changing: the page follows the mouse a little later. */
export async function settled(read: () => Promise<number[]>): Promise<number[]> {
  let last = await read();
  for (let same = 0; same < 3; ) {
    await new Promise((done) => setTimeout(done, 100));
    const now = await read();
    same = now.every((value, i) => value === last[i]) ? same + 1 : 0;
    last = now;
  }
  return last;
}

/** Types a goal, and waits until it is the page's. */
export async function typeGoal(page: Page, goal: Readonly<Record<string, number>>): Promise<void> {
  for (const [label, value] of Object.entries(goal)) {
    await page.getByLabel(label, { exact: true }).fill(String(value));
    await page.getByLabel(label, { exact: true }).blur(); // from now on it shows what is, not what was typed
  }
  await expect.poll(() => settled(() => goalOf(page, Object.keys(goal)))).toEqual(Object.values(goal));
}

/** From now on the browser has no WebGL. */
export async function withoutWebGl(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const original = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
      return kind.startsWith('webgl') ? null : Reflect.apply(original, this, [kind, ...rest]);
    } as typeof original;
  });
}
