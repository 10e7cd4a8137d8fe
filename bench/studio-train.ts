// How soon an environment is learned in a tab of a browser, how fluid the page stays, and what a step and an update cost there:
// npm run build && npx tsx bench/studio-train.ts [--env arm/reach] [--seeds 0,1,2] [--costs]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { evaluateRun } from '../src/training/policy.js';
import { CHROMIUM_ARGS, chromiumPath } from '../studio/testing/chromium-path.js';
import { FLUID_MS, traceScript } from '../studio/testing/main-thread.js';
import { circumstances, recordRows } from './record.js';

const { values: options } = parseArgs({
  options: {
    env: { type: 'string', default: 'arm/reach' },
    seeds: { type: 'string', default: '0,1,2' },
    costs: { type: 'boolean', default: false },
  },
});

/** Success, of 50 episodes in an evaluation; seconds; milliseconds of script in a frame. */
const BARS = { success: 0.95, seconds: 180, script: FLUID_MS };
const PROBE_STEPS = 1000;

// The built server: the pages lie beside it.
const { startStudio }: typeof import('../src/studio/server.js') = await import(
  new URL('../dist/studio/server.js', import.meta.url).href
);
const folder = mkdtempSync(join(tmpdir(), 'anygoal-studio-train-'));
const studio = await startStudio({ runsDir: folder, port: 0 });
const browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: CHROMIUM_ARGS,
  chromiumSandbox: process.getuid?.() !== 0,
});
const [load] = loadavg();
if (load > 0.5) console.log(`the machine is busy (load ${load.toFixed(1)}): rough figures`);

/** A page that is about to train, with everything loaded but what training itself loads. */
async function openTraining(parameters: Record<string, string | string[]>): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await page.goto(studio.address);
  await page.waitForURL((url) => !url.search.includes('token'));
  const query = new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => [value].flat().map((one) => [name, one])),
  );
  await page.goto(new URL(`/train?${query}`, studio.address).href);
  await page.getByRole('button', { name: 'Start training' }).waitFor();
  return page;
}

/** Waits for the end and saves; the run's folder. */
async function save(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Save to runs' }).click({ timeout: 300_000 });
  const href = (await page.getByRole('link', { name: 'runs', exact: true }).last().getAttribute('href')) ?? '';
  return join(folder, new URL(href, studio.address).searchParams.get('run') ?? '');
}

async function learn(seed: number) {
  const page = await openTraining({ env: options.env, seed: String(seed) });
  const trace = await traceScript(page);
  const begin = performance.now();
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.waitForFunction(
    (bar) =>
      [...document.querySelectorAll('dl.live div')].some((fact) => {
        const [name, value] = [...fact.children].map((part) => part.textContent ?? '');
        return name === 'Success' && Number.parseFloat(value) >= bar;
      }),
    100 * BARS.success,
    { polling: 100, timeout: 300_000 },
  );
  const seconds = (performance.now() - begin) / 1000;
  const script = await trace.end();
  await page.getByRole('button', { name: 'Stop' }).click();
  const run = await save(page);
  await page.close();
  const { successRate } = await evaluateRun({ run, checkpoint: 'last', episodes: 100 });
  return { seconds, nativeSuccess: successRate, script };
}

/** Training seconds for each step between the steps 500 and 1000, without evaluations. */
async function secondsPerStep(settings: readonly string[]): Promise<number> {
  const plain = ['evaluation.every=0', 'evaluation.episodes=1', 'checkpoint.every=0', 'training.warmupSteps=0'];
  const page = await openTraining({ env: options.env, steps: String(PROBE_STEPS), set: [...plain, ...settings] });
  await page.getByRole('button', { name: 'Start training' }).click();
  const run = await save(page);
  await page.close();
  const rows = readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number>)
    .filter((row) => row['time/time_elapsed'] !== undefined);
  const [first, last] = [rows[0], rows[rows.length - 1]];
  return (last['time/time_elapsed'] - first['time/time_elapsed']) / (last.step - first.step);
}

/** Rows of other environments than the first one say which. */
const named = options.env === 'arm/reach' ? '' : `${options.env} `;
const ms = (seconds: number): number => Number((1000 * seconds).toFixed(2));
const rounded = (value: number): number => Number(value.toFixed(1));

const about = { ...circumstances(), browser: browser.version(), loadBefore: rounded(load), env: options.env };
try {
  for (const seed of options.costs ? [] : options.seeds.split(',').map(Number)) {
    const { seconds, script, nativeSuccess } = await learn(seed);
    console.log(
      `seed ${seed}: ${rounded(seconds)} s from the click to an evaluation with 95% success; script of a frame ` +
        `${rounded(script.median)} ms at the median, ${rounded(script.p95)} at 95%, ${rounded(script.p99)} at 99%, ` +
        `at most ${rounded(script.longest)}, ${script.above} of ${script.frames} above ${BARS.script}; the saved run evaluated natively: ${100 * nativeSuccess}%`,
    );
    const scriptMs = Object.fromEntries(
      Object.entries(script).map(([name, value]) => [name, Number(value.toFixed(3))]),
    );
    const row = {
      name: `${named}seed ${seed}`,
      ...about,
      bars: BARS,
      seconds: rounded(seconds),
      nativeSuccess,
      scriptMs,
    };
    recordRows('studio-train', [row]);
    if (seconds > BARS.seconds || script.p99 > BARS.script || nativeSuccess < BARS.success) {
      console.log('MISSED a bar');
      process.exitCode = 1;
    }
  }
  if (options.costs) {
    const stepping = await secondsPerStep(['training.updatesPerStep=0']);
    const one = await secondsPerStep([]);
    const two = await secondsPerStep(['runtime.threads=2']);
    const costs = { stepMs: ms(stepping), updateMs: ms(one - stepping), updateTwoThreadsMs: ms(two - stepping) };
    console.log(
      `a step with its decision ${costs.stepMs} ms, an update ${costs.updateMs} ms, with two threads ${costs.updateTwoThreadsMs} ms`,
    );
    const row = { name: `${named}costs`, ...about, ...costs };
    recordRows('studio-train', [row]);
  }
} finally {
  await browser.close();
  await studio.close();
  rmSync(folder, { recursive: true, force: true });
}
