// For tests of the pages: a headless Chromium, a studio to open in it, what went wrong in the page, pictures on request.
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest';
import type { Broker } from '../../src/actors/index.js';
import { type Studio, startStudio } from '../../src/studio/server.js';
import { CHROMIUM_ARGS, chromiumPath } from './chromium-path.js';

const path = chromiumPath();
/** How long a condition is waited for, also by `expect.poll` (vitest.config.ts). */
const PATIENT_MS = 90_000;
const required = process.env.ANYGOAL_REQUIRE_BROWSER === '1';
if (path === undefined && !required) {
  console.log(
    "No Chromium here: tests of the studio's pages are skipped. Install it (apt install chromium) or set CHROME.",
  );
}

export interface WindowOptions {
  /** In CSS pixels; 1280 x 900 unless given. */
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}

export interface Tested {
  readonly studio: Studio;
  /** Opens an address of the studio in a window of its own; errors in it fail the test at `expectNoErrors`. */
  open(address?: string, options?: WindowOptions): Promise<Page>;
  /** Besides what fits `except`, nothing was written to any window's console as an error, and nothing was thrown. */
  expectNoErrors(except?: RegExp): void;
}

/** Tests with a studio of the runs in `folder`; skipped where there is no browser, unless one is required. `broker`: its own. */
export function describeStudio(
  name: string,
  folder: string,
  tests: (get: () => Tested) => void,
  broker?: Broker,
): void {
  // Pages wait for what they wait for, however busy the machine is: a test that fails shall have found something.
  vi.setConfig({ testTimeout: 6 * PATIENT_MS, hookTimeout: 6 * PATIENT_MS });
  describe.skipIf(path === undefined && !required)(name, () => {
    let browser: Browser;
    let tested: Tested;
    const errors: string[] = [];
    const pages: Page[] = [];
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: path,
        args: CHROMIUM_ARGS,
        chromiumSandbox: process.getuid?.() !== 0,
      });
      // One for all windows, so that WebAssembly is loaded and compiled once.
      const context = await browser.newContext();
      const studio = await startStudio({
        runsDir: folder,
        port: 0,
        broker,
        dist: new URL('../../dist/', import.meta.url),
      });
      tested = {
        studio,
        async open(address = '/', { width = 1280, height = 900, colorScheme = 'light' } = {}) {
          const page = await context.newPage();
          pages.push(page);
          page.setDefaultTimeout(PATIENT_MS);
          await page.setViewportSize({ width, height });
          await page.emulateMedia({ colorScheme });
          page.on('console', (message) => {
            if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
          });
          page.on('pageerror', (error) => errors.push(String(error)));
          await page.goto(studio.address);
          await page.waitForURL((url) => !url.search.includes('token'));
          if (address !== '/') await page.goto(new URL(address, studio.address).href);
          return page;
        },
        expectNoErrors: (except) => expect(errors.filter((text) => !except?.test(text))).toEqual([]),
      };
    });
    // What is left open goes on drawing and training.
    afterEach(async () => {
      for (const page of pages.splice(0)) await page.close();
    });
    afterAll(async () => {
      await browser?.close();
      await tested?.studio.close();
    });
    tests(() => tested);
  });
}

/** Whether pictures for the documents are made. */
export const isPicturing = process.env.UPDATE_SCREENSHOTS === '1';

/** With UPDATE_SCREENSHOTS=1: docs/images/studio-NAME.png. */
export async function picture(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  if (!isPicturing) return;
  const file = fileURLToPath(new URL(`../../docs/images/studio-${name}.png`, import.meta.url));
  await page.screenshot({ path: file, animations: 'disabled', ...options });
}
