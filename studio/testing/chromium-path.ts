// Finds the browser to test and to measure with.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const KNOWN = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** $CHROME, one that is installed, or playwright's own. */
export function chromiumPath(): string | undefined {
  const { CHROME } = process.env;
  if (CHROME) return CHROME;
  return [...KNOWN, chromium.executablePath()].find((path) => path && existsSync(path));
}

/** 3-D graphics without a graphics card. */
export const CHROMIUM_ARGS = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
