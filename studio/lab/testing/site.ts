// For tests of the lab's pages: the static site, built once for a file of tests and served under a path.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, vi } from 'vitest';
import { temporaryFolder } from '../../../src/studio/testing.js';
import { describeStudio } from '../../testing/browser.js';
import { serveFolder } from '../../testing/static-server.js';
import type { Lab } from './visit.js';

/** Tests with the lab in a browser; skipped where there is none, unless one is required. */
export function describeLab(name: string, tests: (lab: Lab) => void): void {
  const runs = temporaryFolder();
  const site = mkdtempSync(join(tmpdir(), 'anygoal-lab-'));
  afterAll(() => {
    for (const folder of [runs, site]) rmSync(folder, { recursive: true, force: true });
  });
  describeStudio(name, runs, (get) => {
    let served: Awaited<ReturnType<typeof serveFolder>>;
    beforeAll(async () => {
      const configFile = fileURLToPath(new URL('../../lab-site/vite.config.ts', import.meta.url));
      // As people get it: under the tests' own mode React brings its development build, which takes three times as long.
      vi.stubEnv('NODE_ENV', 'production');
      await build({ configFile, logLevel: 'error', build: { outDir: site } });
      vi.unstubAllEnvs();
      served = await serveFolder(site, '/some/where/');
    });
    afterAll(() => served?.close());
    tests({ get, address: () => served.address });
  });
}
