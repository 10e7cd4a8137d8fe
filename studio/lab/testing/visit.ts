// What tests of the lab's pages share: the static site in a browser, and how a page is opened and read.
import type { Page } from 'playwright-core';
import type { Tested } from '../../testing/browser.js';

/** The lab as static files under a path. */
export interface Lab {
  readonly get: () => Tested;
  readonly address: () => string;
}

/** Opens a page of the lab in this window, with its picture. One window does for all: what is opened anew is the address. */
export async function visit({ address }: Lab, page: Page, slug: string, query = ''): Promise<void> {
  await page.goto(`${address()}${slug}.html${query && `?${query}`}`);
  await page.locator('.lab-picture .lab-plane').first().waitFor();
}

export const settingsOf = (page: Page): string => new URL(page.url()).search;

/** The text of a cell, in the row of this selector. */
export const cellOf = (page: Page, row: string, column: number): Promise<string> =>
  page.locator(`tr${row} td`).nth(column).innerText();
