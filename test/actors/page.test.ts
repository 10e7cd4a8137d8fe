// An actor in a page: it acts in Chromium, over the server's websocket, for a learner that is elsewhere.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { connectBroker } from '../../src/actors/index.js';
import { createMemoryStore } from '../../src/runs/memory-store.js';
import { plainRuntime } from '../../src/runtime/plain/index.js';
import { train } from '../../src/training/index.js';
import { CHROMIUM_ARGS, chromiumPath } from '../../studio/testing/chromium-path.js';
import { skipWithoutNats, startNats } from './nats.js';

const path = chromiumPath();

/** What a person writes for a page, but for the ways in which it tells its end. */
const page = (address: string, run: string) => `
import * as core from '@nats-io/nats-core';
import * as jetstream from '@nats-io/jetstream';
import { connectBroker, runActor } from 'anygoal/actors';
const broker = await connectBroker(${JSON.stringify(address)}, { packages: { core, jetstream } });
const report = await runActor({ broker, run: ${JSON.stringify(run)}, name: 'page' });
document.title = JSON.stringify(report);
`;

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: new URL('../..', import.meta.url).pathname, loader: 'js' },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    logLevel: 'silent',
    tsconfigRaw: {},
    external: ['h5wasm', 'hyparquet', 'module'], // as the build of pages without a bundler (package.json)
  });
  return outputFiles[0].text;
}

describe.skipIf(skipWithoutNats || path === undefined)('an actor in a page', () => {
  it('acts until the run is over', { timeout: 240_000 }, async () => {
    const nats = await startNats();
    const broker = await connectBroker(nats.address);
    const browser = await chromium.launch({
      executablePath: path,
      args: CHROMIUM_ARGS,
      chromiumSandbox: process.getuid?.() !== 0,
    });
    const server = createServer(async (request, response) => {
      const isScript = request.url === '/page.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? script : '<!doctype html><title>-</title><script type="module" src="page.js"></script>');
    });
    let script = '';
    try {
      let run = '';
      const training = train({
        env: 'point/reach',
        steps: 200,
        seed: 1,
        store: createMemoryStore(),
        runtime: plainRuntime,
        broker,
        config: {
          agent: { options: { hidden: [8] } },
          training: { warmupSteps: 100, updatesPerStep: 0.1, batchSize: 16 },
          evaluation: { episodes: 1 },
          runtime: { worker: false },
        },
        onStart({ actors }) {
          run = actors?.run ?? '';
        },
      });
      await expect.poll(() => run).not.toBe('');
      const channel = await broker.open(run);
      await expect.poll(() => channel.kept('run')).toBeDefined();
      script = await bundle(page(nats.websocket, run));
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const window = await browser.newPage();
      const broken = new Promise<never>((_, reject) => window.on('pageerror', reject));
      broken.catch(() => undefined);
      await window.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      expect(await Promise.race([training, broken])).toMatchObject({ ended: 'steps', envSteps: 200 });
      await expect.poll(() => window.title()).toContain('"ended":"run"');
      expect(JSON.parse(await window.title())).toMatchObject({ run, actor: expect.stringMatching(/^page-/) });
    } finally {
      server.close();
      await browser.close();
      await broker.close();
      await nats.end();
    }
  });
});
