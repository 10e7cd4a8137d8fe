// A million environment steps of the whole training loop: resident memory over time, and how long the main thread is
// ever kept from its event loop:
// npm run build && npx tsx --tsconfig bench/tsconfig.built.json bench/million.ts [--steps 1000000] [--env arm/reach]
//   [--envs 1] [--updates 0.25]
import { mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { Store } from '../src/runs/store.js';
import { curvesSvg } from './plot/curves.js';
import { record, table } from './record.js';

const { values: options } = parseArgs({
  options: {
    steps: { type: 'string', default: '1000000' },
    env: { type: 'string', default: 'arm/reach' },
    updates: { type: 'string', default: '0.25' },
    envs: { type: 'string', default: '1' },
  },
});
const steps = Number(options.steps);
/** Fitted growth of the resident size over the second half of the run, as a share of its mean there. */
const GROWTH_BAR = 0.03;
/** Milliseconds of processor time that the main thread may spend in one turn of its event loop, outside checkpoints. */
const TURN_BAR = 20;
/** Milliseconds between looks at the event loop, and at the memory. */
const [LOOK, WEIGH] = [2, 2000];

// The learner's thread needs compiled files, so everything that trains comes from the build.
const built = (path: string) => import(new URL(`../dist/${path}`, import.meta.url).href);
const { train }: typeof import('../src/training/index.js') = await built('training/index.js');
const { createDiskStore }: typeof import('../src/runs/disk-store.js') = await built('runs/disk-store.js');

/** A turn of the event loop that took long: milliseconds on the wall, on the processor, and waiting for a processor. */
interface Turn {
  readonly step: number;
  readonly phase: string;
  readonly wall: number;
  readonly cpu: number;
  readonly waiting: number;
}

const schedule = openSync('/proc/self/schedstat', 'r');
const scheduleText = Buffer.alloc(128);
/** Milliseconds that the main thread has run, and has waited for a processor while it could have run (Linux). */
function mainThread(): { cpu: number; waiting: number } {
  const [cpu, waiting] = scheduleText.toString('latin1', 0, readSync(schedule, scheduleText, 0, 128, 0)).split(' ');
  return { cpu: Number(cpu) / 1e6, waiting: Number(waiting) / 1e6 };
}

let phase = 'start';
let step = 0;
/** Until when what happens belongs to a checkpoint. */
let checkpointUntil = 0;

/** Everything but appending to logs is part of a checkpoint. */
function watched(store: Store): Store {
  const mark = () => {
    checkpointUntil = performance.now() + 50;
  };
  const wrap =
    <A extends unknown[], R>(action: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      mark();
      const result = await action(...args);
      mark();
      return result;
    };
  const { write, sync, rename, remove, link, list } = store;
  return {
    ...store,
    write: wrap(write),
    sync: wrap(sync),
    rename: wrap(rename),
    remove: wrap(remove),
    link: wrap(link),
    list: wrap(list),
  };
}

/** Looks at the event loop again and again; keeps every turn above `least` milliseconds. */
function watchTurns(least: number): { turns: Turn[]; stop(): void } {
  const turns: Turn[] = [];
  let last = performance.now();
  let before = mainThread();
  const timer = setInterval(() => {
    const now = performance.now();
    const after = mainThread();
    const wall = now - last;
    if (wall - LOOK > least) {
      const inCheckpoint = last < checkpointUntil;
      const turn = {
        step,
        phase: inCheckpoint ? 'checkpoint' : phase,
        wall: wall - LOOK,
        cpu: after.cpu - before.cpu,
        waiting: after.waiting - before.waiting,
      };
      turns.push(turn);
      // A long turn just before a checkpoint's first write is its preparation: the message with the learner's state.
      if (!inCheckpoint) setTimeout(() => checkpointUntil > now && Object.assign(turn, { phase: 'checkpoint' }), 20);
    }
    [last, before] = [now, after];
  }, LOOK);
  return { turns, stop: () => clearInterval(timer) };
}

const folder = mkdtempSync(join(tmpdir(), 'anygoal-million-'));
const memory: { seconds: number; step: number; rss: number; heap: number; buffers: number }[] = [];
const begin = performance.now();
const weigh = setInterval(() => {
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const seconds = (performance.now() - begin) / 1000;
  memory.push({
    seconds: digits(seconds),
    step,
    rss: mebibytes(rss),
    heap: mebibytes(heapUsed),
    buffers: mebibytes(arrayBuffers),
  });
}, WEIGH);
const delay = monitorEventLoopDelay({ resolution: LOOK });
let turns: ReturnType<typeof watchTurns> | undefined;
const settings = {
  envs: Number(options.envs),
  agent: { name: 'sac', options: { hidden: [64, 64] } },
  training: { updatesPerStep: Number(options.updates) },
  replay: { capacity: 100_000 },
  evaluation: { every: 20_000, episodes: 20 },
  checkpoint: { every: 50_000 },
};
const [load] = loadavg();
const result = await train({
  env: options.env,
  steps,
  seed: 1,
  config: settings,
  store: watched(createDiskStore(folder)),
  // From here on: loading modules and compiling programs happens before a run begins.
  onStart() {
    delay.enable();
    turns = watchTurns(5);
  },
  onProgress(progress) {
    phase = progress.phase;
    if (Math.floor(progress.steps / 50_000) > Math.floor(step / 50_000)) {
      console.log(`step ${progress.steps}, ${digits(progress.stepsPerSecond)} steps/s, ${memory.at(-1)?.rss} MiB`);
    }
    step = progress.steps;
  },
  onEvaluation: () => {
    phase = 'training';
  },
});
delay.disable();
turns?.stop();
const slow = turns?.turns ?? [];
clearInterval(weigh);
const cpu = process.cpuUsage();
rmSync(folder, { recursive: true, force: true });

function digits(value: number): number {
  return Number(value.toPrecision(4));
}
function mebibytes(bytes: number): number {
  return digits(bytes / 2 ** 20);
}

/** Least squares: y = a + slope x. */
function slopeOf(points: readonly { x: number; y: number }[]): number {
  const mean = (of: (p: { x: number; y: number }) => number) =>
    points.reduce((sum, p) => sum + of(p), 0) / points.length;
  const [x, y] = [mean((p) => p.x), mean((p) => p.y)];
  return mean((p) => (p.x - x) * (p.y - y)) / mean((p) => (p.x - x) ** 2);
}

const half = memory.filter(({ step: at }) => at >= steps / 2).map(({ step: x, rss: y }) => ({ x, y }));
const meanRss = half.reduce((sum, { y }) => sum + y, 0) / half.length;
const perStep = slopeOf(half);
const growth = (perStep * steps) / 2 / meanRss;
const outside = slow.filter((turn) => turn.phase !== 'checkpoint');
const longest = (list: readonly Turn[], by: 'wall' | 'cpu') => [...list].sort((a, b) => b[by] - a[by]).slice(0, 8);
const rounded = (list: readonly Turn[]) =>
  list.map((turn) => ({ ...turn, wall: digits(turn.wall), cpu: digits(turn.cpu), waiting: digits(turn.waiting) }));
const worst = longest(outside, 'cpu')[0]?.cpu ?? 0;
const summary = {
  env: options.env,
  settings,
  loadBefore: digits(load),
  envSteps: result.envSteps,
  updates: result.updates,
  wallSeconds: digits(result.wallSeconds),
  processorSeconds: digits((cpu.user + cpu.system) / 1e6),
  evalSuccessRate: result.evalSuccessRate,
  memory: {
    unit: 'MiB',
    meanSecondHalf: digits(meanRss),
    growthPer100kSteps: digits(perStep * 100_000),
    growthShareSecondHalf: digits(growth),
    bar: GROWTH_BAR,
    samples: memory,
  },
  eventLoop: {
    unit: 'ms',
    delay: Object.fromEntries([50, 99, 99.9, 99.99, 100].map((p) => [`p${p}`, digits(delay.percentile(p) / 1e6)])),
    bar: TURN_BAR,
    turnsAbove20: {
      wall: outside.filter(({ wall }) => wall > TURN_BAR).length,
      processor: outside.filter(({ cpu: spent }) => spent > TURN_BAR).length,
    },
    turnsAbove5InCheckpoints: slow.length - outside.length,
    longestByProcessor: rounded(longest(outside, 'cpu')),
    longestByWall: rounded(longest(outside, 'wall')),
    longestInCheckpoints: rounded(
      longest(
        slow.filter((turn) => turn.phase === 'checkpoint'),
        'wall',
      ),
    ),
  },
};
console.log(`${result.envSteps} steps, ${result.updates} updates in ${summary.wallSeconds} s`);
console.log(
  `resident: ${summary.memory.meanSecondHalf} MiB, ${summary.memory.growthPer100kSteps} MiB per 100,000 steps (${digits(100 * growth)}% over the second half)`,
);
console.log(
  'event loop delay, ms:',
  summary.eventLoop.delay,
  'turns above 20 ms outside checkpoints:',
  summary.eventLoop.turnsAbove20,
);
const columns = ['phase', 'step', 'wall', 'cpu', 'waiting'] as const;
for (const list of [
  summary.eventLoop.longestByProcessor,
  summary.eventLoop.longestByWall,
  summary.eventLoop.longestInCheckpoints,
]) {
  console.log(table([[...columns], ...list.map((turn) => columns.map((name) => turn[name]))]));
}
if (steps >= 1_000_000) {
  record('million', summary);
  const series = (label: string, of: (sample: (typeof memory)[number]) => number) => ({
    label,
    points: memory.map((sample) => ({ x: sample.step, mean: of(sample), low: of(sample), high: of(sample) })),
  });
  const svg = curvesSvg({
    title: `Memory in MiB over ${steps.toLocaleString('en')} steps of ${options.env}`,
    xLabel: 'environment steps',
    y: { max: 100 * Math.ceil(Math.max(...memory.map(({ rss }) => rss)) / 100), label: String },
    series: [series('resident', ({ rss }) => rss), series('heap of main', ({ heap }) => heap)],
  });
  writeFileSync(new URL('../docs/images/million-memory.svg', import.meta.url), svg);
}
const kept = growth <= GROWTH_BAR && worst <= TURN_BAR;
console.log(kept ? 'within the bars' : 'MISSED a bar');
process.exitCode = kept ? 0 : 1;
